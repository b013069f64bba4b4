import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { inspect } from "node:util";
import { ConfigError, Docker, InvalidRequestError } from "../../src/index.ts";
import { fairlead } from "../cli/support.ts";
import { ConfigFolder } from "../config/support.ts";
import { engines } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";

const sources = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_API_VERSION", "DOCKER_TLS_VERIFY", "DOCKER_CUSTOM_HEADERS"];

describe("explaining which engine is chosen", { timeout: 600_000 }, () => {
  leakCheck();
  const saved = { ...process.env };
  let folder: ConfigFolder;
  before(async () => {
    folder = await ConfigFolder.make();
    await folder.context("far", {
      host: "tcp://far.example:2376",
      tls: { "ca.pem": "hunter2", "cert.pem": "hunter2", "key.pem": "hunter2" },
    });
    await folder.write("config.json", { currentContext: "far", HttpHeaders: { "X-Token": "hunter2" } });
  });
  beforeEach(() => {
    for (const name of sources) {
      delete process.env[name];
    }
    Object.assign(process.env, { DOCKER_CONFIG: folder.path, XDG_RUNTIME_DIR: folder.path, HOME: folder.path });
  });
  after(async () => {
    for (const name of Object.keys(process.env)) {
      delete process.env[name];
    }
    Object.assign(process.env, saved);
    await folder[Symbol.asyncDispose]();
  });

  it("tells of every source, in the docker CLI's order, and shows no secret", async () => {
    const explanation = await Docker.explain();
    assert.deepEqual(explanation, {
      endpoint: "tcp://far.example:2376",
      source: "the context far, named by currentContext",
      context: "far",
      tls: { verified: true, authorities: "given", clientCertificate: true },
      apiVersion: undefined,
      headers: ["X-Token"],
      configFile: join(folder.path, "config.json"),
      tried: [
        { source: "the option host", reason: "not given" },
        { source: "the option context", reason: "not given" },
        { source: "DOCKER_HOST", reason: "not set" },
        { source: "DOCKER_CONTEXT", reason: "not set" },
        { source: "the default", reason: "currentContext comes first" },
      ],
    });
    assert.doesNotMatch(inspect(explanation, { depth: 9 }), /hunter2/);
  });

  it("tells what comes first where several say something", async () => {
    Object.assign(process.env, { DOCKER_HOST: "unix:///here.sock", DOCKER_CONTEXT: "", DOCKER_API_VERSION: "1.44" });
    const { endpoint, source, context, apiVersion, tried } = await Docker.explain({ context: "default" });
    assert.deepEqual([endpoint, source, context, apiVersion], ["unix:///here.sock", "DOCKER_HOST", "default", "1.44"]);
    assert.deepEqual(
      tried.map(({ source, reason }) => `${source}: ${reason}`),
      [
        "the option host: not given",
        "the option context: it names the default context, and there DOCKER_HOST decides",
        "DOCKER_CONTEXT: empty",
        "currentContext: DOCKER_HOST comes first",
        "the default: DOCKER_HOST comes first",
      ],
    );
  });

  it("does not show a malformed address that was not taken", async () => {
    process.env["DOCKER_HOST"] = "tcp://ann:hunter2@engine.example";
    const explanation = await Docker.explain({ host: "tcp://other.example:1" });
    assert.deepEqual(explanation.tried[1], { source: "DOCKER_HOST", reason: "the option host comes first" });
    assert.doesNotMatch(inspect(explanation), /hunter2/);
  });

  it("takes the first socket at which somebody listens, and tells why not the others", async (context) => {
    if (existsSync("/var/run/docker.sock")) {
      context.skip("not run: this machine has an engine of its own at /var/run/docker.sock");
      return;
    }
    const path = join(folder.path, "docker.sock");
    const server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    const { endpoint, source, tried } = await Docker.explain({ context: "default" });
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual([endpoint, source], [`unix://${path}`, "rootless Docker"]);
    assert.deepEqual(tried.slice(-6), [
      { source: "the default socket", endpoint: "unix:///var/run/docker.sock", reason: "no such file" },
      ...[
        ["Docker Desktop", ".docker/run/docker.sock"],
        ["Docker Desktop on Linux", ".docker/desktop/docker.sock"],
        ["Colima", ".colima/default/docker.sock"],
        ["rootless Podman", "podman/podman.sock"],
      ].map(([source, name = ""]) => ({
        source,
        endpoint: `unix://${join(folder.path, name)}`,
        reason: "rootless Docker comes first",
      })),
      { source: "Podman", endpoint: "unix:///run/podman/podman.sock", reason: "rootless Docker comes first" },
    ]);
  });

  it("fails as a call would when the context does not exist", async () => {
    process.env["DOCKER_CONTEXT"] = "gone";
    await assert.rejects(Docker.explain(), ConfigError);
    await using docker = new Docker();
    await assert.rejects(docker.system.version(), ConfigError);
    await assert.rejects(docker.system.version().outcome(), ConfigError);
  });

  it("fails as a client would when an option is malformed", async () => {
    await assert.rejects(Docker.explain({ host: "gopher://x" }), InvalidRequestError);
    await assert.rejects(Docker.explain({ apiVersion: "1" }), InvalidRequestError);
  });

  it("leaves nothing to be decided where the caller dials", async () => {
    const dial = () => assert.fail("nothing is dialled");
    const { endpoint, source, tried } = await Docker.explain({ dial, host: "the tunnel" });
    assert.deepEqual([endpoint, source, tried], ["the tunnel", "the option dial", []]);
  });

  it("is what fairlead context explain prints", async () => {
    const { exitCode, stdout } = await fairlead(["context", "explain"]);
    assert.equal(exitCode, 0);
    assert.equal(
      stdout,
      `Engine:   tcp://far.example:2376
Source:   the context far, named by currentContext
Context:  far
TLS:      the engine's certificate is verified (authorities: given); with a client certificate
API:      negotiated
Headers:  X-Token
Config:   ${folder.path}/config.json

Not taken:
  the option host: not given
  the option context: not given
  DOCKER_HOST: not set
  DOCKER_CONTEXT: not set
  the default: currentContext comes first
`,
    );
    const json = await fairlead(["context", "explain", "--json"]);
    const { apiVersion: _, ...explanation } = await Docker.explain();
    assert.deepEqual(JSON.parse(json.stdout), explanation);
  });

  it("agrees with the engine that a client reaches", async () => {
    const [engine] = engines;
    assert.ok(engine, "FAIRLEAD_TEST_ENGINES is empty: run the tests with `npm test`");
    await folder.context("real", { host: engine.host });
    process.env["DOCKER_CONTEXT"] = "real";
    assert.equal((await Docker.explain()).endpoint, engine.host);
    await using docker = new Docker();
    assert.equal((await docker.system.version()).Version, (await engine.facts()).version);
    assert.doesNotMatch(inspect(docker, { depth: 9, showHidden: true }), /hunter2/);
  });
});
