import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { AbortError, EngineStreamError, InvalidRequestError, type ProgressEvent } from "../../src/index.ts";
import { forEachImageStore, testImage } from "../support/engines.ts";
import { fails, freshName, isOldPodman, useWorkbench } from "./support.ts";

/** The second registry wants `FAIRLEAD_TEST_REGISTRY_USER`, which is `name:password`. */
const {
  FAIRLEAD_TEST_REGISTRY: registry,
  FAIRLEAD_TEST_REGISTRY_AUTH: guarded,
  FAIRLEAD_TEST_REGISTRY_USER: user,
  CI,
} = process.env;

if (registry === undefined) {
  const title = "pushes are not run: no registry in FAIRLEAD_TEST_REGISTRY";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  forEachImageStore("push", (engine) => {
    after(() => docker.images.remove(image, { force: true }).outcome()); // while the workbench's client is open
    const { docker } = useWorkbench(engine);
    const repo = `${registry}/fairlead/${freshName()}`;
    const image = `${repo}:one`;

    before(() => docker.images.tag(testImage, { repo, tag: "one" }));

    it("brings the image to its registry, and says under which digest", async () => {
      const pushed = await docker.images.push(image);
      assert.equal(pushed.image, image);
      const { isPodman } = await engine.facts();
      const pulled = await docker.images.pull(image);
      // Podman's progress tells no digest.
      if (!isPodman) {
        assert.equal(pushed.digest, pulled.digest);
        assert.match(pushed.digest ?? "", /^sha256:[0-9a-f]{64}$/);
        assert.ok((pushed.manifestBytes ?? 0) > 100);
      }
    });

    it("reports its progress, and has its result afterwards", async () => {
      const call = docker.images.push(image);
      const events: ProgressEvent[] = [];
      for await (const event of call) {
        events.push(event);
      }
      assert.ok(events.length > 0);
      assert.equal((await call).image, image);
    });

    it("pulls only what is missing if it is told so", async () => {
      await docker.images.push(image);
      const there = await docker.images.pull(image, { policy: "missing" });
      assert.deepEqual(there, { image, asked: false, digest: undefined, status: undefined });
      for await (const event of docker.images.pull(image, { policy: "missing" })) {
        assert.fail(`an image that is there has no progress: ${JSON.stringify(event)}`);
      }
      await docker.images.remove(image, { force: true });
      assert.equal((await docker.images.pull(image, { policy: "missing" })).asked, true);
      await docker.images.inspect(image);
    });

    it("of an image that is not there is an error in the stream, or an outcome", async () => {
      const { isPodman } = await engine.facts();
      const name = `${repo}:never`;
      if (isPodman) {
        await fails(docker.images.push(name), "NoSuchImage", 404);
        return;
      }
      const views = [() => docker.images.push(name), () => docker.images.push(name).outcome()];
      for (const view of views) {
        await assert.rejects(view, (error) => {
          assert.ok(error instanceof EngineStreamError);
          assert.match(error.engineMessage, /not exist/);
          return true;
        });
      }
    });

    it("refuses a digest, which nothing can be pushed to", async () => {
      const call = docker.images.push(`${repo}@sha256:${"0".repeat(64)}`);
      await assert.rejects(call, InvalidRequestError);
    });

    it("can be aborted", async () => {
      const controller = new AbortController();
      const call = docker.images.push(image, { signal: controller.signal });
      controller.abort("enough");
      await assert.rejects(call, (error) => error instanceof AbortError && error.cause === "enough");
    });

    it("can be left in the middle of its progress", async () => {
      const call = docker.images.push(image);
      for await (const event of call) {
        assert.equal(typeof event, "object");
        break;
      }
      await assert.rejects(call, AbortError);
    });

    it("sends the registry's credentials", { skip: guarded === undefined }, async () => {
      const [username = "", password = ""] = (user ?? "").split(":");
      const theirs = `${guarded}/fairlead/${freshName()}`;
      const name = `${theirs}:one`;
      await docker.images.tag(testImage, { repo: theirs, tag: "one" });
      const { isPodman } = await engine.facts();
      const isAtOnce = isPodman && !(await isOldPodman(engine));
      const refusal = {
        name: isAtOnce ? "StatusError" : "EngineStreamError",
        message: /no basic auth|[: ](authentication required|unauthorized)/i,
      };
      try {
        await assert.rejects(docker.images.push(name), refusal);
        const wrong = docker.images.push(name, { registryAuth: { username, password: "wrong" } });
        await assert.rejects(wrong, refusal);
        await docker.images.push(name, { registryAuth: { username, password } });
      } finally {
        await docker.images.remove(name, { force: true }).outcome();
      }
    });
  });
}
