import assert from "node:assert/strict";
import { it } from "node:test";
import { Docker } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { useRecorder } from "./recorder.ts";
import { until, useWorkbench } from "./support.ts";

const ticking = ["sh", "-c", "i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.05; done"];

forEachEngine("logs as they come", (engine) => {
  const { docker, start, run } = useWorkbench(engine);
  const recorder = useRecorder(engine);

  /** Follows the lines of a container, which is killed when so many have come. */
  async function followTo(count: number, id: string): Promise<readonly string[]> {
    const texts: string[] = [];
    for await (const { text } of docker.containers.logs(id, { follow: true }).lines()) {
      texts.push(text);
      if (texts.length === count) {
        await docker.containers.kill(id);
      }
    }
    return texts;
  }

  it("arrive while the container prints, and end when it stops", async () => {
    const id = await start({ Cmd: ticking });
    const texts = await followTo(3, id);
    assert.deepEqual(texts.slice(0, 3), ["tick 1", "tick 2", "tick 3"]);
  });

  it("arrive and end from a terminal too", async () => {
    const id = await start({ Cmd: ["sh", "-c", "echo one; sleep 0.3; echo two; sleep 300"], Tty: true });
    const texts = await followTo(2, id);
    assert.deepEqual(texts, ["one", "two"]);
  });

  it("of a container that has ended, end at once", async () => {
    const id = await run("echo hello");
    assert.equal(await docker.containers.logs(id, { follow: true }).text(), "hello\n");
  });

  it("that are left close their connection", async () => {
    await using client = new Docker({ host: recorder.host });
    const id = await start({ Cmd: ticking });
    for await (const { stream } of client.containers.logs(id, { follow: true })) {
      assert.equal(stream, "stdout");
      break;
    }
    for await (const { text } of client.containers.logs(id, { follow: true }).lines()) {
      assert.equal(text, "tick 1");
      break;
    }
    const stream = await client.containers.logs(id, { follow: true });
    await stream.close();
    // What stays may be one idle connection for the next call, never one that the engine still writes to.
    const received = () => recorder.receivedBytes;
    await until(async () => {
      const before = received();
      await new Promise((resolve) => setTimeout(resolve, 200));
      return received() === before;
    }, "the engine has stopped sending");
  });
});
