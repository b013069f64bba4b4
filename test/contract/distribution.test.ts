import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { after, before, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { forEachImageStore, testImage } from "../support/engines.ts";
import { fails, failsUndocumented, freshName, succeeds } from "./support.ts";

const {
  FAIRLEAD_TEST_REGISTRY: registry,
  FAIRLEAD_TEST_REGISTRY_AUTH: guarded,
  FAIRLEAD_TEST_REGISTRY_USER: user = "",
  CI,
} = process.env;

if (registry === undefined || guarded === undefined) {
  const title = "distribution and auth are not run: no registries in FAIRLEAD_TEST_REGISTRY and …_AUTH";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  const [username = "", password = ""] = user.split(":");
  const credentials = { username, password, serveraddress: guarded };

  forEachImageStore("registries", (engine) => {
    const docker = new Docker({ host: engine.host });
    const name = freshName();
    const images = [`${registry}/fairlead/${name}`, `${guarded}/fairlead/${name}`] as const;
    before(async () => {
      if ((await engine.facts()).isPodman) {
        return;
      }
      for (const repo of images) {
        await docker.images.tag(testImage, { repo, tag: "one" });
        await docker.images.push(`${repo}:one`, { registryAuth: credentials });
      }
    });
    after(async () => {
      await Promise.all(images.map((repo) => docker.images.remove(`${repo}:one`).outcome()));
      await docker.close();
    });

    it("are asked for the digest of an image", async () => {
      if ((await engine.facts()).isPodman) {
        await fails(docker.distribution.inspect(`${images[0]}:one`), "NoSuchImage", 404, /not found/i);
        return;
      }
      const { Descriptor, Platforms } = await succeeds(
        docker.distribution.inspect(`${images[0]}:one`),
        "Succeeded",
        200,
      );
      assert.match(Descriptor.digest ?? "", /^sha256:[0-9a-f]{64}$/);
      // What an engine with containerd's image store has pushed tells no platform.
      assert.deepEqual(Platforms?.map(({ os }) => os) ?? ["linux"], ["linux"]);
      await fails(docker.distribution.inspect(`${registry}/fairlead/none:one`), "NoSuchImage", 404, /manifest unknown/);
      await fails(docker.distribution.inspect("No Name"), "BadParameter", 400, /invalid reference format/);
    });

    it("that want credentials get them, and else say nothing", async () => {
      if ((await engine.facts()).isPodman) {
        return;
      }
      const image = `${images[1]}:one`;
      await fails(docker.distribution.inspect(image), "ServerError", 500, /no basic auth credentials/);
      const { Descriptor } = await docker.distribution.inspect(image, { registryAuth: credentials });
      assert.match(Descriptor.digest ?? "", /^sha256:/);
    });

    it("check credentials", async () => {
      const { isPodman } = await engine.facts();
      if (isPodman) {
        // Podman speaks TLS to a registry here, whatever its settings say.
        await fails(docker.system.auth(credentials), "ServerError", 500, /HTTP response to HTTPS client/);
        return;
      }
      const { Status } = await succeeds(docker.system.auth(credentials), "Succeeded", 200);
      assert.equal(Status, "Login Succeeded");
      await fails(docker.system.auth({ ...credentials, password: "wrong" }), "ServerError", 500, /401 Unauthorized/);
      await fails(docker.system.auth({ ...credentials, serveraddress: "%%" }), "BadParameter", 400, /server address/);
    });

    it("that have an index are searched", async (t) => {
      const address = reachableFrom(registry);
      if (address === undefined) {
        t.skip("not run: the engines reach no index that the test can offer");
        return;
      }
      await using index = await offerIndex(address);
      const call = docker.images.search(`${index.address}/busybox`, { limit: 7 });
      if ((await engine.facts()).isPodman) {
        await fails(call, "ServerError", 500, /HTTP response to HTTPS client/);
        return;
      }
      if ((await engine.facts()).isEmbedded) {
        // Its registries lie within it.
        await fails(call, "ServerError", 500, /connection refused/);
        return;
      }
      const found = await succeeds(call, "Succeeded", 200);
      assert.deepEqual(
        found.map(({ name, is_official, star_count }) => [name, is_official, star_count]),
        [["busybox", true, 3]],
      );
      assert.ok(index.asked.includes("/v1/search?q=busybox&n=7"), index.asked.join());
    });

    it("that cannot be searched say so", async () => {
      const { isPodman } = await engine.facts();
      if (isPodman) {
        await failsUndocumented(docker.images.search(`${registry}/busybox`), 404, /image not known/);
        return;
      }
      await fails(docker.images.search(`${registry}/busybox`, { limit: 3 }), "ServerError", 500, /404/);
      await fails(docker.images.search(`${registry}/busybox`, { limit: 999 }), "BadParameter", 400, /limit/i);
      const filters = { nonsense: ["x"] } as object; // not a key that the types have
      await fails(docker.images.search("x", { filters }), "BadParameter", 400, /nonsense/);
    });
  });
}

/** The address of this machine in the registry's network, which the engines reach as well. */
function reachableFrom(registry: string): string | undefined {
  const network = registry.slice(0, registry.lastIndexOf(".") + 1);
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .find((address) => address.startsWith(network));
}

interface Index extends AsyncDisposable {
  readonly address: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
}

/** An index that finds one image, whatever is looked for. */
async function offerIndex(host: string): Promise<Index> {
  const asked: string[] = [];
  const result = { name: "busybox", description: "small", is_official: true, is_automated: false, star_count: 3 };
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const answer = url.startsWith("/v1/search") ? { num_results: 1, query: "busybox", results: [result] } : {};
    response.setHeader("Content-Type", "application/json").setHeader("X-Docker-Registry-Version", "0.9");
    response.setHeader("Connection", "close").end(JSON.stringify(answer));
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // of a server that listens on a port
  return {
    address: `${host}:${port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
