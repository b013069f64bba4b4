import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Docker, EngineStreamError, type ProgressEvent, StatusError } from "../../src/index.ts";
import { type EmbeddedEngine, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";

const greet = () => 0;

async function withEngine(body: (docker: Docker, engine: EmbeddedEngine) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  await using docker = new Docker({ host: engine.host });
  await body(docker, engine);
}

async function refusal(call: PromiseLike<unknown>, status: number, message: string): Promise<void> {
  const error = await call.then(
    () => assert.fail("it was not refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StatusError, String(error));
  assert.deepEqual([error.status, error.engineMessage], [status, message]);
}

async function statuses(call: AsyncIterable<ProgressEvent>): Promise<string[]> {
  const found: string[] = [];
  for await (const { status = "" } of call) found.push(status.replace(/[0-9a-f]{64}/, "…"));
  return found;
}

describe("registries of an embedded engine", () => {
  leakCheck();

  it("give images layer by layer, which are not here before", () =>
    withEngine(async (docker, engine) => {
      engine.image("far:1", greet, { files: { "/a": "one" }, layers: [{ "/b": "two" }], pulled: false });
      await refusal(docker.containers.create({ Image: "far:1" }), 404, "No such image: far:1");
      const layer = ["Downloading", "Downloading", "Verifying Checksum", "Download complete"];
      const unpacked = ["Extracting", "Pull complete"];
      assert.deepEqual(await statuses(docker.images.pull("far:1")), [
        ...["Pulling from library/far", "Pulling fs layer", "Pulling fs layer"],
        ...[...layer, ...layer, ...unpacked, ...unpacked],
        ...["Digest: sha256:…", "Status: Downloaded newer image for far:1"],
      ]);
      assert.equal((await docker.images.pull("far:1")).status, "Image is up to date for far:1");
      const { RepoDigests } = await docker.images.inspect("far:1");
      const [digest = ""] = RepoDigests;
      await docker.images.remove("far:1");
      await docker.images.pull(digest);
      assert.deepEqual((await docker.images.inspect(digest)).RepoTags, []);
      assert.deepEqual(
        (await docker.images.search("far")).map(({ name }) => name),
        ["far"],
      );
    }));

  it("say what they do not have, or do not give", () =>
    withEngine(async (docker, engine) => {
      engine.image("far:1", greet, { pulled: false });
      engine.registry("open.test:5000");
      const denied =
        "pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied";
      await refusal(docker.images.pull("x"), 404, denied);
      await refusal(
        docker.images.pull("far:2"),
        404,
        "manifest for far:2 not found: manifest unknown: manifest unknown",
      );
      const unknown = "manifest for open.test:5000/x:1 not found: manifest unknown: manifest unknown";
      await refusal(docker.images.pull("open.test:5000/x:1"), 404, unknown);
      const lost = 'Get "https://nobody.test/v2/": dial tcp: lookup nobody.test: no such host';
      await refusal(docker.images.pull("nobody.test/x:1"), 500, lost);
      const refused = 'Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused';
      await refusal(docker.images.pull("127.0.0.1:9/x:1"), 500, refused);
    }));

  it("take images, and send no layer twice", () =>
    withEngine(async (docker, engine) => {
      engine.registry("open.test:5000");
      engine.image("open.test:5000/mine:1", greet, { files: { "/a": "one" } });
      const first = await docker.images.push("open.test:5000/mine:1");
      const { Descriptor } = await docker.distribution.inspect("open.test:5000/mine:1");
      assert.deepEqual([first.digest, first.manifestBytes], [Descriptor.digest, Descriptor.size]);
      const again = await statuses(docker.images.push("open.test:5000/mine:1"));
      assert.ok(again.includes("Layer already exists") && !again.includes("Pushed"));
      await assert.rejects(docker.images.push("open.test:5000/none:1"), (error) => {
        assert.ok(error instanceof EngineStreamError);
        const message = "An image does not exist locally with the tag: open.test:5000/none";
        assert.equal(error.engineMessage, message);
        return true;
      });
    }));

  it("let in whom they know", () =>
    withEngine(async (docker, engine) => {
      const host = "guarded.test:5000";
      const known = { username: "user", password: "secret", serveraddress: host };
      const wrong = { ...known, password: "wrong" };
      engine.registry(host, { user: "secret" });
      engine.image(`${host}/far:1`, greet, { pulled: false });
      const nobody = `Head "https://${host}/v2/far/manifests/1": no basic auth credentials`;
      await refusal(docker.images.pull(`${host}/far:1`), 500, nobody);
      const unauthorized = "unauthorized: authentication required";
      await refusal(docker.images.pull(`${host}/far:1`, { registryAuth: wrong }), 401, unauthorized);
      await docker.images.pull(`${host}/far:1`, { registryAuth: known });
      await assert.rejects(docker.images.push(`${host}/far:1`), /no basic auth credentials/);
      await docker.images.push(`${host}/far:1`, { registryAuth: known });
      assert.equal((await docker.system.auth(known)).Status, "Login Succeeded");
      const failed = `login attempt to https://${host}/v2/ failed with status: 401 Unauthorized`;
      await refusal(docker.system.auth(wrong), 500, failed);
    }));
});
