import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Input } from "../../src/cli/io.ts";
import { ConfigFolder } from "../config/support.ts";
import { fairlead, Written } from "./support.ts";

const registry = "registry.example:5000";

/** A terminal in which somebody types, that notes whether what is typed is shown. */
class Terminal extends PassThrough {
  readonly isTTY = true;
  readonly modes: boolean[] = [];

  setRawMode(isRaw: boolean): this {
    this.modes.push(isRaw);
    return this;
  }
}

describe("fairlead login", () => {
  let folder: ConfigFolder;
  let server: Server;
  const logins: unknown[] = [];
  before(async () => {
    folder = await ConfigFolder.make();
    server = createServer(async (request, response) => {
      response.setHeader("Api-Version", "1.49");
      const body = await text(request);
      if (body !== "") {
        logins.push(JSON.parse(body));
      }
      response.end('{"Status":"Login Succeeded"}');
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await folder[Symbol.asyncDispose]();
  });

  const { signal } = new AbortController();
  const run = (input: Input, args: readonly string[], io = {}) => {
    const { port } = server.address() as AddressInfo; // of a server that listens on a port
    const connection = ["-H", `tcp://127.0.0.1:${port}`, "--config", folder.path];
    return fairlead([...connection, ...args], { stdin: () => input, signal, ...io });
  };
  const auths = async () => JSON.parse(await readFile(join(folder.path, "config.json"), "utf8")).auths;
  const base64 = (user: string) => Buffer.from(user).toString("base64");

  it("takes the password from standard input, and keeps it; logout forgets it", async () => {
    const login = ["login", "-u", "ann", "--password-stdin", registry];
    const result = await run(Readable.from(["s3c", "ret\r\n"]), login);
    assert.deepEqual(result, { exitCode: 0, stdout: "Login Succeeded\n", stderr: "" });
    assert.deepEqual(logins.pop(), { username: "ann", password: "s3cret", serveraddress: registry });
    assert.deepEqual(await auths(), { [registry]: { auth: base64("ann:s3cret") } });
    assert.deepEqual(await run(Readable.from([]), ["logout", registry]), { exitCode: 0, stdout: "", stderr: "" });
    assert.deepEqual(await auths(), {});
  });

  it("asks in a terminal, and does not show the password", async () => {
    const terminal = new Terminal();
    const stderr = new Written();
    const running = run(terminal, ["--json", "login"], { stderr });
    await until(() => stderr.text === "Username: ");
    terminal.write("ann\n");
    await until(() => stderr.text === "Username: Password: ");
    assert.deepEqual(terminal.modes, [true]);
    for (const typed of ["wrong", "\u0015", "s3x", "\u007f", "cret→", "\b", "\r"]) {
      terminal.write(typed);
    }
    const { exitCode, stdout } = await running;
    assert.equal(exitCode, 0, stderr.text);
    assert.deepEqual(JSON.parse(stdout), { registry: "https://index.docker.io/v1/", status: "Login Succeeded" });
    assert.equal(stderr.text, "Username: Password: \n");
    assert.deepEqual(terminal.modes, [true, false]);
    const hub = "https://index.docker.io/v1/";
    assert.deepEqual(logins.pop(), { username: "ann", password: "s3cret", serveraddress: hub });
    assert.deepEqual(await auths(), { [hub]: { auth: base64("ann:s3cret") } });
  });

  it("gives the terminal back when it is interrupted, or when the input ends", async () => {
    for (const end of ["interrupt", "\u0004"]) {
      const terminal = new Terminal();
      const interrupt = new AbortController();
      const running = run(terminal, ["login", "-u", "ann"], { signal: interrupt.signal });
      await until(() => terminal.modes.length === 1);
      end === "interrupt" ? interrupt.abort("SIGINT") : terminal.write(`half${end}`);
      assert.equal((await running).exitCode, end === "interrupt" ? 130 : 2);
      assert.deepEqual(terminal.modes, [true, false]);
    }
    assert.deepEqual(logins, []);
  });

  it("warns of a password among the arguments, and does not repeat it", async () => {
    const { exitCode, stderr } = await run(Readable.from([]), ["login", "-u", "ann", "-p", "s3cret", registry]);
    assert.equal(exitCode, 0);
    assert.match(stderr, /^fairlead: warning: others can see the value of --password; use --password-stdin\n$/);
    logins.pop();
  });

  for (const [args, fault] of [
    [["login"], /without a terminal it wants --username and --password-stdin/],
    [["login", "-u", "ann"], /without a terminal it wants/],
    [["login", "--password-stdin"], /--password-stdin wants --username beside it/],
    [["login", "-u", "ann", "-p", "s3cret", "--password-stdin"], /and no --password/],
    [["login", "a", "b"], /too many arguments/],
    [["login", "-u", "ann", "-p", "", registry], /a username and a password/],
    [["logout", "two words"], /A registry is named by its host/],
  ] as const) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { exitCode, stderr } = await run(Readable.from(["s3cret"]), args);
      assert.equal(exitCode, 2);
      assert.match(stderr, fault);
      assert.doesNotMatch(stderr, /s3cret/);
      assert.deepEqual(logins, []);
    });
  }
});

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 5) {
    assert.ok(waitedMs < 60_000);
    await delay(5);
  }
}
