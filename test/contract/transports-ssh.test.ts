import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { ConnectError, Docker, RequestError, ResponseError, TimeoutError } from "../../src/index.ts";
import { testImage, testLabels } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { runProgram } from "../support/run-program.ts";
import { SshHome, sshHosts } from "../support/ways.ts";
import { until } from "./support.ts";

const run = promisify(execFile);

if (sshHosts.size === 0) {
  const title = "failures of ssh are not tested: no engine in FAIRLEAD_TEST_SSH";
  console.error(title);
  it(title, { skip: process.env["CI"] === undefined }, () => assert.fail(title));
}

for (const [name, host] of sshHosts) {
  describe(`ssh to ${name}`, { timeout: 600_000 }, () => scenarios(host));
}

/** Says when it is asked to end, and does not. */
const stubborn = {
  ...{ Image: testImage, Labels: testLabels, StopSignal: "SIGTERM" },
  Cmd: ["sh", "-c", "trap 'echo told' TERM; echo ready; while :; do sleep 1; done"],
};

/** The process ids of the system's ssh that run with the configuration of a test, and with `text` in their arguments. */
async function processesOf({ folder }: SshHome, text: string = ""): Promise<number[]> {
  const { stdout } = await run("ps", ["-eo", "pid,args"]);
  const lines = stdout.split("\n").filter((line) => line.includes(" /usr/bin/ssh ") && line.includes(folder));
  return lines.filter((line) => line.includes(text)).map((line) => Number.parseInt(line, 10));
}

function scenarios(host: string): void {
  leakCheck();
  const { hostname, port } = new URL(host);

  const refused = async (address: string, code: string, message: RegExp): Promise<void> => {
    await using docker = new Docker({ host: address });
    await assert.rejects(docker.system.version(), (error) => {
      assert.ok(error instanceof ConnectError, String(error));
      const [attempt] = error.attempts;
      assert.deepEqual([attempt?.endpoint, attempt?.code], [address, code]);
      assert.match(error.message, message);
      assert.ok(attempt?.advice, "what to do is said");
      return true;
    });
  };

  for (const [title, folder] of [
    ["too long", `/tmp/${"x".repeat(80)}`],
    ["with characters of ssh's own", "/tmp/a %z b"],
  ] as const) {
    it(`works where the path of the folder for temporary files is ${title}`, async () => {
      // The home puts it back.
      await using _ = await SshHome.make();
      process.env["TMPDIR"] = folder;
      await using docker = new Docker({ host });
      assert.match((await docker.system.version()).Version ?? "", /^\d/);
    });
  }

  it("shares one login among its connections, and leaves nothing", async () => {
    await using home = await SshHome.make();
    {
      await using docker = new Docker({ host });
      await docker.system.version();
      assert.equal((await home.sockets()).length, 1);
      await Promise.all(Array.from({ length: 12 }, () => docker.system.version()));
      const sockets = await home.sockets();
      assert.ok(sockets.length <= 2, `${sockets.length} logins for 12 connections`);
      const sessions = await processesOf(home);
      assert.ok(sessions.length >= 2, "there are sessions");
    }
    assert.deepEqual([await home.sockets(), await processesOf(home)], [[], []]);
  });

  it("logs in again when the shared login is gone", async () => {
    await using home = await SshHome.make();
    await using docker = new Docker({ host });
    await docker.system.version();
    const [socket = ""] = await home.sockets();
    await run("ssh", ["-O", "exit", "-o", `ControlPath=${join(home.folder, socket)}`, hostname]);
    await until(async () => (await home.sockets()).length === 0, "the login is gone");
    await docker.system.version();
    assert.equal((await home.sockets()).length, 1);
  });

  it("uses a login that the user's configuration shares, and leaves it", async () => {
    await using home = await SshHome.make("ControlMaster auto\nControlPath ~/.fl-%C\nControlPersist 30");
    await run("ssh", ["-p", port, "-l", "root", "-f", "-N", hostname]);
    try {
      await using docker = new Docker({ host });
      await docker.system.version();
      assert.deepEqual(await home.sockets(), []);
      await docker.close();
      await run("ssh", ["-p", port, "-l", "root", "-O", "check", hostname]);
    } finally {
      await run("ssh", ["-p", port, "-l", "root", "-O", "exit", hostname]);
    }
  });

  it("takes aliases and jump hosts from the user's configuration", async () => {
    const known = `UserKnownHostsFile /dev/null\nStrictHostKeyChecking no\nLogLevel ERROR`;
    const login = `Port ${port}\nUser root\n${known}`;
    const inner = `Host inner\nHostName 127.0.0.1\nProxyJump ${hostname}\nHostKeyAlias ${hostname}\n${login}`;
    await using home = await SshHome.make(`${inner}\nIdentityFile ${await identityFor(hostname)}`);
    await using docker = new Docker({ host: "ssh://inner" });
    assert.match((await docker.system.version()).ApiVersion ?? "", /^1\./);
    assert.equal((await home.sockets()).length, 1);
  });

  it("does not trust a host whose key is not known, and says what ssh says", async () => {
    await using _home = await SshHome.make("UserKnownHostsFile /dev/null");
    await refused(host, "SSH_HOST_KEY_UNKNOWN", /Host key verification failed/);
  });

  it("does not trust a host whose key has changed", async () => {
    await using other = await SshHome.make();
    const [key, known] = [join(other.folder, "key"), join(other.folder, "known")];
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    await writeFile(known, `[${hostname}]:${port} ${await readFile(`${key}.pub`, "utf8")}`);
    await using _home = await SshHome.make(`UserKnownHostsFile ${known}`);
    await refused(host, "SSH_HOST_KEY_CHANGED", /REMOTE HOST IDENTIFICATION HAS CHANGED.*ssh-keygen -R/);
  });

  it("tells of a login that is refused, a port without a server, and a name without a host", async () => {
    await using _home = await SshHome.make();
    await refused(`ssh://nobody@${hostname}:${port}`, "SSH_LOGIN_REFUSED", /Permission denied \(/);
    await refused(`ssh://root@${hostname}:1`, "SSH_NO_SERVER", /port 1: Connection refused/);
    await refused("ssh://fairlead.invalid", "SSH_NO_HOST", /Could not resolve hostname/);
  });

  it("tells of a missing docker command, and of a missing engine, on the other side", async () => {
    await using _home = await SshHome.make();
    await refused(`${host}/nowhere.sock`, "SSH_NO_ENGINE", /nowhere\.sock/);
    const elsewhere = `#!/bin/bash\nexec /usr/bin/ssh -F "\${0%/*}/config" "\${@/#docker /no-such-docker }"\n`;
    await using _without = await SshHome.make("", elsewhere);
    await refused(host, "SSH_NO_DOCKER", /no-such-docker: not found.*PATH/);
  });

  it("ends ssh when the host does not answer in time", async () => {
    await using home = await SshHome.make("Host silent\nProxyCommand sleep 60");
    await using docker = new Docker({ host: "ssh://silent", timeouts: { connectMs: 300 } });
    const startedAt = performance.now();
    await assert.rejects(docker.system.version(), TimeoutError);
    assert.ok(performance.now() - startedAt < 10_000);
    await until(async () => (await processesOf(home)).length === 0, "ssh has ended");
  });

  it("tells of an ssh that ends while an answer is awaited or comes, and does not repeat the call", async () => {
    await using home = await SshHome.make();
    await using docker = new Docker({ host });
    const id = await docker.containers.create(stubborn).then(({ Id }) => Id);
    try {
      await docker.containers.start(id);
      const lines = docker.containers.logs(id, { follow: true }).lines()[Symbol.asyncIterator]();
      assert.equal((await lines.next()).value?.text, "ready");
      const stopping = docker.containers.stop(id, { t: 20 }).catch((error: unknown) => error);
      assert.equal((await lines.next()).value?.text, "told");
      for (const pid of await processesOf(home, "dial-stdio")) {
        process.kill(pid, "SIGKILL");
      }
      await assert.rejects(lines.next(), ResponseError);
      const error = await stopping;
      assert.ok(error instanceof RequestError && /ended by a signal/.test(error.message), String(error));
    } finally {
      await docker.containers.remove(id, { force: true });
    }
  });

  it("lets the process exit while connections are idle, and leaves nothing even when it is killed", async () => {
    await using home = await SshHome.make();
    const program = new URL("../transport/ssh-client.ts", import.meta.url).pathname;
    const idle = await runProgram(program, ["idle"], host);
    assert.deepEqual([idle.exitCode, idle.stdout], [0, "answered\n"], idle.stderr);
    const killed = await runProgram(program, ["killed"], host);
    assert.deepEqual([killed.exitCode, killed.stdout], [null, "answered\n"]);
    const gone = async () => (await home.sockets()).length === 0 && (await processesOf(home)).length === 0;
    await until(gone, "no socket and no process of ssh is left", 60_000);
  });
}

/** The key of the tests for that host, as their configuration has it. */
async function identityFor(hostname: string): Promise<string> {
  const config = await readFile(process.env["FAIRLEAD_TEST_SSH_CONFIG"] ?? "", "utf8");
  const section = config.slice(config.indexOf(`Host ${hostname}\n`));
  return /IdentityFile (\S+)/.exec(section)?.[1] ?? "";
}
