import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { forEachImageStore, testImage } from "../support/engines.ts";
import { fails, freshName, succeeds, useWorkbench } from "./support.ts";

/** What Docker and Podman say of an image that is not there. */
const unknown = /no such image|image not known/i;

const nothing = "fairlead/no-such-image:never";

forEachImageStore("images", (engine) => {
  const { docker, create, run } = useWorkbench(engine);
  const repo = `fairlead/${freshName()}`;
  afterEach(() => docker.images.remove(`${repo}:one`, { force: true }).outcome());

  it("are listed, and narrowed down by name", async () => {
    const images = await succeeds(docker.images.list({ filters: { reference: [testImage] } }), "Succeeded", 200);
    assert.equal(images.length, 1);
    assert.match(images[0]?.Id ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.ok(images[0]?.RepoTags?.some((tag) => tag.endsWith(testImage)));
    assert.ok((images[0]?.Size ?? 0) > 1_000_000);
    assert.deepEqual(await docker.images.list({ filters: { reference: [nothing] } }), []);
  });

  it("are inspected by name and by id", async () => {
    const image = await succeeds(docker.images.inspect(testImage), "Succeeded", 200);
    assert.equal(image.Os, "linux");
    assert.equal((await docker.images.inspect(image.Id ?? "")).Id, image.Id);
    await fails(docker.images.inspect(nothing), "NoSuchImage", 404, unknown);
  });

  it("have a history", async () => {
    const history = await succeeds(docker.images.history(testImage), "Succeeded", 200);
    assert.ok(history.length >= 1);
    assert.equal(typeof history[0]?.Created, "number");
    await fails(docker.images.history(nothing), "NoSuchImage", 404, unknown);
  });

  it("take another name, and lose it again", async () => {
    assert.equal(await succeeds(docker.images.tag(testImage, { repo, tag: "one" }), "Succeeded", 201), undefined);
    const { Id } = await docker.images.inspect(`${repo}:one`);
    assert.equal(Id, (await docker.images.inspect(testImage)).Id);
    const removed = await succeeds(docker.images.remove(`${repo}:one`), "Succeeded", 200);
    assert.ok(removed.some(({ Untagged }) => Untagged?.endsWith(`${repo}:one`)));
    await docker.images.inspect(testImage);
    await fails(docker.images.remove(`${repo}:one`), "NoSuchImage", 404, unknown);
    await fails(docker.images.tag(nothing, { repo, tag: "one" }), "NoSuchImage", 404, unknown);
  });

  it("are deleted with their last name, unless a container uses them", async () => {
    const ended = await run("echo x > /made");
    const commit = { container: ended, repo, tag: "one" };
    await docker.request("ImageCommit", { parameters: commit, body: {} });
    const user = await create({ Image: `${repo}:one` });
    const call = docker.images.remove(`${repo}:one`);
    await fails(call, "Conflict", 409, /in use|being used|using/i);
    await docker.containers.remove(user);
    const removed = await docker.images.remove(`${repo}:one`);
    assert.ok(removed.some(({ Deleted }) => Deleted !== undefined));
    await fails(docker.images.inspect(`${repo}:one`), "NoSuchImage", 404);
  });
});
