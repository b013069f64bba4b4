import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { AbortError, EngineStreamError, type ProgressEvent } from "../../src/index.ts";
import { forEachImageStore, testImage } from "../support/engines.ts";
import { fails, freshName, useWorkbench } from "./support.ts";

const { FAIRLEAD_TEST_REGISTRY: registry, CI } = process.env;

if (registry === undefined) {
  const title = "pulls are not run: no registry in FAIRLEAD_TEST_REGISTRY";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  forEachImageStore("pull", (engine) => {
    after(() => forget()); // while the workbench's client is open
    const { docker } = useWorkbench(engine);
    const repo = `${registry}/fairlead/${freshName()}`;
    const image = `${repo}:one`;
    const forget = () => docker.images.remove(image, { force: true }).outcome();

    before(async () => {
      await docker.images.tag(testImage, { repo, tag: "one" });
      const push = await docker.request("ImagePush", {
        path: { name: repo },
        parameters: { tag: "one", registryAuth: {} },
      });
      const answer: Uint8Array[] = [];
      for await (const bytes of push as AsyncIterable<Uint8Array>) {
        answer.push(bytes);
      }
      assert.doesNotMatch(Buffer.concat(answer).toString(), /"error/);
    });

    it("brings the image and says what it brought", async () => {
      await forget();
      const result = await docker.images.pull(image);
      assert.equal(result.image, image);
      const { isPodman } = await engine.facts();
      // Podman's progress tells neither.
      if (!isPodman) {
        assert.match(result.digest ?? "", /^sha256:[0-9a-f]{64}$/);
        assert.match(result.status ?? "", /Downloaded newer image/);
      }
      await docker.images.inspect(image);
    });

    it("is well when the image is there already", async () => {
      const outcome = await docker.images.pull(image).outcome();
      assert.deepEqual([outcome.kind, outcome.status], ["Succeeded", 200]);
      const { isPodman } = await engine.facts();
      if (!isPodman) {
        assert.match((outcome.kind === "Succeeded" && outcome.value.status) || "", /up to date/);
      }
    });

    it("reports its progress, and has its result afterwards", async () => {
      await forget();
      const call = docker.images.pull(image);
      const events: ProgressEvent[] = [];
      for await (const event of call) {
        events.push(event);
      }
      assert.ok(events.length > 0);
      assert.ok(events.some(({ status, stream, id }) => status ?? stream ?? id));
      assert.equal((await call).image, image);
      await docker.images.inspect(image);
    });

    it("of an image that the registry does not have is an outcome, or an error in the stream", async () => {
      const name = `${registry}/fairlead/no-such-image:never`;
      const { isPodman, version } = await engine.facts();
      if (isPodman && Number.parseInt(version, 10) < 5) {
        // Podman 4 answers 200 first and reports the failure in the stream.
        await assert.rejects(docker.images.pull(name), EngineStreamError);
        await assert.rejects(docker.images.pull(name).outcome(), EngineStreamError);
        await assert.rejects(docker.images.pull(name)[Symbol.asyncIterator]().next(), EngineStreamError);
        return;
      }
      await fails(docker.images.pull(name), "NoSuchRepository", 404, /manifest|not found|unknown/i);
      await assert.rejects(docker.images.pull(name)[Symbol.asyncIterator]().next(), { name: "StatusError" });
    });

    it("can be aborted", async () => {
      await forget();
      const controller = new AbortController();
      const call = docker.images.pull(image, { signal: controller.signal });
      controller.abort("enough");
      await assert.rejects(call, (error) => error instanceof AbortError && error.cause === "enough");
    });

    it("can be left in the middle of its progress", async () => {
      await forget();
      const call = docker.images.pull(image);
      for await (const event of call) {
        assert.equal(typeof event, "object");
        break;
      }
      await assert.rejects(call, AbortError);
    });
  });

  forEachImageStore("pull from a registry that nobody runs", (engine) => {
    const { docker } = useWorkbench(engine);

    it("is a failure in both views", async () => {
      const { isPodman, version } = await engine.facts();
      const name = "127.0.0.1:9/nothing:never";
      if (isPodman) {
        // Podman tries again and again before it answers, for longer than a test may take.
        const signal = AbortSignal.timeout(1_000);
        await assert.rejects(docker.images.pull(name, { signal }), AbortError, version);
        return;
      }
      await fails(docker.images.pull(name), "ServerError", 500, /connection refused/);
    });
  });
}
