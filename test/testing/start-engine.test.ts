import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { describe, it } from "node:test";
import { Docker, UnexpectedStatusError } from "../../src/index.ts";
import { startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

describe("an embedded engine", () => {
  leakCheck();

  it("answers on a socket of its own, and leaves nothing of it", async () => {
    const engine = await startEngine();
    await using docker = new Docker({ host: engine.host });
    const { ApiVersion, MinAPIVersion } = await docker.system.version();
    assert.deepEqual([MinAPIVersion, ApiVersion], ["1.40", "1.56"]);
    await engine.close();
    await assert.rejects(access(engine.host.replace("unix://", "")), { code: "ENOENT" });
  });

  it("has the image busybox, whose programs are built in", async () => {
    await using engine = await startEngine();
    await using docker = new Docker({ host: engine.host });
    const { stdout, exitCode } = await docker.containers.run({
      Image: "busybox",
      Cmd: ["sh", "-c", "echo $((6 * 7))"],
    });
    assert.deepEqual([stdout, exitCode], ["42\n", 0]);
  });

  it("answers on a port of the loopback if it is asked to", async () => {
    await using engine = await startEngine({ tcp: true });
    await using docker = new Docker({ host: engine.tcpHost });
    assert.equal((await docker.system.ping())["Api-Version"], "1.56");
  });

  it("speaks the versions that it is told to", async () => {
    await using engine = await startEngine({ newestVersion: "1.44", oldestVersion: "1.42" });
    await using docker = new Docker({ host: engine.host });
    assert.equal((await docker.system.version()).ApiVersion, "1.44");
    await using old = new Docker({ host: engine.host, apiVersion: "1.41" });
    await assert.rejects(old.system.version(), { name: "VersionError", message: /too old/ });
  });

  it("says what it does not do", async () => {
    await using engine = await startEngine();
    await using docker = new Docker({ host: engine.host });
    await assert.rejects(docker.plugins.privileges("one"), (error) => {
      assert.ok(error instanceof UnexpectedStatusError);
      assert.deepEqual(
        [error.status, error.engineMessage],
        [501, "GetPluginPrivileges is not implemented by Fairlead's embedded engine"],
      );
      return true;
    });
  });

  it("says what is no request of the Engine's", async () => {
    await using engine = await startEngine({ tcp: true });
    const response = await fetch(`${engine.tcpHost?.replace("tcp", "http")}/v1.44/nowhere`);
    assert.deepEqual([response.status, await response.json()], [404, { message: "page not found" }]);
    assert.equal(response.headers.get("api-version"), "1.56");
  });
});
