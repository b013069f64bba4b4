import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { buffer } from "node:stream/consumers";
import { it } from "node:test";
import { unpackTar } from "modern-tar";
import { EngineStreamError, InvalidRequestError, type ProgressEvent } from "../../src/index.ts";
import { forEachImageStore, testImage } from "../support/engines.ts";
import { fails, failsInOneWay, freshName, useWorkbench } from "./support.ts";

forEachImageStore("images as tars", (engine) => {
  const { docker } = useWorkbench(engine);
  /** Gives the test image more names, and takes them away afterwards. */
  const withNames = async (count: number, work: (names: string[]) => Promise<void>) => {
    const names = Array.from({ length: count }, () => `fairlead/${freshName()}:saved`);
    for (const name of names) {
      await docker.images.tag(testImage, { repo: name.replace(/:saved$/, ""), tag: "saved" });
    }
    try {
      await work(names);
    } finally {
      await Promise.all(names.map((name) => docker.images.remove(name, { force: true }).outcome()));
    }
  };
  const manifestOf = async (tar: Uint8Array) => {
    const entries = await unpackTar(tar, { strict: true });
    const manifest = entries.find(({ header }) => header.name === "manifest.json");
    return JSON.parse(Buffer.from(manifest?.data ?? []).toString()) as { RepoTags: string[] }[];
  };

  it("are saved one by one, and loaded again under their names", async () => {
    await withNames(1, async ([name = ""]) => {
      const tar = await buffer(docker.images.save(name));
      const tags = (await manifestOf(tar)).flatMap(({ RepoTags }) => RepoTags);
      assert.ok(tags.length === 1 && tags[0]?.endsWith(name), String(tags));
      await docker.images.remove(name);
      await failsInOneWay(docker.images.inspect(name), [["NoSuchImage", 404]]);
      const { images } = await docker.images.load(tar);
      assert.ok(images.length === 1 && images[0]?.endsWith(name), String(images));
      await docker.images.inspect(name);
    });
  });

  it("are saved several at once, also into each other's stream", async () => {
    await withNames(2, async (names) => {
      const tar = await buffer((await docker.images.save(names)).toNodeStream());
      const tags = (await manifestOf(tar)).flatMap(({ RepoTags }) => RepoTags);
      assert.equal(names.filter((name) => tags.some((tag) => tag.endsWith(name))).length, 2, String(tags));
      await Promise.all(names.map((name) => docker.images.remove(name)));
      const outcome = await docker.images.load([tar.subarray(0, 5000), tar.subarray(5000)]).outcome();
      assert.deepEqual([outcome.kind, outcome.status], ["Succeeded", 200]);
      const { images } = outcome.kind === "Succeeded" ? outcome.value : assert.fail();
      assert.equal(images.length, 2, String(images));
      for (const name of names) {
        await docker.images.inspect(name);
      }
      await docker.images.load(await docker.images.save(names));
    });
  });

  it("report their progress while they are loaded", async () => {
    await withNames(1, async ([name = ""]) => {
      const call = docker.images.load(await docker.images.save(name));
      const events: ProgressEvent[] = [];
      for await (const event of call) {
        events.push(event);
      }
      assert.ok(
        events.some(({ stream }) => stream?.includes("Loaded image")),
        JSON.stringify(events),
      );
      assert.equal((await call).images.length, 1);
    });
  });

  it("that are not there are an outcome", async () => {
    const { isPodman } = await engine.facts();
    const [kind, status] = isPodman ? (["ServerError", 500] as const) : (["NoSuchImage", 404] as const);
    await failsInOneWay(docker.images.save("fairlead/nothing:never"), [
      ["NoSuchImage", 404],
      [kind, status],
    ]);
    await failsInOneWay(docker.images.save([testImage, "fairlead/nothing:never"]), [
      ["NoSuchImage", 404],
      [kind, status],
    ]);
  });

  it("without a name are refused before anything is sent", async () => {
    await assert.rejects(docker.images.save([]), InvalidRequestError);
    await assert.rejects(docker.images.save(""), InvalidRequestError);
  });

  it("of what is no tar are an error in the stream, or an outcome", async () => {
    const { isPodman } = await engine.facts();
    const garbage = Buffer.alloc(100_000, "garbage");
    if (isPodman) {
      await fails(docker.images.load(garbage), "ServerError", 500);
    } else {
      await assert.rejects(docker.images.load(garbage), EngineStreamError);
      await assert.rejects(docker.images.load(garbage).outcome(), EngineStreamError);
    }
  });
});
