import assert from "node:assert/strict";
import { it } from "node:test";
import { AbortError, ConnectError, Docker, InvalidRequestError, RequestError, TimeoutError } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer, type Script } from "../support/raw-server.ts";
import { useRecorder } from "./recorder.ts";
import { isOldPodman, succeeds } from "./support.ts";

/** Both views of a ping at a server that is no engine. */
async function failureAt(script: Script, check: (docker: Docker) => Promise<void>): Promise<void> {
  const server = await RawServer.listen("unix", script);
  await using docker = new Docker({ host: server.dialer.endpoint });
  await check(docker);
  await docker.close();
  await server.close();
}

async function isUnreachable(docker: Docker, kind: new (...args: never) => Error, timeoutMs?: number): Promise<void> {
  const call = docker.ping({ timeoutMs });
  const [outcome] = await Promise.all([call.outcome(), assert.rejects(call, kind)]);
  assert.ok(outcome.kind === "Unreachable" && outcome.error instanceof kind, outcome.kind);
  assert.equal(outcome.status, undefined);
}

forEachEngine("ping", (engine) => {
  leakCheck();
  const recorder = useRecorder(engine);

  it("says which engine it is, with one request", async () => {
    await using docker = new Docker({ host: recorder.host });
    const { product, version, apiVersion, os, tookMs } = await succeeds(
      docker.ping({ timeoutMs: 60_000 }),
      "Succeeded",
      200,
    );
    const facts = await engine.facts();
    assert.equal(product, facts.isPodman ? "Podman" : "Docker");
    assert.equal(version, /^[\d.]+/.exec(facts.version)?.[0]);
    assert.equal(apiVersion, facts.apiVersion);
    // Podman 4 does not say.
    assert.equal(os, (await isOldPodman(engine)) ? undefined : "linux");
    assert.ok(tookMs > 0 && tookMs < 60_000);
    assert.equal(recorder.sent.match(/HTTP\/1\.1/g)?.length, 1);
  });

  it("has an outcome for an engine that is not there", async () => {
    await using docker = new Docker({ host: "unix:///nonexistent/docker.sock" });
    await isUnreachable(docker, ConnectError);
  });

  it("has an outcome for an engine that does not answer in time", async () => {
    const silence: Script = async (connection) => {
      await connection.rest();
    };
    await failureAt(silence, async (docker) => {
      const startedMs = performance.now();
      await isUnreachable(docker, TimeoutError, 200);
      assert.ok(performance.now() - startedMs < 5_000);
    });
  });

  it("has an outcome for an engine that hangs up", async () => {
    await failureAt(
      (connection) => connection.close(),
      (docker) => isUnreachable(docker, RequestError),
    );
  });

  it("throws for its caller's abort and for a limit that is none, from both views", async () => {
    await using docker = new Docker({ host: recorder.host });
    await assert.rejects(docker.ping({ signal: AbortSignal.abort() }), AbortError);
    await assert.rejects(docker.ping({ signal: AbortSignal.abort() }).outcome(), AbortError);
    await assert.rejects(docker.ping({ timeoutMs: -1 }).outcome(), InvalidRequestError);
    assert.deepEqual([recorder.connections, recorder.sent], [0, ""]);
  });
});
