import assert from "node:assert/strict";
import { chmod, lstat, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { DockerCredentials } from "../../src/config/credentials.ts";
import { ConfigError, InvalidRequestError } from "../../src/index.ts";
import { registryKeyOf } from "../../src/registry-name.ts";
import { ConfigFolder } from "./support.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const registry = "registry.example:5000";
const hub = "https://index.docker.io/v1/";
const ann = { auth: base64("ann:pass:word") };
const isAnn = (serveraddress: string) => ({ username: "ann", password: "pass:word", serveraddress });

/** Credentials of a folder with that `config.json`, and of that `DOCKER_AUTH_CONFIG`. */
async function given(config: object | string | undefined, variable?: object | string) {
  const folder = await ConfigFolder.make();
  if (config !== undefined) {
    await folder.write("config.json", config);
  }
  const text = typeof variable === "object" ? JSON.stringify(variable) : variable;
  const credentials = new DockerCredentials({ folder: folder.path, variable: text, helperTimeoutMs: 60_000 });
  return {
    credentials,
    folder,
    file: join(folder.path, "config.json"),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Only what is there: what is undefined is not sent. */
const plain = (value: unknown) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe("the registry of a name", () => {
  for (const [reference, key] of [
    ["alpine", hub],
    ["alpine:3", hub],
    ["alpine@sha256:0123", hub],
    ["team/app:1", hub],
    ["library/alpine", hub],
    ["docker.io/team/app", hub],
    ["index.docker.io/team/app", hub],
    ["registry.example/app", "registry.example"],
    ["registry.example:5000/team/app:1", registry],
    ["registry.example:5000/team/app@sha256:0123", registry],
    ["docker.io.evil.example/app", "docker.io.evil.example"],
    ["localhost/app", "localhost"],
    ["local/app", hub],
    ["Registry/app", "Registry"],
    ["[::1]:5000/app", "[::1]:5000"],
  ] as const) {
    it(`${reference} is of ${key}`, () => assert.equal(registryKeyOf(reference), key));
  }
});

describe("credentials in config.json", () => {
  const rows: readonly [title: string, auths: object, asked: string, found: object | undefined][] = [
    ["stand under the registry", { [registry]: ann }, registry, isAnn(registry)],
    ["stand under Docker Hub's own name", { [hub]: ann }, hub, isAnn(hub)],
    [
      "stand under a URL of older clients",
      { [`https://${registry}/v1/`]: ann },
      registry,
      isAnn(`https://${registry}/v1/`),
    ],
    ["stand under a URL without TLS", { [`http://${registry}`]: ann }, registry, isAnn(`http://${registry}`)],
    [
      "are taken by their exact name first",
      { [`https://${registry}`]: {}, [registry]: ann },
      registry,
      isAnn(registry),
    ],
    ["are not those of another port", { "registry.example:5001": ann }, registry, undefined],
    ["are not those of a host that ends alike", { "evil-registry.example:5000": ann }, registry, undefined],
    ["are not those of another registry, for Docker Hub", { "docker.io.evil.example": ann }, hub, undefined],
    ["may be none", {}, registry, undefined],
    ["may be empty, where a helper had them", { [registry]: {} }, registry, undefined],
    [
      "may stand in the clear",
      { [registry]: { username: "b", password: "c" } },
      registry,
      { username: "b", password: "c", serveraddress: registry },
    ],
    ["may end in NULs", { [registry]: { auth: base64("ann:pass:word\0\0") } }, registry, isAnn(registry)],
    [
      "may be an identity token",
      { [registry]: { ...ann, identitytoken: "token" } },
      registry,
      { ...isAnn(registry), identitytoken: "token" },
    ],
    [
      "may have letters beyond ASCII",
      { [registry]: { auth: base64("ann:pässword→") } },
      registry,
      { ...isAnn(registry), password: "pässword→" },
    ],
  ];
  for (const [title, auths, asked, found] of rows) {
    it(title, async () => {
      await using made = await given({ auths });
      assert.deepEqual(plain(await made.credentials.get(asked)), found);
    });
  }

  it("are none without a file", async () => {
    await using made = await given(undefined);
    assert.equal(await made.credentials.get(registry), undefined);
    assert.deepEqual(await made.credentials.all(), {});
  });

  for (const [title, entry] of [
    ["is not base64", { auth: "s3cret!" }],
    ["is base64 that was cut off", { auth: base64("ann:s3cret").slice(0, -3) }],
    ["has no colon", { auth: base64("s3cret") }],
    ["has no name", { auth: base64(":s3cret") }],
    ["is no string", { auth: ["s3cret"] }],
    ["has a password that is no string", { username: "ann", password: 7 }],
    ["is no object", "s3cret"],
  ] as const) {
    it(`are refused, without being shown, if an entry ${title}`, async () => {
      await using made = await given({ auths: { [registry]: entry, other: ann } });
      const error = await made.credentials.get(registry).catch((failure: unknown) => failure);
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /^The credentials for registry\.example:5000 in .*config\.json are malformed$/);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /s3cret|czNjcmV0/);
      // What is wrong with one registry is nothing to another.
      assert.deepEqual(plain(await made.credentials.get("other")), isAnn("other"));
      await assert.rejects(made.credentials.all(), ConfigError);
    });
  }

  it("are all given for a build", async () => {
    await using made = await given({ auths: { [registry]: ann, empty: {}, [hub]: ann } });
    assert.deepEqual(plain(await made.credentials.all()), { [registry]: isAnn(registry), [hub]: isAnn(hub) });
  });
});

describe("DOCKER_AUTH_CONFIG", () => {
  const bob = { auth: base64("bob:other") };
  const isBob = { username: "bob", password: "other", serveraddress: registry };

  it("wins over the file, which is used for other registries", async () => {
    await using made = await given({ auths: { [registry]: ann, [hub]: ann } }, { auths: { [registry]: bob } });
    assert.deepEqual(plain(await made.credentials.get(registry)), isBob);
    assert.deepEqual(plain(await made.credentials.get(hub)), isAnn(hub));
    assert.deepEqual(plain(await made.credentials.all()), { [registry]: isBob, [hub]: isAnn(hub) });
  });

  it("is looked at before a file that cannot be used", async () => {
    await using made = await given("not JSON", { auths: { [registry]: bob } });
    assert.deepEqual(plain(await made.credentials.get(registry)), isBob);
    await assert.rejects(made.credentials.get(hub), ConfigError);
  });

  it("says nothing if it is empty, or has no registries", async () => {
    for (const variable of ["", "{}", '{"auths":{}}']) {
      await using made = await given({ auths: { [registry]: ann } }, variable);
      assert.deepEqual(plain(await made.credentials.get(registry)), isAnn(registry));
    }
  });

  for (const [title, variable] of [
    ["is not JSON", "s3cret"],
    ["is two documents", '{"auths":{}}{"auths":{"s3cret":{}}}'],
    ["is a list", "[]"],
    ["has a member that is unknown", { auths: {}, s3cret: 1 }],
    ["has an entry with an unknown member", { auths: { [registry]: { ...bob, password: "s3cret" } } }],
    ["has an entry without auth", { auths: { [registry]: {} } }],
    ["has auth that is not base64", { auths: { [registry]: { auth: "s3cret!" } } }],
    ["has auth without a colon", { auths: { [registry]: { auth: base64("s3cret") } } }],
    ["has auths that are a list", { auths: ["s3cret"] }],
  ] as const) {
    it(`is refused, without being shown, if it ${title}`, async () => {
      await using made = await given({ auths: { [registry]: ann } }, variable);
      const error = await made.credentials.get(registry).catch((failure: unknown) => failure);
      assert.ok(error instanceof InvalidRequestError);
      assert.match(error.message, /^DOCKER_AUTH_CONFIG cannot be used: /);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /s3cret|czNjcmV0/);
    });
  }
});

describe("credentials that are kept", () => {
  const bob = { username: "bob", password: "other" };

  it("make a file for its owner alone", async () => {
    await using made = await given(undefined);
    await made.credentials.store(registry, bob);
    const text = `{\n\t"auths": {\n\t\t"${registry}": {\n\t\t\t"auth": "${base64("bob:other")}"\n\t\t}\n\t}\n}`;
    assert.equal(await readFile(made.file, "utf8"), text);
    assert.equal((await stat(made.file)).mode & 0o777, 0o600);
    assert.deepEqual(plain(await made.credentials.get(registry)), { ...bob, serveraddress: registry });
  });

  it("leave everything else as it is: other registries, unknown members, rights, and a link", async () => {
    const config = { unknown: { a: [1] }, auths: { z: ann, a: { ...ann, email: "x" } }, psFormat: "<&>" };
    await using made = await given(undefined);
    const real = await made.folder.write("real/config.json", config);
    await chmod(real, 0o640);
    await symlink("real/config.json", made.file);
    await made.credentials.store(registry, bob);
    assert.ok((await lstat(made.file)).isSymbolicLink());
    assert.equal((await stat(real)).mode & 0o777, 0o640);
    const written = JSON.parse(await readFile(real, "utf8"));
    assert.deepEqual(written, { ...config, auths: { ...config.auths, [registry]: { auth: base64("bob:other") } } });
    assert.deepEqual(Object.keys(written.auths), ["a", registry, "z"]);
    assert.deepEqual(await readdir(join(made.folder.path, "real")), ["config.json"]);
  });

  it("are written where a link leads to that leads nowhere yet", async () => {
    await using made = await given(undefined);
    await symlink("link.json", made.file);
    await symlink("later.json", join(made.folder.path, "link.json"));
    await made.credentials.store(registry, bob);
    assert.deepEqual((await readdir(made.folder.path)).sort(), ["config.json", "later.json", "link.json"]);
    for (const link of [made.file, join(made.folder.path, "link.json")]) {
      assert.ok((await lstat(link)).isSymbolicLink());
    }
  });

  it("are all kept if several are at the same time", async () => {
    await using made = await given({ auths: {} });
    const names = Array.from({ length: 8 }, (_, index) => `registry${index}.example`);
    await Promise.all(names.map((name) => made.credentials.store(name, bob)));
    assert.deepEqual(Object.keys(await made.credentials.all()), names);
  });

  it("keep an identity token in place of the password", async () => {
    await using made = await given({});
    await made.credentials.store(registry, { username: "bob", identitytoken: "token" });
    const { auths } = JSON.parse(await readFile(made.file, "utf8"));
    assert.deepEqual(auths, { [registry]: { auth: base64("bob:"), identitytoken: "token" } });
    assert.equal((await made.credentials.get(registry))?.identitytoken, "token");
  });

  it("are forgotten under their name and under the URLs of their host", async () => {
    await using made = await given({ auths: { [registry]: ann, [`https://${registry}`]: ann, other: ann } });
    await made.credentials.erase(registry);
    assert.deepEqual(JSON.parse(await readFile(made.file, "utf8")), { auths: { other: ann } });
  });

  it("leave the file untouched if there is nothing to forget", async () => {
    await using made = await given('{ "auths": {} }');
    await made.credentials.erase(registry);
    assert.equal(await readFile(made.file, "utf8"), '{ "auths": {} }');
    await using empty = await given(undefined);
    await empty.credentials.erase(registry);
    assert.deepEqual(await readdir(empty.folder.path), []);
  });

  it("leave a file that cannot be understood as it is", async () => {
    await using made = await given("{ broken");
    await assert.rejects(made.credentials.store(registry, bob), ConfigError);
    assert.equal(await readFile(made.file, "utf8"), "{ broken");
    // The failure of one change is nothing to the next.
    await made.folder.write("config.json", {});
    await made.credentials.store(registry, bob);
  });
});
