import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConnectError } from "../../src/errors/connect-error.ts";
import { npipeDialer } from "../../src/transport/dial/npipe.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { failure, get, ok, text } from "./harness.ts";

leakCheck();

const dialer = npipeDialer({
  path: "//./pipe/docker_engine",
  address: "npipe:////./pipe/docker_engine",
  source: "the test",
});

test("a named pipe is dialled by the name that Windows gives it", async () => {
  // Elsewhere than on Windows that name is one of a file in the current folder, and Node listens on it all the same.
  const pipe = String.raw`\\.\pipe\docker_engine`;
  const [before, folder] = [process.cwd(), await mkdtemp(join(tmpdir(), "fairlead-"))];
  const server = createServer((socket) => socket.on("data", () => socket.write(ok("hello"))));
  if (process.platform !== "win32") {
    process.chdir(folder);
  }
  try {
    await new Promise<void>((resolve) => {
      server.listen(pipe, resolve);
    });
    const transport = createHttpTransport(dialer);
    assert.equal(await text(transport, get()), "hello");
    await transport.close();
    await new Promise((resolve) => server.close(resolve));
  } finally {
    process.chdir(before);
    await rm(folder, { recursive: true });
  }
});

test("a named pipe that does not exist is a ConnectError", async () => {
  const transport = createHttpTransport(dialer);
  const error = await failure(transport.request(get()), ConnectError);
  assert.match(error.message, /at npipe:\/{4}\.\/pipe\/docker_engine \(the test\): no such file/);
  await transport.close();
});
