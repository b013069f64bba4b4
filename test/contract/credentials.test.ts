import assert from "node:assert/strict";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { inspect } from "node:util";
import { CredentialsError, Docker, type DockerOptions, EngineStreamError } from "../../src/index.ts";
import { ConfigFolder } from "../config/support.ts";
import { forEachImageStore, swarmEngine, testImage, testLabels } from "../support/engines.ts";
import { FakeHelpers } from "../support/fake-helper.ts";
import { leakCheck } from "../support/leaks.ts";
import { pluginTar } from "../support/plugin.ts";
import { run } from "../support/scripts.ts";
import { freshName, isLacking } from "./support.ts";
import { removeServices, serviceOf, useSwarm } from "./swarm-support.ts";

const { FAIRLEAD_TEST_REGISTRY_AUTH: guarded, FAIRLEAD_TEST_REGISTRY_USER: user = "", CI } = process.env;
const hasCli = await run("docker", ["--version"]).then(
  () => true,
  () => false,
);

if (guarded === undefined) {
  const title = "credentials are not run: no registry in FAIRLEAD_TEST_REGISTRY_AUTH";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  const [username = "", password = ""] = user.split(":");
  const auth = { auth: Buffer.from(user).toString("base64") };
  // Podman says of a push only at what it failed, before it comes to why.
  const refusal = /no basic auth credentials|authentication required|unauthorized|checking whether a blob/i;
  // Docker 20.10 asks over TLS, and the others look for a session.
  const noSession = /no active sessions|no basic auth|HTTP response to HTTPS client/;

  forEachImageStore(
    "credentials",
    (engine) => {
      useSwarm(engine);
      const repo = `${guarded}/fairlead/${freshName()}`;
      const image = `${repo}:one`;
      let folder: ConfigFolder;
      let helpers: FakeHelpers;
      const docker = new Docker({ host: engine.host, credentials: false });
      const forget = () => docker.images.remove(image, { force: true }).outcome();

      before(async () => {
        [folder, helpers] = [await ConfigFolder.make(), await FakeHelpers.make()];
        await folder.write("file/config.json", { auths: { [guarded]: auth } });
        await folder.write("helper/config.json", { credHelpers: { [guarded]: "real" } });
        await helpers.add("real", { [guarded]: { Username: username, Secret: password } });
        await docker.images.tag(testImage, { repo, tag: "one" });
        await docker.images.push(image, { registryAuth: { username, password } });
      });
      after(async () => {
        await forget();
        await docker.close();
        await helpers[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      });
      leakCheck();

      /** A client whose credentials are in that folder. */
      const client = (name: string, options: DockerOptions = {}) =>
        new Docker({ host: engine.host, configFolder: join(folder.path, name), ...options });
      const onDocker = (title: string, body: () => Promise<void>) =>
        it(title, async (t) => {
          if ((await engine.facts()).isPodman) {
            t.skip("Podman does not have it");
            return;
          }
          await body();
        });

      for (const source of ["file", "helper"]) {
        it(`of a ${source} go with pulls and pushes by themselves`, async () => {
          await using own = client(source);
          await forget();
          await own.images.pull(image);
          await own.images.push(image);
          await assert.rejects(own.images.push(image, { registryAuth: false }), refusal);
          await assert.rejects(docker.images.push(image), refusal);
        });
      }

      it("of DOCKER_AUTH_CONFIG win over those of the file", async () => {
        await folder.write("wrong/config.json", {
          auths: { [guarded]: { auth: Buffer.from("no:no").toString("base64") } },
        });
        await using wrong = client("wrong");
        process.env["DOCKER_AUTH_CONFIG"] = JSON.stringify({ auths: { [guarded]: auth } });
        await using right = client("wrong");
        delete process.env["DOCKER_AUTH_CONFIG"];
        await assert.rejects(wrong.images.push(image), refusal);
        await right.images.push(image);
      });

      it("of a provider go with a container that is run", async () => {
        await forget();
        const asked: string[] = [];
        const get = async (registry: string) => {
          asked.push(registry);
          return { username, password };
        };
        await using own = client("none", { credentials: { get } });
        const spec = { Image: image, Cmd: ["echo", "hi"], Labels: { ...testLabels } };
        const { stdout } = await own.containers.run(spec);
        assert.equal(stdout, "hi\n");
        // Now the image is there, and no registry is asked.
        await own.containers.run(spec);
        assert.deepEqual(asked, [guarded]);
      });

      it("of other registries are not for this one", async () => {
        await folder.write("others/config.json", {
          auths: { "https://index.docker.io/v1/": auth, [`${guarded}0`]: auth, [guarded.split(":")[0] ?? ""]: auth },
        });
        await using others = client("others");
        await assert.rejects(others.images.push(image), refusal);
      });

      it("that a helper does not give end the call before anything is sent", async () => {
        await helpers.script("locked", `console.log("the keychain is locked"); process.exit(1);`);
        await folder.write("locked/config.json", { credsStore: "locked" });
        await using locked = client("locked");
        await assert.rejects(locked.images.pull(image), CredentialsError);
        await assert.rejects(locked.images.build(Buffer.from("no tar")), /locked/);
        // Others need none.
        await locked.images.inspect(testImage);
        await locked.images.push(image, { registryAuth: { username, password } });
        assert.equal((await helpers.calls("locked")).length, 2);
      });

      it("go with a build from a private image, by the classic builder", async () => {
        await folder.write("context/Dockerfile", `FROM ${image}\nLABEL private=yes\n`);
        const context = join(folder.path, "context");
        await using own = client("helper");
        const { isPodman } = await engine.facts();
        const labels = { ...testLabels };
        await forget();
        await assert.rejects(docker.images.build(context, { labels, nocache: true }), refusal);
        if (!isPodman) {
          // It takes them through a session only, which this build has not.
          await assert.rejects(own.images.build(context, { labels, version: "2" }), noSession);
        }
        const { id = "" } = await own.images.build(context, { labels, nocache: true });
        const { Config } = await own.images.inspect(id);
        assert.equal(Config?.Labels?.["private"], "yes");
        await own.images.remove(id, { force: true });
      });

      onDocker("go with an inspection in the registry", async () => {
        await using own = client("helper");
        const { Descriptor } = await own.distribution.inspect(image);
        assert.match(Descriptor.digest ?? "", /^sha256:/);
        await assert.rejects(docker.distribution.inspect(image), refusal);
      });

      onDocker("go with plugins", async () => {
        await using own = client("helper");
        const name = `${guarded}/fairlead/${freshName()}:one`;
        if (await isLacking(engine, () => own.plugins.create(name, pluginTar()))) {
          return;
        }
        await own.plugins.create(name, pluginTar());
        try {
          await assert.rejects(docker.plugins.push(name), EngineStreamError);
          await own.plugins.push(name);
          await own.plugins.remove(name);
          const privileges = await own.plugins.privileges(name);
          await own.plugins.pull(name, { privileges });
          await own.plugins.upgrade(name, name, { privileges });
        } finally {
          await own.plugins.remove(name, { force: true }).outcome();
        }
      });

      onDocker("go with a service on request, for its nodes", async () => {
        await using own = client("helper");
        await forget();
        const deploy = (options: { registryAuth?: true; timeoutMs: number }) => {
          const spec = serviceOf("sleep 300");
          const ContainerSpec = { ...spec.TaskTemplate?.ContainerSpec, Image: image };
          return own.services.deploy({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } }, options);
        };
        try {
          const told: string[] = [];
          for await (const { taskErrors } of deploy({ timeoutMs: 120_000 })) {
            told.push(...taskErrors);
            if (told.length > 0) break;
          }
          assert.match(told.join(), /No such image/);
          await deploy({ registryAuth: true, timeoutMs: 120_000 });
        } finally {
          await removeServices(docker);
        }
      });

      onDocker("are kept by a login and forgotten by a logout, in the file and with a helper", async () => {
        await helpers.add("empty");
        await folder.write("in-helper/config.json", { credsStore: "empty" });
        for (const name of ["in-file", "in-helper"]) {
          await using own = client(name);
          await assert.rejects(own.registry.login({ username, password: "wr0ng", serveraddress: guarded }), (error) => {
            assert.doesNotMatch(inspect(error, { depth: 9 }), /wr0ng/);
            return true;
          });
          await assert.rejects(own.images.pull(image), refusal);
          await own.registry.login({ username, password, serveraddress: guarded });
          await own.images.pull(image);
          await own.registry.logout(guarded);
          await assert.rejects(own.images.pull(image), refusal);
          const left = JSON.parse(await readFile(join(folder.path, name, "config.json"), "utf8"));
          assert.deepEqual(left.auths, {});
        }
        assert.deepEqual(await helpers.kept("empty"), {});
      });

      onDocker("are those of the docker command line, and the other way round", async () => {
        if (!hasCli) {
          assert.equal(CI, undefined, "There is no docker CLI on PATH");
          return;
        }
        const cli = (name: string, ...args: string[]) =>
          run("docker", ["--config", join(folder.path, name), "-H", engine.host, ...args]);
        await using ours = client("ours");
        await using theirs = client("theirs");
        await ours.registry.login({ username, password, serveraddress: guarded });
        assert.equal((await cli("ours", "pull", "-q", image)).exitCode, 0);
        assert.equal((await cli("theirs", "login", "-u", username, "-p", password, guarded)).exitCode, 0);
        await theirs.images.pull(image);
      });

      onDocker("cannot be kept where config.json cannot be written", async () => {
        if (process.getuid?.() === 0) {
          return; // root may write anywhere
        }
        const file = await folder.write("readonly/config.json", {});
        await chmod(join(file, ".."), 0o500);
        await using own = client("readonly");
        await assert.rejects(
          own.registry.login({ username, password, serveraddress: guarded }),
          /cannot be written: EACCES/,
        );
      });
    },
    swarmEngine,
  );
}
