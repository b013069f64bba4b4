import assert from "node:assert/strict";
import { after, afterEach, beforeEach, it } from "node:test";
import { Contexts, Docker } from "../../src/index.ts";
import { ConfigFolder, type GivenContext, setEnvironment } from "../config/support.ts";
import { forEachEngine } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";
import { pemsIn, SshHome, sshHosts, tlsFolders, tlsHosts } from "../support/ways.ts";

if (tlsHosts.size === 0 || sshHosts.size === 0) {
  const title = "engines over TLS and ssh are not looked for: FAIRLEAD_TEST_TLS or FAIRLEAD_TEST_SSH is not set";
  console.error(title);
  it(title, { skip: process.env["CI"] === undefined }, () => assert.fail(title));
}

forEachEngine("an engine that the surroundings name", (engine) => {
  leakCheck();
  const saved = { ...process.env };
  let folder: ConfigFolder;
  beforeEach(async () => {
    folder = await ConfigFolder.make();
    setEnvironment({ DOCKER_CONFIG: folder.path });
  });
  afterEach(() => folder[Symbol.asyncDispose]());
  after(() => setEnvironment(saved));

  /** Asks the engine of the surroundings, and expects it to be this one. */
  async function isReached(): Promise<void> {
    await using docker = new Docker();
    const { Version } = await docker.system.version();
    assert.equal(Version, (await engine.facts()).version);
  }

  async function isReachedByContext(context: GivenContext): Promise<void> {
    await folder.context("there", context);
    await new Contexts().use("there");
    await isReached();
  }

  it("is reached by DOCKER_HOST", async () => {
    process.env["DOCKER_HOST"] = engine.host;
    await isReached();
  });

  it("is reached by the context in use", () => isReachedByContext({ host: engine.host }));

  it("is reached by DOCKER_CONTEXT, whatever context is in use", async () => {
    await folder.context("here", { host: engine.host });
    process.env["DOCKER_CONTEXT"] = "here";
    await isReachedByContext({ host: "unix:///nonexistent.sock" });
  });

  const tls = tlsHosts.get(engine.name);
  if (tls !== undefined) {
    it("is reached over TLS by DOCKER_TLS_VERIFY and DOCKER_CERT_PATH", async () => {
      setEnvironment({
        DOCKER_CONFIG: folder.path,
        DOCKER_HOST: tls,
        DOCKER_TLS_VERIFY: "1",
        DOCKER_CERT_PATH: tlsFolders.get(engine.name),
      });
      await isReached();
    });

    it("is reached over TLS by a context with its certificates", async () => {
      const { ca, cert, key } = await pemsIn(engine.name);
      await isReachedByContext({ host: tls, tls: { "ca.pem": ca, "cert.pem": cert, "key.pem": key } });
    });
  }

  const ssh = sshHosts.get(engine.name);
  if (ssh !== undefined) {
    it("is reached over ssh by DOCKER_HOST", async () => {
      await using _ = await SshHome.make();
      process.env["DOCKER_HOST"] = ssh;
      await isReached();
    });

    it("is reached over ssh by a context", async () => {
      await using _ = await SshHome.make();
      await isReachedByContext({ host: ssh });
    });
  }
});
