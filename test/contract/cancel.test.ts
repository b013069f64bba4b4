import assert from "node:assert/strict";
import { it } from "node:test";
import { AbortError, Docker, TimeoutError } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { useRecorder } from "./recorder.ts";
import { until, useWorkbench } from "./support.ts";

interface Ending {
  readonly signal?: AbortSignal;
  readonly timeouts?: { readonly headersMs?: number; readonly idleMs?: number };
}

/**
 * Calls that take long, given a running container that says nothing. Podman lets nobody near a container while it stops
 * it, so the grace period is short.
 */
const lengthy: Readonly<Record<string, (docker: Docker, id: string, ending: Ending) => Promise<unknown>>> = {
  wait: (docker, id, ending) => docker.containers.wait(id, ending),
  stop: (docker, id, { signal, timeouts }) => docker.containers.stop(id, { t: 2, abortSignal: signal, timeouts }),
  "followed logs": (docker, id, ending) => docker.containers.logs(id, { follow: true, ...ending }).text(),
  events: async (docker, _, ending) => {
    const filters = { container: ["nobody"] };
    for await (const event of docker.system.events({ filters, ...ending })) {
      assert.fail(`unexpected event ${event.Action}`);
    }
  },
};

/** Ignores the signal that stops it. */
const stubborn = {
  Cmd: ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"],
  StopSignal: "SIGTERM",
  StopTimeout: 1,
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

forEachEngine("calls that take long", (engine) => {
  const { start } = useWorkbench(engine);
  const recorder = useRecorder(engine);

  for (const [name, call] of Object.entries(lengthy)) {
    it(`${name}: an abort ends the call and its connection`, async () => {
      await using docker = new Docker({ host: recorder.host });
      const id = await start(name === "stop" ? stubborn : {});
      await docker.system.version();
      const controller = new AbortController();
      const running = call(docker, id, { signal: controller.signal });
      await pause(300);
      controller.abort("enough");
      await assert.rejects(running, (error) => error instanceof AbortError && error.cause === "enough");
      await until(() => recorder.open <= 1, "the connection is closed");
      const requests = recorder.sent.match(/^[A-Z]+ \/\S+ HTTP/gm) ?? [];
      assert.deepEqual([...new Set(requests)], requests, "nothing was sent twice");
    });

    it(`${name}: a signal that is aborted already sends nothing`, async () => {
      await using docker = new Docker({ host: recorder.host });
      await assert.rejects(call(docker, "someone", { signal: AbortSignal.abort() }), AbortError);
      assert.deepEqual([recorder.connections, recorder.sent], [0, ""]);
    });

    it(`${name}: close() ends the call and every connection`, async () => {
      const docker = new Docker({ host: recorder.host });
      const id = await start(name === "stop" ? stubborn : {});
      const running = call(docker, id, {});
      await Promise.all([assert.rejects(running, AbortError), pause(300).then(() => docker.close())]);
      await until(() => recorder.open === 0, "every connection is closed");
      await assert.rejects(docker.system.version(), AbortError);
    });

    it(`${name}: a limit that was asked for ends the call`, async () => {
      await using docker = new Docker({ host: recorder.host });
      const id = await start(name === "stop" ? stubborn : {});
      const running = call(docker, id, { timeouts: { headersMs: 400, idleMs: 400 } });
      await assert.rejects(running, (error) => error instanceof TimeoutError && error.limitMs === 400);
    });
  }
});
