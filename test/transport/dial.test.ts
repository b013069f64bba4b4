import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ConnectError } from "../../src/errors/connect-error.ts";
import type { FairleadError } from "../../src/errors/fairlead-error.ts";
import { InvalidRequestError } from "../../src/errors/invalid-request-error.ts";
import { connectError } from "../../src/errors/node-errors.ts";
import type { Dialer } from "../../src/transport/dial/dialer.ts";
import { tcpDialer } from "../../src/transport/dial/tcp.ts";
import { unixDialer } from "../../src/transport/dial/unix.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { type Expected, failure, get, post, withServer } from "./harness.ts";

leakCheck();

function unix(path: string): Dialer {
  return unixDialer({ path, address: `unix://${path}`, source: "DOCKER_HOST" });
}

function tcp(host: string, port: number, pathPrefix: string = ""): Dialer {
  return tcpDialer({ host, port, pathPrefix, address: `tcp://${host}:${port}${pathPrefix}`, source: "DOCKER_HOST" });
}

async function fails<E extends FairleadError>(dialer: Dialer, expected: Expected<E>): Promise<E> {
  const transport = createHttpTransport(dialer);
  const error = await failure(transport.request(get()), expected);
  await transport.close();
  return error;
}

async function scratch(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

/** A port on which nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

test("a socket that does not exist is a ConnectError that says so", async (t) => {
  const path = join(await scratch(t), "none.sock");
  const error = await fails(unix(path), ConnectError);
  assert.match(error.message, /^Cannot reach a Docker engine at unix:.*none\.sock \(DOCKER_HOST\): no such file/);
  const [attempt] = error.attempts;
  assert.equal(attempt?.endpoint, `unix://${path}`);
  assert.equal(attempt?.source, "DOCKER_HOST");
  assert.equal(attempt?.code, "ENOENT");
  assert.ok(error.cause instanceof Error);
});

test("a socket whose engine has stopped, or that is a file, is a ConnectError", async (t) => {
  const path = join(await scratch(t), "file.sock");
  await writeFile(path, "");
  const error = await fails(unix(path), ConnectError);
  assert.equal(error.attempts[0]?.code, "ECONNREFUSED");
  assert.match(error.message, /connection refused, nothing listens there/);
});

test("a port on which nobody listens is a ConnectError, by number and by name", async () => {
  const port = await freePort();
  for (const host of ["127.0.0.1", "::1", "localhost"]) {
    const error = await fails(tcp(host, port), ConnectError);
    assert.match(error.attempts[0]?.code ?? "", /^(ECONNREFUSED|EADDRNOTAVAIL)$/);
  }
});

test("denied permission comes with advice for Unix sockets alone", () => {
  const cause = Object.assign(new Error("connect EACCES"), { code: "EACCES" });
  const context = { operation: "SystemInfo" };
  const socket = connectError(cause, { endpoint: "unix:///x", source: "s" }, context);
  assert.equal(socket.attempts[0]?.reason, "permission denied");
  assert.equal(socket.attempts[0]?.advice, "Add your user to the docker group or run as root");
  const port = connectError(cause, { endpoint: "tcp://x:1", source: "s" }, context);
  assert.equal(port.attempts[0]?.advice, undefined);
});

test("a code that has no words of its own keeps the platform's message", () => {
  const cause = Object.assign(new Error("connect EODD"), { code: "EODD" });
  const [attempt] = connectError(cause, { endpoint: "tcp://x:1", source: "s" }, {}).attempts;
  assert.equal(attempt?.reason, "connect EODD");
  assert.equal(attempt?.code, "EODD");
});

test("the prefix of an address precedes every path, and IPv6 hosts are bracketed", async () => {
  assert.equal(tcp("::1", 2375).host, "[::1]:2375");
  assert.equal(tcp("engine.example", 2375).host, "engine.example:2375");
  let head = "";
  const answer = "HTTP/1.1 204 No Content\r\n\r\n";
  await withServer(
    "tcp",
    async (connection) => {
      head = await connection.head();
      await connection.write(answer);
    },
    async ({ server }) => {
      const [host = "", port] = server.dialer.host.split(":");
      const transport = createHttpTransport(tcp(host, Number(port), "/engine"));
      await (await transport.request(get())).bytes();
      await transport.close();
    },
  );
  assert.match(head, /^GET \/engine\/v1\.51\/info HTTP\/1\.1\r\n/);
});

test("what cannot be written as HTTP is refused before anything is sent, without its value", async () => {
  const transport = createHttpTransport(unix("/nowhere"));
  const secret = "s3cret\r\nX-Evil: 1";
  const header = await failure(
    transport.request(post({ headers: { "X-Registry-Auth": secret } })),
    InvalidRequestError,
    "ContainerStart",
  );
  assert.match(header.message, /X-Registry-Auth/);
  assert.doesNotMatch(header.message, /s3cret/);
  await failure(transport.request(get({ path: "/a b" })), InvalidRequestError);
  await failure(transport.request(get({ path: "/a\r\nX-Evil: 1" })), InvalidRequestError);
  await transport.close();
});
