import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { leakCheck } from "../support/leaks.ts";
import { ok, overBoth, withServer } from "./harness.ts";

leakCheck();

const program = fileURLToPath(new URL("./idle-client.ts", import.meta.url));

overBoth("an idle client that is not closed lets the process exit", async (kind) => {
  await withServer(
    kind,
    async (connection) => {
      for (;;) {
        await connection.head();
        await connection.write(ok("hello"));
      }
    },
    async ({ server }) => {
      const where = kind === "unix" ? server.dialer.endpoint.slice("unix://".length) : server.dialer.host;
      const child = spawn(process.execPath, ["--import", "tsx", program, where], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
      const [code] = await once(child, "close", { signal: AbortSignal.timeout(15_000) });
      assert.equal(code, 0);
      const { answers, exitedAfterMs } = JSON.parse(output);
      assert.deepEqual(answers, ["hello", "hello"]);
      assert.ok(exitedAfterMs < 500, `the process lived for ${exitedAfterMs} ms after its last answer`);
      assert.equal(server.connections.length, 1);
    },
  );
});
