import assert from "node:assert/strict";
import { it } from "node:test";
import { BuildError } from "../../src/index.ts";
import { forEachImageStore } from "../support/engines.ts";
import { freshName, isLacking, until, useWorkbench } from "./support.ts";

/** Serves a Dockerfile, alone and in a tar, to the engine itself. */
const serve = `
  mkdir /www
  printf 'FROM scratch\\nLABEL made=there\\n' > /www/Dockerfile
  tar -C /www -cf /tmp/context.tar Dockerfile
  mv /tmp/context.tar /www
  httpd -p 80 -h /www
  echo ready
  exec sleep 300
`;

forEachImageStore("build of an address", (engine) => {
  const { docker, start } = useWorkbench(engine);
  const startServer = async (): Promise<string> => {
    const id = await start({ Cmd: ["sh", "-c", serve] });
    await until(async () => (await docker.containers.logs(id).text()).includes("ready"), "the server is ready");
    const { NetworkSettings } = await docker.containers.inspect(id);
    const [network] = Object.values(NetworkSettings?.Networks ?? {});
    return network?.IPAddress ?? "";
  };

  for (const version of ["1", "2"] as const) {
    for (const file of ["Dockerfile", "context.tar"]) {
      it(`fetches a ${file} with ${version === "1" ? "the classic builder" : "BuildKit"}`, async (t) => {
        const { isPodman } = await engine.facts();
        if (isPodman && version === "2") {
          t.skip("Podman has no BuildKit");
          return;
        }
        const name = `${freshName()}:one`;
        const address = new URL(`http://${await startServer()}/${file}`);
        const build = () => docker.images.build(address, { version, t: [name] });
        if (await isLacking(engine, build)) {
          return;
        }
        if (isPodman) {
          // Podman takes no address: it looks for the Dockerfile in the request's body.
          await assert.rejects(build(), BuildError);
          return;
        }
        const { id } = await build();
        const image = await docker.images.inspect(name);
        assert.equal(image.Id, id);
        assert.equal(image.Config?.Labels?.["made"], "there");
        await docker.images.remove(name);
      });
    }
  }
});
