import assert from "node:assert/strict";
import { it } from "node:test";
import { Docker, InvalidRequestError, newestVersion, VersionError } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { useRecorder } from "./recorder.ts";
import { failsUndocumented, succeeds, useWorkbench } from "./support.ts";

const minor = (version: string) => Number(version.slice("1.".length));

forEachEngine("connections and versions", (engine) => {
  const { create } = useWorkbench(engine);
  const recorder = useRecorder(engine);

  it("50 calls one after the other use one connection, and ask for the version once", async () => {
    await using docker = new Docker({ host: recorder.host });
    for (let i = 0; i < 50; i += 1) {
      await docker.system.version();
    }
    // Node gives up a connection after an answer to HEAD that has no Content-Length, and Podman's has none.
    const { isPodman } = await engine.facts();
    assert.equal(recorder.connections, isPodman ? 2 : 1);
    assert.equal(recorder.sent.match(/HEAD \/_ping /g)?.length, 1);
  });

  it("200 calls at once all get their own answer", async () => {
    await using docker = new Docker({ host: recorder.host });
    const ids = await Promise.all(["one", "two", "three", "four"].map(() => create()));
    const wanted = Array.from({ length: 200 }, (_, i) => ids[i % ids.length] ?? "");
    const got = await Promise.all(wanted.map(async (id) => (await docker.containers.inspect(id)).Id));
    assert.deepEqual(got, wanted);
  });

  it("the newest version that both speak is chosen", async () => {
    await using docker = new Docker({ host: recorder.host });
    await docker.system.version();
    const { apiVersion } = await engine.facts();
    const common = Math.min(minor(apiVersion), minor(newestVersion));
    assert.match(recorder.sent, new RegExp(`GET /v1\\.${common}/version `));
  });

  it("a version that was chosen is spoken without asking", async () => {
    await using docker = new Docker({ host: recorder.host, apiVersion: "1.40" });
    await docker.system.version();
    assert.match(recorder.sent, /^GET \/v1\.40\/version /);
  });

  it("a version that was chosen and the engine lacks is a VersionError, or else spoken", async () => {
    await using docker = new Docker({ host: recorder.host, apiVersion: newestVersion });
    const { apiVersion, isPodman } = await engine.facts();
    if (isPodman || minor(apiVersion) >= minor(newestVersion)) {
      // Podman answers on the path of any version.
      await docker.system.version();
      return;
    }
    await assert.rejects(docker.system.version(), (error) => {
      assert.ok(error instanceof VersionError);
      assert.deepEqual([error.version, error.maximum], [newestVersion, apiVersion]);
      return true;
    });
  });

  it("an operation that the engine does not have is an undocumented answer", async () => {
    await using docker = new Docker({ host: recorder.host });
    const { isPodman } = await engine.facts();
    if (isPodman) {
      await failsUndocumented(docker.request("PluginList"), 404, /not supported/);
    } else {
      await succeeds(docker.request("PluginList"), "Succeeded", 200);
    }
  });

  it("a parameter that the version lacks is refused before it is sent", async () => {
    await using docker = new Docker({ host: recorder.host, apiVersion: "1.41" });
    const call = docker.containers.stop("web", { signal: "SIGINT" });
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof InvalidRequestError);
      assert.equal(error.parameter, "signal");
      assert.match(error.message, /signal needs API 1\.42, and the engine speaks 1\.41/);
      return true;
    });
    await assert.rejects(docker.containers.stop("web", { signal: "SIGINT" }).outcome(), InvalidRequestError);
    assert.deepEqual([recorder.connections, recorder.sent], [0, ""]);
  });
});
