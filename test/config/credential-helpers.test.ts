import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inspect } from "node:util";
import { DockerCredentials } from "../../src/config/credentials.ts";
import { ConfigError, CredentialsError } from "../../src/index.ts";
import { FakeHelpers } from "../support/fake-helper.ts";
import { leakCheck } from "../support/leaks.ts";
import { ConfigFolder } from "./support.ts";

const registry = "registry.example:5000";
const hub = "https://index.docker.io/v1/";
const ann = { Username: "ann", Secret: "s3cret" };
const isAnn = (serveraddress: string) => ({ username: "ann", password: "s3cret", serveraddress });

describe("credential helpers", { timeout: 600_000 }, () => {
  let helpers: FakeHelpers;
  let folder: ConfigFolder;
  before(async () => {
    [helpers, folder] = await Promise.all([FakeHelpers.make(), ConfigFolder.make()]);
  });
  after(async () => {
    await helpers[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });
  leakCheck();

  /** Credentials of a `config.json`, in a folder of its own. */
  let count = 0;
  async function given(config: object, helperTimeoutMs = 60_000) {
    count += 1;
    const own = folder.below(String(count));
    const file = await own.write("config.json", config);
    const credentials = new DockerCredentials({ folder: own.path, variable: undefined, helperTimeoutMs });
    const content = async () => JSON.parse(await readFile(file, "utf8"));
    return { credentials, file: content, auths: async () => (await content()).auths };
  }

  it("are asked by their standard input, so that no list of processes tells anything", async () => {
    await helpers.add("asked", { [registry]: ann });
    const { credentials } = await given({ credsStore: "asked" });
    assert.deepEqual(await credentials.get(registry), isAnn(registry));
    await credentials.store(hub, { username: "bob", password: "0ther" });
    await credentials.erase(registry);
    const calls = await helpers.calls("asked");
    assert.deepEqual(calls.slice(0, 3), [
      { args: ["get"], input: registry },
      { args: ["store"], input: JSON.stringify({ ServerURL: hub, Username: "bob", Secret: "0ther" }) },
      { args: ["erase"], input: registry },
    ]);
    // Older clients kept them under URLs.
    const others = calls.slice(3).map(({ input }) => input);
    assert.deepEqual(others.sort(), [`http://${registry}`, `https://${registry}`]);
    assert.deepEqual(await helpers.kept("asked"), { [hub]: { Username: "bob", Secret: "0ther" } });
  });

  it("of a registry win over the one for all, and an empty name means the file", async () => {
    await helpers.add("own", { [registry]: ann });
    await helpers.add("common", { [registry]: { Username: "no", Secret: "no" }, [hub]: ann });
    const inFile = "file.example";
    const { credentials } = await given({
      credsStore: "common",
      credHelpers: { [registry]: "own", [inFile]: "" },
      auths: { [inFile]: { auth: Buffer.from("ann:s3cret").toString("base64") }, [hub]: { auth: "bm86bm8=" } },
    });
    assert.deepEqual(await credentials.get(registry), isAnn(registry));
    assert.deepEqual(await credentials.get(hub), isAnn(hub));
    assert.equal((await credentials.get(inFile))?.username, "ann");
    assert.deepEqual(
      (await helpers.calls("common")).map(({ input }) => input),
      [hub],
    );
  });

  it("give all that they have for a build", async () => {
    await helpers.add("many", { [hub]: ann, "two.example": ann });
    await helpers.add("one", { [registry]: ann });
    const { credentials } = await given({
      credsStore: "many",
      credHelpers: { [registry]: "one", "none.example": "one" },
    });
    const found = await credentials.all();
    assert.deepEqual(Object.keys(found).sort(), [hub, registry, "two.example"]);
    assert.deepEqual(found[registry], isAnn(registry));
  });

  it("that fail leave theirs out of what a build gets, and say so", async () => {
    await helpers.add("good", { [registry]: ann });
    await helpers.script("broken", `console.log("the keychain is locked"); process.exit(1);`);
    const { credentials } = await given({ credHelpers: { [registry]: "good", "other.example": "broken" } });
    const warned = once(process, "warning");
    assert.deepEqual(await credentials.all(), { [registry]: isAnn(registry) });
    const [{ message, code }] = await warned;
    assert.match(message, /^docker-credential-broken get for other\.example failed: the keychain is locked; its/);
    assert.equal(code, "FAIRLEAD_CREDENTIALS");
  });

  it("of the system are asked where config.json holds no credentials, and are noted there", async () => {
    await helpers.add("secretservice", { [registry]: ann });
    const { credentials, file } = await given({ psFormat: "x" });
    assert.deepEqual(await credentials.get(registry), isAnn(registry));
    await credentials.store(hub, { username: "bob", password: "0ther" });
    assert.deepEqual((await helpers.kept("secretservice"))[hub], { Username: "bob", Secret: "0ther" });
    assert.deepEqual(await file(), { auths: { [hub]: {} }, psFormat: "x", credsStore: "secretservice" });
    const { credentials: others } = await given({ auths: { [hub]: { auth: "YW5uOnMzY3JldA==" } } });
    assert.equal(await others.get(registry), undefined);
    await helpers.remove("secretservice");
  });

  it("may keep an identity token", async () => {
    await helpers.add("tokens", {});
    const { credentials, auths } = await given({ credHelpers: { [registry]: "tokens" } });
    await credentials.store(registry, { username: "ann", identitytoken: "t0ken" });
    assert.deepEqual(await helpers.kept("tokens"), { [registry]: { Username: "<token>", Secret: "t0ken" } });
    assert.deepEqual(await credentials.get(registry), { identitytoken: "t0ken", serveraddress: registry });
    // As the docker CLI leaves it: no secret, but a sign that there is one.
    assert.deepEqual(await auths(), { [registry]: {} });
    await credentials.erase(registry);
    assert.deepEqual(await helpers.kept("tokens"), {});
    assert.deepEqual(await auths(), {});
  });

  it("need not have any credentials", async () => {
    await helpers.add("empty");
    await helpers.script("pass", `console.log(JSON.stringify({ ServerURL: "", Username: "", Secret: "" }));`);
    for (const credsStore of ["empty", "pass"]) {
      const { credentials } = await given({ credsStore });
      assert.equal(await credentials.get(registry), undefined);
    }
    const { credentials } = await given({ credsStore: "empty" });
    assert.deepEqual(await credentials.all(), {});
    await credentials.erase(registry);
  });

  it("keep nothing in config.json if they fail", async () => {
    await helpers.script("refusing", `console.log("the keychain is locked"); process.exit(1);`);
    const { credentials, auths } = await given({ credsStore: "refusing", auths: { [registry]: {} } });
    await assert.rejects(credentials.store(hub, { username: "ann", password: "s3cret" }), /the keychain is locked/);
    await assert.rejects(credentials.erase(registry), /the keychain is locked/);
    assert.deepEqual(await auths(), { [registry]: {} });
  });

  const failures: readonly [title: string, code: string, message: RegExp, limitMs?: number][] = [
    [
      "fail, in their own words",
      `console.log("the keychain is\\nlocked"); process.exit(1);`,
      /: the keychain is locked$/,
    ],
    ["fail, and say so as an error", `console.error("no keychain"); process.exit(3);`, /: no keychain$/],
    ["fail without a word", `process.exit(3);`, /: it ended with 3$/],
    ["are killed", `process.kill(process.pid, "SIGKILL");`, /: it ended with a signal$/],
    ["answer no JSON", `console.log("s3cret");`, /: its answer is not JSON$/],
    ["answer nothing", "", /: its answer is not JSON$/],
    ["answer a list", `console.log('["s3cret"]');`, /: its answer is no JSON object$/],
    ["answer without a secret", `console.log('{"Username":"s3cret"}');`, /: its answer has no Username and Secret$/],
    ["answer, and fail", `console.log('{"Username":"a","Secret":"s3cret"}'); process.exit(2);`, /: it ended with 2$/],
    ["answer too much", `process.stdout.write("s3cret".repeat(400000));`, /: its answer is longer than 1 MiB$/],
    ["do not answer", `setInterval(() => {}, 1000);`, /: it gave no answer for 700 ms, and was killed$/, 700],
    [
      "leave a process behind that holds their output open",
      `require("node:child_process").spawn("sleep", ["20"], { stdio: "inherit" }); setInterval(() => {}, 1000);`,
      /: it gave no answer for 700 ms, and was killed$/,
      700,
    ],
  ];
  for (const [title, code, message, limitMs] of failures) {
    it(`that ${title} are told apart, without a secret`, async () => {
      await helpers.script("failing", code);
      const { credentials } = await given({ credHelpers: { [registry]: "failing" } }, limitMs);
      const started = Date.now();
      const error = await credentials.get(registry).catch((failure: unknown) => failure);
      assert.ok(error instanceof CredentialsError, inspect(error));
      assert.match(error.message, /^docker-credential-failing get for registry\.example:5000 failed: /);
      assert.match(error.message, message);
      assert.deepEqual([error.helper, error.action, error.registry], ["docker-credential-failing", "get", registry]);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /s3cret/);
      assert.ok(Date.now() - started < 15_000);
    });
  }

  it("that repeat the secret which they are given are not quoted", async () => {
    await helpers.script("talking", `console.log("cannot keep " + input); process.exit(1);`);
    const { credentials } = await given({ credsStore: "talking" });
    const error = await credentials.store(hub, { username: "ann", password: "s3cret" }).catch((failure) => failure);
    assert.equal(error.message, `docker-credential-talking store for ${hub} failed: it ended with 1`);
  });

  it("that are missing are named, with what names them", async () => {
    const { credentials } = await given({ credsStore: "nowhere" });
    await assert.rejects(credentials.get(registry), {
      name: "CredentialsError",
      message:
        `docker-credential-nowhere get for ${registry} failed: there is no such program on PATH. ` +
        "It is named by credsStore or credHelpers in config.json",
    });
    await assert.rejects(
      credentials.all(),
      /^CredentialsError: docker-credential-nowhere list failed: there is no such/,
    );
  });

  it("are looked for on PATH alone", async () => {
    await helpers.add("near", { [registry]: ann });
    for (const name of ["/../near", join(helpers.folder, "near"), "a b", "..\\near"]) {
      const { credentials } = await given({ credsStore: name });
      await assert.rejects(credentials.get(registry), ConfigError);
    }
    assert.deepEqual(await helpers.calls("near"), []);
  });

  it("are killed when nobody waits any more", async () => {
    await helpers.script("slow", `setInterval(() => {}, 1000);`);
    const { credentials } = await given({ credsStore: "slow" });
    const leaving = new AbortController();
    const asked = credentials.get(registry, leaving.signal);
    while ((await helpers.calls("slow")).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    leaving.abort();
    await assert.rejects(asked, /nobody waited/);
  });
});
