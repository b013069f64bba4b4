import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { FakeHelpers, type Kept } from "../support/fake-helper.ts";
import { run } from "../support/scripts.ts";
import { ConfigFolder } from "./support.ts";

/** The docker CLI's version; undefined if there is none. */
const version = await run("docker", ["--version"]).then(
  ({ stdout }) => stdout.trim(),
  () => undefined,
);
if (version === undefined) {
  assert.ok(!process.env["CI"], "There is no docker CLI on PATH, and CI must compare Fairlead with it");
}
const skip = version === undefined && "not run: there is no docker CLI on PATH to compare with";

/** Older ones do not look at `DOCKER_AUTH_CONFIG` (docker/cli#6008). */
const [, major = 0, minor = 0] = (/ version (\d+)\.(\d+)/.exec(version ?? "") ?? []).map(Number);
const skipVariable = (major < 28 || (major === 28 && minor < 3)) && "not run: this docker CLI does not look at it";

const hub = "https://index.docker.io/v1/";
const registry = "registry.example:5000";
const image = `${registry}/team/app:1`;
const auth = { auth: Buffer.from("ann:pass:word").toString("base64") };
const other = { auth: Buffer.from("bob:other").toString("base64") };
const kept: Kept = {
  [registry]: { Username: "ann", Secret: "kept" },
  [hub]: { Username: "<token>", Secret: "kept" },
  "two.example": { Username: "eve", Secret: "two" },
};

interface Row {
  readonly title: string;
  readonly config: object;
  /** The registries in `DOCKER_AUTH_CONFIG`. Default: it is not set. */
  readonly variable?: object;
  readonly image: string;
}

const rows: readonly Row[] = [
  { title: "nothing", config: {}, image },
  { title: "an entry of the registry", config: { auths: { [registry]: auth, [hub]: other } }, image },
  { title: "an entry of another port", config: { auths: { "registry.example": auth } }, image },
  { title: "an entry of Docker Hub", config: { auths: { [registry]: other, [hub]: auth } }, image: "alpine" },
  { title: "docker.io by its name", config: { auths: { [hub]: auth } }, image: "docker.io/team/app" },
  { title: "index.docker.io by its name", config: { auths: { [hub]: auth } }, image: "index.docker.io/team/app" },
  {
    title: "an entry of docker.io, which is not Docker Hub's name",
    config: { auths: { "docker.io": auth } },
    image: "a/b",
  },
  { title: "a URL with TLS", config: { auths: { [`https://${registry}/v2/`]: auth } }, image },
  { title: "a URL without TLS", config: { auths: { [`http://${registry}`]: auth } }, image },
  { title: "a digest", config: { auths: { [registry]: auth } }, image: `${registry}/a@sha256:${"0".repeat(64)}` },
  { title: "localhost", config: { auths: { localhost: auth } }, image: "localhost/app" },
  { title: "a folder that looks like a registry", config: { auths: { team: auth } }, image: "team/app" },
  { title: "an identity token", config: { auths: { [registry]: { ...auth, identitytoken: "t" } } }, image },
  { title: "a registry token", config: { auths: { [registry]: { registrytoken: "t" } } }, image },
  {
    title: "a name and a password in the clear",
    config: { auths: { [registry]: { username: "a", password: "b" } } },
    image,
  },
  {
    title: "NULs behind the password",
    config: { auths: { [registry]: { auth: Buffer.from("a:b\0\0").toString("base64") } } },
    image,
  },
  { title: "members in other letters", config: { AUTHS: { [registry]: { Auth: auth.auth } } }, image },
  { title: "a store", config: { credsStore: "keeping" }, image },
  { title: "a store that wins over the file", config: { credsStore: "keeping", auths: { [registry]: other } }, image },
  {
    title: "a store without the registry",
    config: { credsStore: "keeping", auths: { "one.example": auth } },
    image: "one.example/a",
  },
  { title: "a store with a token", config: { credsStore: "keeping" }, image: "alpine" },
  {
    title: "a helper of the registry",
    config: { credHelpers: { [registry]: "keeping" }, auths: { [hub]: other } },
    image,
  },
  {
    title: "a helper of another registry",
    config: { credHelpers: { "x.example": "keeping" }, auths: { [registry]: auth } },
    image,
  },
  {
    title: "a helper without a name",
    config: { credsStore: "keeping", credHelpers: { [registry]: "" }, auths: { [registry]: other } },
    image,
  },
  { title: "DOCKER_AUTH_CONFIG", config: { auths: { [registry]: other } }, variable: { [registry]: auth }, image },
  { title: "DOCKER_AUTH_CONFIG and a store", config: { credsStore: "keeping" }, variable: { [registry]: auth }, image },
  { title: "DOCKER_AUTH_CONFIG of others", config: { auths: { [registry]: other } }, variable: { [hub]: auth }, image },
  { title: "DOCKER_AUTH_CONFIG with a URL", config: {}, variable: { [`https://${registry}`]: auth }, image },
  { title: "a helper of Docker Hub", config: { credHelpers: { [hub]: "keeping" } }, image: "team/app" },
];

/** What is left in `config.json` after a login and after a logout. */
const logins: readonly { readonly title: string; readonly config: object | undefined; readonly server?: string }[] = [
  { title: "without a file", config: undefined, server: registry },
  { title: "beside others", config: { auths: { "z.example": auth, "a.example": other } }, server: registry },
  { title: "over an older one", config: { auths: { [registry]: other } }, server: registry },
  {
    title: "over the same one",
    config: { auths: { [registry]: { auth: Buffer.from("ann:pass").toString("base64") } } },
    server: registry,
  },
  { title: "at Docker Hub", config: {} },
  { title: "at docker.io", config: {}, server: "docker.io" },
  { title: "at a URL", config: { auths: { [`https://${registry}`]: other } }, server: `https://${registry}/v1/` },
  { title: "for an identity token", config: {}, server: "token.example" },
  { title: "with a store", config: { credsStore: "keeping" }, server: registry },
  { title: "with a store, for an identity token", config: { credsStore: "keeping" }, server: "token.example" },
  {
    title: "with a helper",
    config: { credHelpers: { [registry]: "keeping" }, currentContext: "default" },
    server: registry,
  },
];

describe(`credentials, as ${version} has them`, { skip, timeout: 600_000 }, () => {
  let helpers: FakeHelpers;
  let engine: Engine;
  before(async () => {
    [helpers, engine] = [await FakeHelpers.make(), await Engine.listen()];
    await helpers.add("keeping", kept);
  });
  after(async () => {
    await helpers[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  /** The docker CLI, with that folder. */
  async function cli(folder: string, ...args: readonly string[]): Promise<void> {
    const { PATH, DOCKER_AUTH_CONFIG } = process.env;
    const env = { PATH, DOCKER_AUTH_CONFIG, HOME: folder, DOCKER_BUILDKIT: "0" };
    const { exitCode, stderr } = await run("docker", ["--config", folder, "-H", engine.address, ...args], { env });
    assert.equal(exitCode, 0, stderr);
  }

  for (const { title, config, variable, image: name } of rows) {
    it(`go with a pull: ${title}`, { skip: variable !== undefined && skipVariable }, async () => {
      await using folder = await ConfigFolder.make();
      await folder.write("config.json", config);
      if (variable !== undefined) {
        process.env["DOCKER_AUTH_CONFIG"] = JSON.stringify({ auths: variable });
      }
      try {
        await cli(folder.path, "pull", "-q", name);
        const theirs = engine.take("x-registry-auth");
        await using docker = new Docker({ host: engine.address, configFolder: folder.path });
        await docker.images.pull(name);
        assert.deepEqual(engine.take("x-registry-auth"), theirs);
      } finally {
        delete process.env["DOCKER_AUTH_CONFIG"];
      }
    });
  }

  for (const config of [
    {},
    { auths: { [registry]: auth, [hub]: other } },
    { credsStore: "keeping", auths: { [registry]: other } },
    { credsStore: "keeping", credHelpers: { [registry]: "keeping" } },
    { credHelpers: { [registry]: "keeping" }, auths: { [hub]: other } },
  ]) {
    it(`go with a build: ${JSON.stringify(Object.keys(config))}`, async () => {
      await using folder = await ConfigFolder.make();
      await folder.write("config.json", config);
      await folder.write("context/Dockerfile", "FROM scratch\n");
      await cli(folder.path, "build", "-q", join(folder.path, "context"));
      const theirs = engine.take("x-registry-config");
      await using docker = new Docker({ host: engine.address, configFolder: folder.path });
      await docker.images.build(join(folder.path, "context"));
      assert.deepEqual(engine.take("x-registry-config"), theirs);
    });
  }

  for (const { title, config, server } of logins) {
    it(`are kept and forgotten alike: ${title}`, async () => {
      const docker = await keep(config, async (folder) => {
        await cli(folder, "login", "-u", "ann", "-p", "pass", ...(server === undefined ? [] : [server]));
        const login = await state(folder);
        // `docker logout docker.io` forgets nothing: what `docker login docker.io` keeps has Docker Hub's name.
        await cli(folder, "logout", ...(server === undefined || server === "docker.io" ? [] : [server]));
        return [login, await state(folder)];
      });
      const fairlead = await keep(config, async (configFolder) => {
        await using client = new Docker({ host: engine.address, configFolder });
        await client.registry.login({ username: "ann", password: "pass", serveraddress: server });
        const login = await state(configFolder);
        await client.registry.logout(server);
        return [login, await state(configFolder)];
      });
      assert.deepEqual(fairlead, docker);
    });
  }

  /** Does something in a fresh folder with a fresh helper. */
  async function keep<T>(config: object | undefined, body: (folder: string) => Promise<T>): Promise<T> {
    await using folder = await ConfigFolder.make();
    await helpers.add("keeping", {});
    if (config !== undefined) {
      await folder.write("config.json", config);
    }
    return await body(folder.path);
  }

  /** What is written, and what was said to the engine. */
  async function state(folder: string): Promise<readonly unknown[]> {
    const file = await readFile(join(folder, "config.json"), "utf8");
    return [file, await helpers.kept("keeping"), engine.takeLogins()];
  }
});

/** An engine that notes which credentials it is sent, and that a registry gives an identity token if its name says so. */
class Engine implements AsyncDisposable {
  readonly #server: Server;
  #headers: NodeJS.Dict<string | string[]>[] = [];
  #logins: unknown[] = [];

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const body = await text(request);
      response.setHeader("Api-Version", "1.49");
      if (request.url?.endsWith("/auth")) {
        this.#logins.push(JSON.parse(body));
        const token = body.includes("token.example") && { IdentityToken: "t0ken" };
        response.end(JSON.stringify({ Status: "Login Succeeded", ...token }));
      } else {
        this.#headers.push(request.headers);
        response.end(request.url?.includes("/build?") ? '{"stream":"Successfully built 0123456789ab\\n"}' : "{}");
      }
    });
  }

  static async listen(): Promise<Engine> {
    const engine = new Engine();
    engine.#server.listen(0, "127.0.0.1");
    await once(engine.#server, "listening");
    return engine;
  }

  get address(): string {
    const { port } = this.#server.address() as AddressInfo; // of a server that listens on a port
    return `tcp://127.0.0.1:${port}`;
  }

  /** The credentials in that header of the last request; undefined if they say nothing. */
  take(name: string): unknown {
    const value = this.#headers.map((headers) => headers[name]).find((header) => header !== undefined);
    this.#headers = [];
    const found = JSON.parse(Buffer.from(String(value ?? "e30="), "base64url").toString());
    return Object.keys(found).length === 0 ? undefined : found;
  }

  takeLogins(): readonly unknown[] {
    const logins = this.#logins;
    this.#logins = [];
    return logins;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
