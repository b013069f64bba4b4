import assert from "node:assert/strict";
import { afterEach, it } from "node:test";
import { InvalidRequestError } from "../../src/index.ts";
import { forEachImageStore, testImage, testLabels } from "../support/engines.ts";
import {
  fails,
  failsInOneWay,
  failsUndocumented,
  freshName,
  isOldPodman,
  nobody,
  succeeds,
  useWorkbench,
} from "./support.ts";

const unknown = { nonsense: ["x"] } as object; // not a key that the types of any filters have

forEachImageStore("what the engine holds", (engine) => {
  const { docker, create, run } = useWorkbench(engine);
  const volume = freshName();
  afterEach(() => docker.volumes.remove(volume, { force: true }).outcome());

  it("is told with the space that it takes", async () => {
    await docker.volumes.create({ Name: volume, Labels: { ...testLabels } });
    const id = await create({ HostConfig: { Binds: [`${volume}:/data`] } });
    const { Containers, Images, Volumes, LayersSize } = await succeeds(docker.system.df(), "Succeeded", 200);
    // Podman 4 tells the size of no image.
    if (!(await isOldPodman(engine))) {
      assert.ok((LayersSize ?? 0) > 1_000_000);
      assert.ok(Images?.some(({ Size }) => (Size ?? 0) > 1_000_000));
    }
    assert.ok(Containers?.some(({ Id }) => Id === id));
    const found = Volumes?.find(({ Name }) => Name === volume);
    assert.equal(found?.UsageData?.RefCount, 1);
  });

  it("is told in part, where the engine can", async () => {
    const { isPodman, apiVersion } = await engine.facts();
    const call = docker.system.df({ type: ["volume", "container"] });
    if (Number(apiVersion.slice(2)) < 42) {
      await assert.rejects(call, (error) => error instanceof InvalidRequestError && error.parameter === "type");
      return;
    }
    const { Images } = await call;
    if (!isPodman) {
      assert.equal(Images?.length ?? 0, 0);
      await fails(docker.system.df({ type: ["nonsense" as "volume"] }), "BadParameter", 400, /unknown object type/);
    }
  });

  it("loses the images that nobody needs", async (t) => {
    const { isPodman } = await engine.facts();
    if (await isOldPodman(engine)) {
      t.skip("Podman 4 takes a filter for dangling images to be given twice");
      return;
    }
    const ended = await run("echo x > /made");
    const repo = `fairlead/${freshName()}`;
    const Labels = { ...testLabels, prune: repo };
    const { Id } = await docker.request("ImageCommit", {
      parameters: { container: ended, repo, tag: "one" },
      body: { Labels },
    });
    const label = [`prune=${repo}`];
    const spared = await succeeds(docker.images.prune({ filters: { label } }), "Succeeded", 200);
    assert.equal(spared.ImagesDeleted?.length ?? 0, 0);
    const { ImagesDeleted, SpaceReclaimed } = await docker.images.prune({ filters: { label, dangling: ["false"] } });
    assert.ok(ImagesDeleted?.some(({ Deleted }) => Deleted?.includes(Id.replace("sha256:", ""))));
    assert.equal(typeof SpaceReclaimed, "number");
    await fails(docker.images.inspect(`${repo}:one`), "NoSuchImage", 404);
    const call = docker.images.prune({ filters: unknown });
    await (isPodman ? fails(call, "ServerError", 500, /nonsense/) : fails(call, "BadParameter", 400, /nonsense/));
  });

  it("loses its cache of builds, and forgets builds that are not there", async () => {
    if ((await engine.facts()).isPodman) {
      await failsUndocumented(docker.images.buildPrune(), 404, /not found/i);
      await failsUndocumented(docker.images.buildCancel("x"), 404, /not found/i);
      return;
    }
    const { SpaceReclaimed } = await succeeds(
      docker.images.buildPrune({ filters: { id: [nobody] } }),
      "Succeeded",
      200,
    );
    assert.equal(SpaceReclaimed, 0);
    assert.equal(await succeeds(docker.images.buildCancel(nobody), "Succeeded", 200), undefined);
    const nameless = docker.images.buildCancel("");
    await failsInOneWay(nameless, [["BadParameter", 400] as const, ["ServerError", 500]], /not provided/);
  });

  it("has attestations of images since API 1.55", async () => {
    const { apiVersion, isPodman } = await engine.facts();
    if (isPodman || Number(apiVersion.slice(2)) < 55) {
      const refusal = (error: unknown) => error instanceof InvalidRequestError && /API 1\.55/.test(error.message);
      await assert.rejects(docker.images.attestations(testImage), refusal);
      return;
    }
    await failsInOneWay(docker.images.attestations(nobody), [["NoSuchImage", 404] as const, ["NotSupported", 501]]);
  });
});
