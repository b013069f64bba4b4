import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { unpackTar } from "modern-tar";
import type { ByteSource, PathStat } from "../../src/index.ts";
import { forEachImageStore, testLabels } from "../support/engines.ts";
import { tarOf } from "../support/tar.ts";
import { fails, failsInOneWay, freshName, isLacking, isOldPodman, nobody, succeeds, useWorkbench } from "./support.ts";

/** Makes a directory with one of each kind. */
const tree = [
  "mkdir -p /d/sub",
  "printf hello > /d/file",
  "chmod 4751 /d/file",
  "touch -d '2020-02-03 04:05:06' /d/file",
  "ln -s file /d/link",
  "ln -s /d /dlink",
  "mkfifo /d/pipe",
  "chmod 1777 /d/sub",
].join(" && ");

forEachImageStore("archives", (engine) => {
  const { docker, create, run } = useWorkbench(engine);
  const read = async (id: string, path: string) => {
    const tar = await buffer((await docker.containers.getArchive(id, { path })).toNodeStream());
    return unpackTar(tar, { strict: true });
  };
  const contentOf = async (id: string, path: string) => {
    const [entry] = await read(id, path);
    return Buffer.from(entry?.data ?? []).toString();
  };

  describe("statPath", () => {
    it("tells what a path is", async () => {
      const id = await run(tree);
      const stat = (path: string) => docker.containers.statPath(id, { path });
      const file = await succeeds(stat("/d/file"), "Succeeded", 200);
      assert.deepEqual([file.name, file.type, file.mode, file.size], ["file", "file", 0o4751, 5]);
      assert.equal(file.mtime.toISOString(), "2020-02-03T04:05:06.000Z");
      const sub = await stat("d/sub/");
      assert.deepEqual([sub.name, sub.type, sub.mode], ["sub", "directory", 0o1777]);
      const link = await stat("/d/link");
      assert.deepEqual([link.type, link.linkTarget], ["symlink", "/d/file"]);
      assert.equal((await stat("/d/pipe")).type, "fifo");
      assert.equal((await stat("/")).type, "directory");
    });

    it("of a path or a container that is not there is an outcome with a message", async () => {
      const id = await create();
      await fails(
        docker.containers.statPath(id, { path: "/nowhere" }),
        "NoSuchContainerOrPath",
        404,
        /nowhere|no such/i,
      );
      await fails(
        docker.containers.statPath(nobody, { path: "/" }),
        "NoSuchContainerOrPath",
        404,
        /no such container/i,
      );
    });
  });

  describe("getArchive", () => {
    it("gives a tar with the path's stat", async () => {
      const id = await run(tree);
      const call = docker.containers.getArchive(id, { path: "/d" });
      const outcome = await call.outcome();
      assert.deepEqual([outcome.kind, outcome.status], ["Succeeded", 200]);
      const archive = await call;
      const { name, type, mode } = archive.stat satisfies PathStat;
      assert.deepEqual([name, type, mode], ["d", "directory", 0o755]);
      const entries = await unpackTar(await buffer(archive), { strict: true });
      const names = entries.map(({ header }) => header.name.replace(/\/$/, "")).sort();
      assert.deepEqual(names, ["d", "d/file", "d/link", "d/pipe", "d/sub"]);
      const file = entries.find(({ header }) => header.name === "d/file");
      assert.equal(Buffer.from(file?.data ?? []).toString(), "hello");
      // Docker 20.10 sends the type of the file in the mode too.
      assert.equal((file?.header.mode ?? 0) & 0o7777, 0o4751);
    });

    it("may be iterated without awaiting it", async () => {
      const id = await run(tree);
      const pieces: Uint8Array[] = [];
      for await (const piece of docker.containers.getArchive(id, { path: "/d/file" })) {
        pieces.push(piece);
      }
      const [entry] = await unpackTar(Buffer.concat(pieces), { strict: true });
      assert.equal(Buffer.from(entry?.data ?? []).toString(), "hello");
    });

    it("may be read as a web stream, and left in the middle", async () => {
      const id = await run("head -c 8000000 /dev/urandom > /large");
      const archive = await docker.containers.getArchive(id, { path: "/large" });
      const reader = archive.toWebStream().getReader();
      const { value } = await reader.read();
      assert.ok(value instanceof Uint8Array);
      await reader.cancel();
      const node = (await docker.containers.getArchive(id, { path: "/large" })).toNodeStream();
      for await (const piece of node) {
        assert.ok(piece.length > 0);
        break;
      }
      assert.ok(node.destroyed);
    });

    it("of what is not there is an outcome", async () => {
      const id = await create();
      await fails(docker.containers.getArchive(id, { path: "/nowhere" }), "NoSuchContainerOrPath", 404);
      const call = docker.containers.getArchive(nobody, { path: "/" });
      await fails(call, "NoSuchContainerOrPath", 404, /no such container/i);
      await assert.rejects(docker.containers.getArchive(nobody, { path: "/" })[Symbol.asyncIterator]().next(), {
        name: "StatusError",
      });
    });
  });

  describe("putArchive", () => {
    const tar = tarOf({ name: "put/", type: "5", mode: 0o755 }, { name: "put/file", body: "content", mode: 0o640 });
    const sources: Record<string, () => ByteSource> = {
      bytes: () => tar,
      "text that is a tar": () => tar.toString("latin1"),
      "an async iterable": async function* () {
        yield tar.subarray(0, 700);
        yield tar.subarray(700);
      },
      "an iterable": () => [tar.subarray(0, 1), tar.subarray(1)],
      "a Node stream": () => Readable.from([tar.subarray(0, 999), tar.subarray(999)]),
      "a web stream": () => new Blob([tar]).stream(),
    };
    for (const [kind, source] of Object.entries(sources)) {
      it(`takes ${kind}`, async () => {
        const id = await create();
        await succeeds(docker.containers.putArchive(id, source(), { path: "/tmp" }), "Succeeded", 200);
        assert.equal(await contentOf(id, "/tmp/put/file"), "content");
        assert.equal((await docker.containers.statPath(id, { path: "/tmp/put/file" })).mode, 0o640);
      });
    }

    it("takes what getArchive gives", async () => {
      const from = await run(tree);
      const to = await create();
      await docker.containers.putArchive(to, await docker.containers.getArchive(from, { path: "/d" }), {
        path: "/tmp",
      });
      assert.equal(await contentOf(to, "/tmp/d/file"), "hello");
    });

    it("to what is not there is an outcome, however much is still to be sent", async () => {
      const id = await create();
      const options = { path: "/nowhere" };
      const { isPodman } = await engine.facts();
      if (!isPodman) {
        await fails(docker.containers.putArchive(id, tar, options), "NoSuchContainerOrPath", 404);
      } else {
        await docker.containers.putArchive(id, tar, options); // Podman makes the directory.
        assert.equal(await contentOf(id, "/nowhere/put/file"), "content");
      }
      let ended = false;
      const endless = async function* () {
        try {
          for (;;) {
            yield Buffer.alloc(65_536);
          }
        } finally {
          ended = true;
        }
      };
      await fails(docker.containers.putArchive(nobody, endless(), options), "NoSuchContainerOrPath", 404, /container/i);
      assert.ok(ended);
    });

    it("of what is no tar is an outcome", async () => {
      const id = await create();
      const call = docker.containers.putArchive(id, "no tar at all".repeat(100), { path: "/tmp" });
      await failsInOneWay(call, [
        ["ServerError", 500],
        ["BadParameter", 400],
      ]);
    });

    it("into a read-only container is an outcome", async () => {
      const id = await create({ HostConfig: { ReadonlyRootfs: true } });
      const { isPodman } = await engine.facts();
      const call = docker.containers.putArchive(id, tar, { path: "/tmp" });
      if (isPodman) {
        await call; // Podman writes to the file system beneath.
      } else {
        // 403 is what the specification says, 500 what Docker 20.10 and 400 what Docker 28 answers.
        const ways = [
          ["ReadOnly", 403],
          ["BadParameter", 400],
          ["ServerError", 500],
        ] as const;
        await failsInOneWay(call, ways, /read-only/);
      }
    });

    it("keeps a directory from being replaced by a file if asked to", async () => {
      const id = await create();
      await docker.containers.putArchive(id, tar, { path: "/tmp" });
      const options = { path: "/tmp", noOverwriteDirNonDir: true };
      const call = docker.containers.putArchive(id, tarOf({ name: "put", body: "x" }), options);
      await failsInOneWay(
        call,
        [
          ["BadParameter", 400],
          ["ServerError", 500],
        ],
        /cannot overwrite|non-directory|directory/i,
      );
    });
  });

  describe("export and import", () => {
    it("carry a file system over", async () => {
      const id = await run("printf exported > /file");
      const repo = `fairlead/${freshName()}`;
      const call = docker.images.import(await docker.containers.export(id), {
        repo,
        tag: "flat",
        changes: ['CMD ["cat", "/file"]', "LABEL from=export"],
        message: "made by a test",
      });
      try {
        const { id: imageId } = await call;
        const image = await docker.images.inspect(`${repo}:flat`);
        assert.ok(image.Id?.endsWith(imageId.replace("sha256:", "")), `${image.Id} ${imageId}`);
        assert.deepEqual([image.Config?.Cmd, image.Config?.Labels?.["from"]], [["cat", "/file"], "export"]);
        const copy = await create({ Image: `${repo}:flat`, Cmd: ["true"], Labels: testLabels });
        assert.equal(await contentOf(copy, "/file"), "exported");
      } finally {
        await docker.images.remove(`${repo}:flat`, { force: true }).outcome();
      }
    });

    it("of a container that is not there are an outcome", async () => {
      await fails(docker.containers.export(nobody), "NoSuchContainer", 404, /no such container/i);
    });

    it("of what is no tar are an error", async () => {
      const call = docker.images.import(Buffer.alloc(5000, "x"), { repo: "fairlead/broken" });
      await assert.rejects(call, (error: Error) => ["EngineStreamError", "StatusError"].includes(error.name));
    });

    it("from a URL that the engine cannot reach are a failure", async () => {
      const importing = () => docker.images.import(new URL("http://127.0.0.1:9/x.tar"), { repo: "fairlead/broken" });
      if (!(await isLacking(engine, importing))) {
        await assert.rejects(importing(), /refused|connect/i);
      }
    });
  });

  describe("commit", () => {
    it("makes an image of a container", async () => {
      const id = await run("printf kept > /file");
      const repo = `fairlead/${freshName()}`;
      const call = docker.containers.commit(id, {
        repo,
        tag: "one",
        changes: ["ENV A=b"],
        comment: "note",
        author: "me",
      });
      try {
        const { Id } = await succeeds(call, "Succeeded", 201);
        const image = await docker.images.inspect(`${repo}:one`);
        assert.ok(image.Id?.includes(Id.replace("sha256:", "")));
        assert.deepEqual([image.Comment, image.Author], ["note", "me"]);
        assert.ok(image.Config?.Env?.includes("A=b"));
        assert.deepEqual(image.Config?.Cmd, ["sh", "-c", "printf kept > /file"]);
        const copy = await create({ Image: `${repo}:one` });
        assert.equal(await contentOf(copy, "/file"), "kept");
      } finally {
        await docker.images.remove(`${repo}:one`, { force: true }).outcome();
      }
    });

    it("may change the configuration", async () => {
      const id = await create();
      const repo = `fairlead/${freshName()}`;
      try {
        await docker.containers.commit(id, { repo, config: { Cmd: ["date"], Labels: { a: "b" } } });
        const { Config } = await docker.images.inspect(repo);
        // Podman 4 takes no notice of a configuration.
        assert.deepEqual(Config?.Cmd, (await isOldPodman(engine)) ? ["sleep", "300"] : ["date"]);
      } finally {
        await docker.images.remove(repo, { force: true }).outcome();
      }
    });

    it("of a container that is not there is an outcome", async () => {
      await fails(docker.containers.commit(nobody), "NoSuchContainer", 404, /no such container/i);
    });
  });
});
