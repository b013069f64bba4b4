import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { describe, it } from "node:test";
import { Docker, type HostConfig } from "../../src/index.ts";
import { type EmbeddedEngine, type Program, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

/** Writes its second argument into the file that its first one names; with one argument prints that file. */
const files: Program = async ({ cmd, files, stdout, stderr }) => {
  const [, path = "", text] = cmd;
  try {
    if (text === undefined) {
      await stdout.write(files.readFile(path));
    } else {
      files.writeFile(path, text);
    }
    return 0;
  } catch (error) {
    await stderr.write(String(error));
    return 1;
  }
};

async function withEngine(
  body: (
    run: (cmd: readonly string[], HostConfig?: HostConfig) => Promise<string>,
    docker: Docker,
    engine: EmbeddedEngine,
  ) => Promise<void>,
): Promise<void> {
  await using engine = await startEngine();
  engine.image("files", files, { files: { "/data/given": "from the image" }, config: { Volumes: { "/own": {} } } });
  await using docker = new Docker({ host: engine.host });
  const run = async (cmd: readonly string[], HostConfig: HostConfig = {}) => {
    const { stdout, stderr } = await docker.containers.run({ Image: "files", Cmd: ["files", ...cmd], HostConfig });
    return stdout + stderr;
  };
  await body(run, docker, engine);
}

describe("volumes of an embedded engine", () => {
  leakCheck();

  it("keep what a container writes for the next one", () =>
    withEngine(async (run) => {
      await run(["/x/file", "kept"], { Binds: ["shared:/x"] });
      assert.equal(await run(["/y/file"], { Mounts: [{ Type: "volume", Source: "shared", Target: "/y" }] }), "kept");
    }));

  it("are not written where they are mounted read-only", () =>
    withEngine(async (run) => {
      assert.match(await run(["/x/file", "text"], { Binds: ["shared:/x:ro"] }), /Read-only file system/);
    }));

  it("begin with what the image has at their place, unless that is not wanted", () =>
    withEngine(async (run) => {
      assert.equal(await run(["/data/given"], { Binds: ["filled:/data"] }), "from the image");
      assert.match(await run(["/data/given"], { Binds: ["empty:/data:nocopy"] }), /No such file/);
      await run(["/data/given", "changed"], { Binds: ["filled:/data"] });
      assert.equal(await run(["/data/given"]), "from the image");
    }));

  it("without a name go with their container, if that is wanted", () =>
    withEngine(async (_run, docker) => {
      const names = async () => (await docker.volumes.list()).Volumes.map(({ Name }) => Name);
      const { Id } = await docker.containers.create({ Image: "files", HostConfig: { Binds: ["named:/x"] } });
      assert.equal((await names()).length, 2);
      const { Mounts } = await docker.containers.inspect(Id);
      assert.deepEqual(
        Mounts?.map(({ Type, Destination, RW }) => [Type, Destination, RW]),
        [
          ["volume", "/own", true],
          ["volume", "/x", true],
        ],
      );
      await docker.containers.remove(Id, { v: true });
      assert.deepEqual(await names(), ["named"]);
    }));

  it("are taken from another container", () =>
    withEngine(async (run, docker) => {
      await docker.containers.create({ Image: "files", HostConfig: { Binds: ["lent:/x"] } }, { name: "lender" });
      await run(["/x/file", "lent"], { Binds: ["lent:/x"] });
      assert.equal(await run(["/x/file"], { VolumesFrom: ["lender"] }), "lent");
      assert.match(await run(["/x/file", "no"], { VolumesFrom: ["lender:ro"] }), /Read-only/);
    }));

  it("tell when they are mounted and unmounted", () =>
    withEngine(async (run, docker) => {
      const events = await docker.system.events({ filters: { type: ["volume"], volume: ["told"] } });
      await run(["/x/file", "text"], { Binds: ["told:/x"] });
      await docker.volumes.remove("told");
      const actions: string[] = [];
      for await (const { Action } of events) {
        actions.push(Action);
        if (Action === "destroy") break;
      }
      assert.deepEqual(actions, ["create", "mount", "unmount", "destroy"]);
    }));
});

describe("folders of the host in an embedded engine", () => {
  leakCheck();

  it("lie in memory, and are shared by its containers", () =>
    withEngine(async (run) => {
      const folder = `/tmp/fairlead-${process.pid}-never-made`;
      await run(["/x/file", "shared"], { Binds: [`${folder}:/x`] });
      assert.equal(await run(["/y/file"], { Mounts: [{ Type: "bind", Source: folder, Target: "/y" }] }), "shared");
      await assert.rejects(access(folder), { code: "ENOENT" });
      assert.match(await run(["/x/passwd"], { Binds: ["/etc:/x"] }), /No such file/);
    }));

  it("are refused where dockerd refuses them", () =>
    withEngine(async (run) => {
      await assert.rejects(run(["x"], { Binds: ["a:b"] }), /mount path must be absolute/);
      await assert.rejects(run(["x"], { Binds: ["/a:/b:nonsense"] }), /invalid mode: nonsense/);
      await assert.rejects(run(["x"], { Binds: ["one:/b", "two:/b"] }), /Duplicate mount point: \/b/);
      await assert.rejects(run(["x"], { Mounts: [{ Type: "weird", Target: "/b" }] }), /mount type unknown/);
      await assert.rejects(run(["x"], { Mounts: [{ Type: "image", Target: "/b" }] }), /not implemented/);
      await assert.rejects(run(["x"], { VolumesFrom: ["nobody"] }), /No such container: nobody/);
    }));
});
