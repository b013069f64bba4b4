import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { useWorkbench } from "../contract/support.ts";
import { forEachEngine } from "../support/engines.ts";
import { RawServer } from "../support/raw-server.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Runs `fairlead` as a process of its own. */
function spawnFairlead(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return spawn(process.execPath, ["--import", "tsx", main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** How a process ended: its exit code, or the signal that killed it. */
async function endOf(child: ChildProcess): Promise<unknown> {
  const [code, signal] = await once(child, "exit");
  return code ?? signal;
}

const ticking = { Cmd: ["sh", "-c", "while true; do echo tick; sleep 0.05; done"] };

forEachEngine("the process of fairlead", (engine) => {
  const { start } = useWorkbench(engine);

  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`ends logs that are followed on ${signal}, with nothing said`, async () => {
      const child = spawnFairlead(["-H", engine.host, "logs", "-f", await start(ticking)]);
      const [ended, stderr] = [endOf(child), text(child.stderr)];
      await once(child.stdout, "data");
      child.kill(signal);
      assert.deepEqual([await ended, await stderr], [exitCode, ""]);
    });
  }

  it("ends quietly when the reader of its output leaves, as head does", async () => {
    const child = spawnFairlead(["-H", engine.host, "logs", "-f", await start(ticking)]);
    const [ended, stderr] = [endOf(child), text(child.stderr)];
    await once(child.stdout, "data");
    child.stdout.destroy();
    assert.deepEqual([await ended, await stderr], [0, ""]);
  });
});

describe("the process of fairlead", () => {
  it("closes its connection when it is interrupted before the first event", async () => {
    await using server = await RawServer.listen("tcp", async (connection) => {
      for (;;) {
        const head = await connection.head();
        if (head.includes("/events")) {
          await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          process.nextTick(() => child.kill("SIGINT"));
          await connection.rest();
          connection.close();
          return;
        }
        await connection.write("HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 0\r\n\r\n");
      }
    });
    const child = spawnFairlead(["-H", server.dialer.endpoint, "events"]);
    const [ended, printed] = [endOf(child), Promise.all([text(child.stdout), text(child.stderr)])];
    assert.deepEqual([await ended, await printed], [130, ["", ""]]);
    await server.clientLeft();
  });

  it("exits 3 and says where it looked when there is no engine", async () => {
    const child = spawnFairlead(["ps"], { ...process.env, DOCKER_HOST: "unix:///fairlead/none.sock" });
    const [ended, stdout, stderr] = [endOf(child), text(child.stdout), text(child.stderr)];
    assert.deepEqual([await ended, await stdout], [3, ""]);
    assert.match(
      await stderr,
      /^fairlead: cannot reach a Docker engine at unix:\/\/\/fairlead\/none\.sock \(DOCKER_HOST\): no such file\. .+\n$/,
    );
  });
});
