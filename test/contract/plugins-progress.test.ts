import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import { Docker, type ProgressEvent } from "../../src/index.ts";
import { forEachEngine } from "../support/engines.ts";
import { fails, freshName, isLacking } from "./support.ts";

const { FAIRLEAD_TEST_REGISTRY: registry, CI } = process.env;

/** The smallest plugin there is: it is never enabled. */
const config = {
  description: "a plugin that does nothing",
  documentation: "",
  entrypoint: ["/none"],
  interface: { types: ["docker.dummy/1.0"], socket: "none.sock" },
  linux: { capabilities: ["CAP_SYS_ADMIN"] },
  network: { type: "host" },
  pidhost: false,
  workdir: "",
};

if (registry === undefined) {
  const title = "pulls of plugins are not run: no registry in FAIRLEAD_TEST_REGISTRY";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  forEachEngine("plugins that travel", (engine) => {
    const docker = new Docker({ host: engine.host });
    const name = `${registry}/fairlead/${freshName()}:one`;
    let tar: Uint8Array = new Uint8Array();

    before(async () => {
      tar = await pluginTar();
    });
    after(async () => {
      await docker.plugins
        .remove(name, { force: true })
        .outcome()
        .catch(() => {});
      await docker.close();
    });

    it("are made of a tar, pushed, pulled and upgraded", async (t) => {
      if ((await engine.facts()).isPodman) {
        t.skip("Podman has no managed plugins");
        return;
      }
      if (await isLacking(engine, () => docker.plugins.create(name, tar))) {
        return;
      }
      await docker.plugins.create(name, tar);
      const pushed = await docker.plugins.push(name);
      assert.equal(pushed.name, name);
      assert.match(pushed.digest ?? "", /^sha256:[0-9a-f]{64}$/);
      await docker.plugins.remove(name);

      const privileges = await docker.plugins.privileges(name);
      assert.deepEqual(privileges.map(({ Name }) => Name).sort(), ["capabilities", "network"]);
      await assert.rejects(docker.plugins.pull(name), /incorrect privileges|privileges/);
      const events: ProgressEvent[] = [];
      const pull = docker.plugins.pull(name, { privileges });
      for await (const event of pull) {
        events.push(event);
      }
      assert.ok(events.length > 0);
      const pulled = await pull;
      assert.equal(pulled.name, name);
      assert.equal((await docker.plugins.inspect(name)).Enabled, false);

      const upgraded = await docker.plugins.upgrade(name, name, { privileges });
      assert.equal(upgraded.name, name);
      await assert.rejects(docker.plugins.pull(name, { privileges }), /already exists/);
    });

    it("fail in the stream or in the answer when the registry does not have them", async (t) => {
      if ((await engine.facts()).isPodman) {
        t.skip("Podman has no managed plugins");
        return;
      }
      const nowhere = `${registry}/fairlead/no-such-plugin:never`;
      if (await isLacking(engine, () => docker.plugins.pull(nowhere))) {
        return;
      }
      await assert.rejects(docker.plugins.pull(nowhere), /not found|unknown|manifest/i);
      await fails(docker.plugins.push("no-such-plugin"), "NoSuchPlugin", 404);
    });
  });
}

async function pluginTar(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  try {
    await mkdir(join(folder, "rootfs"));
    await writeFile(join(folder, "rootfs", "none"), "");
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    const command = promisify(execFile);
    const { stdout } = await command("tar", ["-C", folder, "-c", "config.json", "rootfs"], { encoding: "buffer" });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
