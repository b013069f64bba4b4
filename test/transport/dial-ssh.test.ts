import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectError } from "../../src/errors/connect-error.ts";
import { sshDialer } from "../../src/transport/dial/ssh.ts";
import { remoteCommand, sshArguments } from "../../src/transport/dial/ssh-command.ts";
import { SshProcess } from "../../src/transport/dial/ssh-process.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { SshHome } from "../support/ways.ts";
import { failure, get } from "./harness.ts";

leakCheck();

const address = { host: "example", address: "ssh://example", source: "the test" };

test("ssh gets user, port and host as words of their own, and asks nothing", () => {
  const common = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-o", "ClearAllForwardings=yes"];
  assert.deepEqual(sshArguments(address), [...common, "-T", "--", "example"]);
  const hostile = { ...address, user: "-oProxyCommand=x", port: 22, host: "-oProxyCommand=y" };
  assert.deepEqual(sshArguments(hostile), [
    ...common,
    ...["-l", "-oProxyCommand=x", "-p", "22", "-T", "--", "-oProxyCommand=y"],
  ]);
});

test("the other side's shell takes the path of the socket as one word", () => {
  const command = (path?: string) => remoteCommand({ ...address, path });
  assert.equal(command(), "docker system dial-stdio");
  assert.equal(command("/run/docker.sock"), "docker --host=unix:///run/docker.sock system dial-stdio");
  assert.equal(command("/a b'; rm c"), `docker '--host=unix:///a b'\\''; rm c' system dial-stdio`);
});

test("a machine without ssh is a ConnectError that says so", async () => {
  const { PATH } = process.env;
  process.env["PATH"] = "/nowhere";
  try {
    const transport = createHttpTransport(sshDialer(address));
    const error = await failure(transport.request(get()), ConnectError);
    assert.match(error.message, /there is no ssh command\. Install an OpenSSH client/);
    assert.equal(error.attempts[0]?.code, "SSH_NOT_STARTED");
    await transport.close();
  } finally {
    process.env["PATH"] = PATH;
  }
});

test("what ssh says is kept from its end, without the frames of its warnings", async () => {
  const script = `#!/bin/sh\nprintf 'x%.0s' $(seq 5000) >&2\nprintf '\\n@@@@\\r\\n@ WARNING: odd @\\r\\nthe end.\\n' >&2\nexit 255\n`;
  await using _home = await SshHome.make("", script);
  const ssh = new SshProcess([]);
  assert.deepEqual(await ssh.closed, { code: 255, error: undefined });
  assert.match(ssh.words, /^x{4000,}; WARNING: odd; the end$/);
  assert.ok(ssh.words.length < 4096);
});

test("an ssh that does not end when it is asked to is killed after three seconds", async () => {
  await using _home = await SshHome.make("", "#!/bin/sh\ntrap '' TERM\necho ready >&2\nwhile :; do sleep 0.1; done\n");
  const ssh = new SshProcess([]);
  while (ssh.words === "") {
    await new Promise((resolve) => ssh.child.stderr.once("data", resolve));
  }
  const askedAt = performance.now();
  await ssh.end();
  const tookMs = performance.now() - askedAt;
  assert.ok(tookMs > 2_500 && tookMs < 10_000, `it took ${tookMs} ms`);
  await ssh.closed;
});
