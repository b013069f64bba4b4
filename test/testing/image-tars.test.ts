import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";
import { Docker, EngineStreamError } from "../../src/index.ts";
import { type EmbeddedEngine, type Program, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { tarOf } from "../support/tar.ts";

/** `show PATH` shows a file, `write PATH` writes one, `remove PATH` removes it. */
const tool: Program = async ({ cmd: [, verb, path = ""], files, stdout }) => {
  if (verb === "show") await stdout.write(files.readFile(path));
  if (verb === "write") files.writeFile(path, "written");
  if (verb === "remove") files.remove(path);
};

const long = `/a-folder/${"with-a-long-name/".repeat(8)}file`;

async function withEngine(body: (docker: Docker, engine: EmbeddedEngine) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  engine.image("tool:1", tool, { files: { "/etc/a": "one", "/etc/b": "two", [long]: "far" } });
  await using docker = new Docker({ host: engine.host });
  await body(docker, engine);
}

const show = async (docker: Docker, Image: string, path: string) =>
  (await docker.containers.run({ Image, Cmd: ["tool", "show", path] })).stdout;

describe("images of an embedded engine as tars", () => {
  leakCheck();

  it("come back with their ids, their names, their files and their program", () =>
    withEngine(async (docker) => {
      const before = await docker.images.inspect("tool:1");
      const tar = await buffer(docker.images.save("tool:1"));
      await docker.images.remove("tool:1");
      const { images } = await docker.images.load(gzipSync(tar));
      assert.deepEqual(images, ["tool:1"]);
      const after = await docker.images.inspect("tool:1");
      assert.deepEqual([after.Id, after.RootFS, after.Size], [before.Id, before.RootFS, before.Size]);
      assert.equal(await show(docker, "tool:1", long), "far");
    }));

  it("have the layout that Docker reads", () =>
    withEngine(async (docker) => {
      const entries = await unpackTar(await buffer(docker.images.save("tool:1")), { strict: true });
      const names = entries.map(({ header }) => header.name);
      const read = (name: string) => JSON.parse(Buffer.from(entries[names.indexOf(name)]?.data ?? []).toString());
      const [{ Config, RepoTags, Layers }] = read("manifest.json");
      assert.deepEqual(RepoTags, ["tool:1"]);
      assert.deepEqual([Layers.length, Layers.every((name: string) => names.includes(name))], [1, true]);
      assert.equal(`sha256:${Config.slice("blobs/sha256/".length)}`, (await docker.images.inspect("tool:1")).Id);
      const [{ digest }] = read("index.json").manifests;
      assert.equal(read(`blobs/${digest.replace(":", "/")}`).config.digest, `sha256:${Config.slice(13)}`);
      assert.deepEqual(Object.keys(read("repositories")), ["tool"]);
    }));

  it("that are none are refused in the stream", () =>
    withEngine(async (docker) => {
      await assert.rejects(docker.images.load(Buffer.alloc(4096, "x")), (error) => {
        assert.ok(error instanceof EngineStreamError);
        assert.equal(error.engineMessage, "archive/tar: invalid tar header");
        return true;
      });
    }));

  it("are made of files that are imported", () =>
    withEngine(async (docker) => {
      const parameters = { fromSrc: "-", repo: "imported", tag: "2", changes: ["CMD x", "LABEL a=b"], message: "mine" };
      const body = tarOf({ name: "hello", body: "there" });
      const answer = await buffer(await docker.request("ImageCreate", { parameters, body }));
      const { Id, Config, Comment, Size } = await docker.images.inspect("imported:2");
      assert.deepEqual(JSON.parse(answer.toString()), { status: Id });
      assert.deepEqual([Config.Cmd, Config.Labels, Comment, Size], [["/bin/sh", "-c", "x"], { a: "b" }, "mine", 5]);
      const start = docker.containers.run({ Image: "imported:2" });
      await assert.rejects(start, /exec: "\/bin\/sh": stat \/bin\/sh: no such file or directory/);
    }));
});

describe("commits on an embedded engine", () => {
  leakCheck();

  it("make images of containers, with what they changed, wrote and removed", () =>
    withEngine(async (docker) => {
      const run = async (Cmd: string[]) => {
        const { Id } = await docker.containers.create({ Image: "tool:1", Cmd, Env: ["A=b"] });
        await docker.containers.start(Id);
        await docker.containers.wait(Id);
        return Id;
      };
      const writer = await run(["tool", "write", "/etc/a"]);
      const options = { repo: "made", tag: "2", comment: "so", author: "me", changes: ["USER someone"] };
      const call = docker.request("ImageCommit", { parameters: { container: writer, ...options }, body: {} });
      const { Id } = await call;
      const made = await docker.images.inspect("made:2");
      assert.deepEqual([made.Id, made.Comment, made.Author, made.Config.User], [Id, "so", "me", "someone"]);
      assert.deepEqual([made.Config.Cmd, made.Config.Env, made.Size], [["tool", "write", "/etc/a"], ["A=b"], 16]);
      assert.equal(await show(docker, "made:2", "/etc/a"), "written");
      const remover = await run(["tool", "remove", "/etc/b"]);
      await docker.request("ImageCommit", { parameters: { container: remover, repo: "less" }, body: {} });
      const less = await buffer(docker.images.save("less"));
      await docker.images.remove("less");
      await docker.images.load(less);
      assert.equal(await show(docker, "less", "/etc/a"), "one");
      assert.equal(await show(docker, "less", "/etc/b"), "");
      await assert.rejects(
        docker.request("ImageCommit", { parameters: { container: remover, changes: ["RUN x"] }, body: {} }),
        /RUN is not a valid change command/,
      );
    }));
});
