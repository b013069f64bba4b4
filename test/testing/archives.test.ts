import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";
import { Docker } from "../../src/index.ts";
import { startEngine } from "../../src/testing/index.ts";
import { busybox } from "../../src/testing/programs/busybox.ts";
import { leakCheck } from "../support/leaks.ts";
import { tarOf } from "../support/tar.ts";

/** Gives a container in which a script has run. */
async function withContainer(script: string, body: (docker: Docker, id: string) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  engine.image("box", busybox);
  await using docker = new Docker({ host: engine.host });
  const { Id } = await docker.containers.create({ Image: "box", Cmd: ["sh", "-c", script] });
  await docker.containers.start(Id);
  await docker.containers.wait(Id);
  await body(docker, Id);
}

async function entriesOf(docker: Docker, id: string, path: string): Promise<string[]> {
  const tar = await unpackTar(await buffer(await docker.containers.getArchive(id, { path })), { strict: true });
  return tar.map(({ header }) => [header.name, header.type, header.linkname].filter(Boolean).join(" "));
}

describe("the files of embedded containers", () => {
  leakCheck();

  it("come out with their links, under the names that `docker cp` expects", () =>
    withContainer("mkdir -p /d/e; echo 1 > /d/f; ln /d/f /d/g; ln -s f /d/l; mkfifo /d/p", async (docker, id) => {
      const below = (base: string) =>
        [` directory`, `e/ directory`, `f file`, `g link ${base}f`, `l symlink f`, `p fifo`].map(
          (entry) => base + entry,
        );
      assert.deepEqual(await entriesOf(docker, id, "/d"), below("d/"));
      assert.deepEqual(await entriesOf(docker, id, "/d/."), below("./"));
      assert.deepEqual(await entriesOf(docker, id, "/d/l"), ["l symlink f"]);
    }));

  it("are told apart by what became of them since the image", () =>
    withContainer("echo 1 > /tmp/new; rm /etc/group; echo x >> /etc/passwd; mkdir -p /a/b", async (docker, id) => {
      const changes = (await docker.containers.changes(id)) ?? [];
      assert.deepEqual(
        changes.map(({ Path, Kind }) => `${Kind} ${Path}`),
        ["1 /a", "1 /a/b", "0 /etc", "2 /etc/group", "0 /etc/passwd", "0 /tmp", "1 /tmp/new"],
      );
    }));

  it("go in compressed too, and never above the folder that was named", () =>
    withContainer("ln -s /etc /tmp/out", async (docker, id) => {
      const tar = tarOf({ name: "../../up", body: "a" }, { name: "/root", body: "b" }, { name: "out/x", body: "c" });
      await docker.containers.putArchive(id, gzipSync(tar), { path: "/tmp" });
      assert.deepEqual(await entriesOf(docker, id, "/tmp/up"), ["up file"]);
      assert.deepEqual(await entriesOf(docker, id, "/tmp/root"), ["root file"]);
      assert.equal((await docker.containers.statPath(id, { path: "/root" })).type, "directory");
    }));

  it("are the container's own, not the image's", () =>
    withContainer("echo 1 > /tmp/new; chmod 600 /etc/passwd", async (docker, id) => {
      const { Id } = await docker.containers.create({ Image: "box" });
      await assert.rejects(docker.containers.statPath(Id, { path: "/tmp/new" }), {
        status: 404,
        engineMessage: /^Could not find the file \/tmp\/new in container /,
      });
      const modes = [id, Id].map((each) => docker.containers.statPath(each, { path: "/etc/passwd" }));
      assert.deepEqual(
        (await Promise.all(modes)).map(({ mode }) => mode),
        [0o600, 0o644],
      );
    }));
});
