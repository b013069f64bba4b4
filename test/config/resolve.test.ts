import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { formatEndpoint } from "../../src/config/endpoint.ts";
import { type Resolution, resolve } from "../../src/config/resolve.ts";
import type { Choice } from "../../src/config/selection.ts";
import type { Surroundings } from "../../src/config/surroundings.ts";
import { ConfigError } from "../../src/errors/config-error.ts";
import { InvalidRequestError } from "../../src/errors/invalid-request-error.ts";
import { ConfigFolder, type GivenContext } from "./support.ts";

const plain: Surroundings = { env: {}, home: "/home/ann", uid: 1000, platform: "linux" };

/** What a test puts into the folder of the configuration, and around. */
interface Given {
  readonly choice?: Choice;
  readonly env?: Surroundings["env"];
  readonly surroundings?: Partial<Surroundings>;
  readonly config?: object | string;
  readonly contexts?: Readonly<Record<string, GivenContext>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes the folder, which is `DOCKER_CONFIG`, and what the environment is then. */
async function prepared(given: Given): Promise<{ folder: ConfigFolder; surroundings: Surroundings }> {
  const folder = await ConfigFolder.make();
  const { config, contexts = {}, files = {} } = given;
  for (const [name, content] of Object.entries({ ...files, ...(config !== undefined && { "config.json": config }) })) {
    await folder.write(name, content);
  }
  for (const [name, context] of Object.entries(contexts)) {
    await folder.context(name, context);
  }
  const env = { DOCKER_CONFIG: folder.path, ...given.env };
  return { folder, surroundings: { ...plain, ...given.surroundings, env } };
}

/** What Fairlead makes of that. */
async function resolved(given: Given): Promise<Resolution> {
  const { folder, surroundings } = await prepared(given);
  await using _ = folder;
  return await resolve(given.choice ?? {}, surroundings);
}

/** The message of the failure that is expected; in it the folder is FOLDER, and what a context is kept under ID. */
async function refusal(given: Given, type: typeof ConfigError | typeof InvalidRequestError): Promise<string> {
  const { folder, surroundings } = await prepared(given);
  await using _ = folder;
  let message = "";
  await assert.rejects(resolve(given.choice ?? {}, surroundings), (error) => {
    assert.ok(error instanceof type, String(error));
    assert.doesNotMatch(error.message, /hunter2/);
    message = error.message.replaceAll(folder.path, "FOLDER").replaceAll(/[\da-f]{64}/g, "ID");
    return true;
  });
  return message;
}

const wellKnown = (runtime: string): readonly string[] => [
  "unix:///var/run/docker.sock (the default socket)",
  `unix://${runtime}/docker.sock (rootless Docker)`,
  "unix:///home/ann/.docker/run/docker.sock (Docker Desktop)",
  "unix:///home/ann/.docker/desktop/docker.sock (Docker Desktop on Linux)",
  "unix:///home/ann/.colima/default/docker.sock (Colima)",
  `unix://${runtime}/podman/podman.sock (rootless Podman)`,
  "unix:///run/podman/podman.sock (Podman)",
];

const contexts = { far: { host: "tcp://far.example:1" }, near: { host: "unix:///near.sock" } };

const rows: readonly (readonly [title: string, given: Given, context: string, want: readonly string[]])[] = [
  [
    "the option host wins over everything",
    {
      choice: { host: "tcp://a.example:1" },
      env: { DOCKER_HOST: "tcp://b.example:2", DOCKER_CONTEXT: "far" },
      config: { currentContext: "near" },
      contexts,
    },
    "default",
    ["tcp://a.example:1 (the option host)"],
  ],
  [
    "the option context wins over DOCKER_HOST",
    { choice: { context: "far" }, env: { DOCKER_HOST: "tcp://b.example:2" }, contexts },
    "far",
    ["tcp://far.example:1 (the context far, named by the option context)"],
  ],
  [
    "the option context, naming the default one, means DOCKER_HOST",
    { choice: { context: "default" }, env: { DOCKER_HOST: "tcp://b.example:2" }, config: { currentContext: "far" } },
    "default",
    ["tcp://b.example:2 (DOCKER_HOST)"],
  ],
  [
    "the option context, naming the default one, wins over DOCKER_CONTEXT and the file",
    { choice: { context: "default" }, env: { DOCKER_CONTEXT: "far" }, config: { currentContext: "far" }, contexts },
    "default",
    wellKnown("/run/user/1000"),
  ],
  [
    "DOCKER_HOST wins over DOCKER_CONTEXT",
    { env: { DOCKER_HOST: "tcp://b.example:2", DOCKER_CONTEXT: "far" }, contexts },
    "default",
    ["tcp://b.example:2 (DOCKER_HOST)"],
  ],
  [
    "DOCKER_CONTEXT wins over the file",
    { env: { DOCKER_HOST: "", DOCKER_CONTEXT: "far" }, config: { currentContext: "near" }, contexts },
    "far",
    ["tcp://far.example:1 (the context far, named by DOCKER_CONTEXT)"],
  ],
  [
    "the file's context wins over the well-known sockets",
    { env: { DOCKER_CONTEXT: "" }, config: { currentContext: "near" }, contexts },
    "near",
    ["unix:///near.sock (the context near, named by currentContext)"],
  ],
  [
    "the file may call the default context by its name",
    { config: { currentContext: "default" } },
    "default",
    wellKnown("/run/user/1000"),
  ],
  [
    "names in the file may be of any case",
    { config: { CURRENTCONTEXT: "near" }, contexts },
    "near",
    ["unix:///near.sock (the context near, named by currentContext)"],
  ],
  ["an empty file says nothing", { config: "" }, "default", wellKnown("/run/user/1000")],
  ["an empty DOCKER_HOST is none", { env: { DOCKER_HOST: "" } }, "default", wellKnown("/run/user/1000")],
  [
    "XDG_RUNTIME_DIR says where rootless engines are",
    { env: { XDG_RUNTIME_DIR: "/somewhere/runtime" } },
    "default",
    wellKnown("/somewhere/runtime"),
  ],
  [
    "without a runtime folder and a user id, rootless engines are not looked for",
    { surroundings: { uid: undefined } },
    "default",
    wellKnown("").filter((place) => !place.includes("rootless")),
  ],
  [
    "on Windows there is one pipe",
    { surroundings: { uid: undefined, platform: "win32" } },
    "default",
    ["npipe:////./pipe/docker_engine (the default socket)"],
  ],
  [
    "DOCKER_TLS_VERIFY without an address means TLS on this machine",
    { env: { DOCKER_TLS_VERIFY: "1" }, files: { "ca.pem": "CA" } },
    "default",
    ["tcp://localhost:2376 (the default address with DOCKER_TLS_VERIFY)"],
  ],
  [
    "DOCKER_TLS_VERIFY does not matter for a unix socket",
    { env: { DOCKER_HOST: "unix:///x.sock", DOCKER_TLS_VERIFY: "1" } },
    "default",
    ["unix:///x.sock (DOCKER_HOST)"],
  ],
];

describe("where an engine is looked for", () => {
  for (const [title, given, context, want] of rows) {
    test(title, async () => {
      const resolution = await resolved(given);
      const found = resolution.candidates.map(({ endpoint, source }) => `${formatEndpoint(endpoint)} (${source})`);
      assert.deepEqual([resolution.context, found], [context, want]);
    });
  }

  test("the option configFolder wins over DOCKER_CONFIG", async () => {
    await using folder = await ConfigFolder.make();
    await folder.write("config.json", { currentContext: "far" });
    await folder.context("far", contexts.far);
    const env = { DOCKER_CONFIG: "/nonexistent" };
    assert.equal((await resolve({ configFolder: folder.path }, { ...plain, env })).context, "far");
  });

  test("without DOCKER_CONFIG the folder is .docker at home", async () => {
    await using home = await ConfigFolder.make();
    await mkdir(join(home.path, ".docker"));
    await writeFile(join(home.path, ".docker/config.json"), '{"HttpHeaders":{"A":"b"}}');
    assert.deepEqual((await resolve({}, { ...plain, home: home.path })).headers, { A: "b" });
  });
});

describe("TLS", () => {
  const files = { "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" };
  /** The material with the content of its files as text. */
  async function materialOf(given: Given): Promise<object | undefined> {
    const endpoint = (await resolved(given)).candidates[0]?.endpoint;
    const tls = endpoint?.kind === "tcp" ? endpoint.tls : undefined;
    const entries = Object.entries(tls ?? {}).filter(([, value]) => value !== undefined);
    const readable = entries.map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString() : value]);
    return tls && Object.fromEntries(readable);
  }
  const host = { DOCKER_HOST: "tcp://engine.example:2376" };
  const material = { ca: "CA", cert: "CERT", key: "KEY" };

  for (const [title, given, want] of [
    ["is not spoken unless something asks for it", { env: host, files }, undefined],
    ["is not asked for by an empty variable", { env: { ...host, DOCKER_TLS_VERIFY: "" }, files }, undefined],
    [
      "is asked for by any other value of DOCKER_TLS_VERIFY, even 0",
      { env: { ...host, DOCKER_TLS_VERIFY: "0" }, files },
      { ...material, skipVerify: false },
    ],
    [
      "without verifying is asked for by DOCKER_TLS",
      { env: { ...host, DOCKER_TLS: "1" }, files },
      { ...material, skipVerify: true },
    ],
    [
      "needs no client certificate",
      { env: { ...host, DOCKER_TLS_VERIFY: "1" }, files: { "ca.pem": "CA" } },
      { ca: "CA", skipVerify: false },
    ],
    [
      "of the environment holds for the option host, as for the docker CLI's --host",
      { choice: { host: "tcp://other.example:1" }, env: { DOCKER_TLS_VERIFY: "1" }, files },
      { ...material, skipVerify: false },
    ],
    [
      "of the environment does not hold for a context",
      { choice: { context: "far" }, env: { DOCKER_TLS_VERIFY: "1" }, files, contexts },
      undefined,
    ],
    [
      "of a context is in its files",
      { choice: { context: "safe" }, contexts: { safe: { host: "tcp://a.example:1", tls: files } } },
      { ...material, skipVerify: false },
    ],
    [
      "of a context may be without verifying and without files",
      { choice: { context: "lax" }, contexts: { lax: { host: "tcp://a.example:1", skipTlsVerify: true } } },
      { skipVerify: true },
    ],
    [
      "of the options wins over the environment",
      { choice: { tls: { ca: "OTHER", serverName: "x.example" } }, env: { ...host, DOCKER_TLS: "1" }, files },
      { ca: "OTHER", serverName: "x.example", skipVerify: false },
    ],
    ["is in an address with https", { choice: { host: "https://engine.example" } }, { skipVerify: false }],
  ] as const) {
    test(title, async () => assert.deepEqual(await materialOf(given), want));
  }

  test("is read from DOCKER_CERT_PATH", async () => {
    await using certificates = await ConfigFolder.make();
    await certificates.write("ca.pem", "ELSEWHERE");
    const env = { ...host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certificates.path };
    assert.deepEqual(await materialOf({ env, files }), { ca: "ELSEWHERE", skipVerify: false });
  });
});

describe("headers for every request", () => {
  for (const [title, given, want] of [
    ["come from HttpHeaders", { config: { HttpHeaders: { "X-A": "1" } } }, { "X-A": "1" }],
    [
      "do not change what Fairlead sets itself",
      { config: { HttpHeaders: { "user-agent": "x", Host: "y", "Content-Length": "3", A: "b" } } },
      { A: "b" },
    ],
    [
      "of DOCKER_CUSTOM_HEADERS take the place of HttpHeaders",
      { env: { DOCKER_CUSTOM_HEADERS: 'A=1,"B=2,""3"""," C = 4=5",D=' }, config: { HttpHeaders: { "X-A": "1" } } },
      { A: "1", B: '2,"3"', C: " 4=5", D: "" },
    ],
    [
      "are not named by an empty variable",
      { env: { DOCKER_CUSTOM_HEADERS: "" }, config: { HttpHeaders: { A: "b" } } },
      { A: "b" },
    ],
    [
      "of the options come on top",
      { choice: { headers: { A: "mine", "User-Agent": "me" } }, config: { HttpHeaders: { A: "b", C: "d" } } },
      { A: "mine", C: "d", "User-Agent": "me" },
    ],
  ] as const) {
    test(title, async () => assert.deepEqual((await resolved(given)).headers, want));
  }
});

describe("a configuration that cannot be used", () => {
  for (const [title, given, message] of [
    ["is not JSON", { files: { "config.json": '{"auths":{"a":{"auth":"hunter2"}' } }, "FOLDER/config.json is not JSON"],
    ["is not an object", { files: { "config.json": "[]" } }, "FOLDER/config.json holds no JSON object"],
    [
      "is too large",
      { files: { "config.json": " ".repeat(8 * 1024 * 1024 + 1) } },
      "FOLDER/config.json is larger than 8 MiB",
    ],
    ["is a folder", { files: { "config.json/x": "" } }, "FOLDER/config.json is not a file"],
    [
      "has another form",
      { files: { "config.json": '{"HttpHeaders":{"A":["hunter2"]}}' } },
      "HttpHeaders in FOLDER/config.json must be an object of strings",
    ],
    [
      "has a header with a line feed",
      { files: { "config.json": '{"HttpHeaders":{"A":"hunter2\\r\\nHost: x"}}' } },
      'HttpHeaders in FOLDER/config.json cannot be sent: the header "A" has a value with characters that no header may have',
    ],
    [
      "names a context that is not there",
      { files: { "config.json": '{"currentContext":"gone"}' } },
      `The context "gone" does not exist: there is no FOLDER/contexts/meta/ID/meta.json`,
    ],
    [
      "has a context without an engine",
      { choice: { context: "x" }, contexts: { x: {} } },
      'The context "x" has no Docker engine (FOLDER/contexts/meta/ID/meta.json)',
    ],
    [
      "has a context with a malformed address",
      { choice: { context: "bad" }, contexts: { bad: { host: "tcp://user:hunter2@h" } } },
      "The address in the context bad may hold a host, a port and a path, nothing else (FOLDER/contexts/meta/ID/meta.json)",
    ],
    [
      "has no ca.pem for DOCKER_TLS_VERIFY",
      { env: { DOCKER_HOST: "tcp://a.example", DOCKER_TLS_VERIFY: "1" } },
      "FOLDER/ca.pem is missing, and DOCKER_TLS_VERIFY asks for TLS (DOCKER_CERT_PATH says where it is)",
    ],
    [
      "has a certificate without its key",
      { choice: { context: "half" }, contexts: { half: { host: "tcp://a.example", tls: { "cert.pem": "hunter2" } } } },
      "FOLDER/contexts/tls/ID/docker/key.pem is missing, and cert.pem is of no use without it",
    ],
  ] as const) {
    test(`is refused: one that ${title}`, async () => {
      assert.equal(await refusal(given, ConfigError), message);
    });
  }

  test("is named by the error", async () => {
    await using folder = await ConfigFolder.make();
    const file = await folder.write("config.json", "{");
    await assert.rejects(resolve({ configFolder: folder.path }, plain), { name: "ConfigError", file });
  });

  test("is refused: one that cannot be read, here a link to itself", async () => {
    await using folder = await ConfigFolder.make();
    await symlink("config.json", join(folder.path, "config.json"));
    await assert.rejects(resolve({ configFolder: folder.path }, plain), /config\.json cannot be read: ELOOP/);
  });
});

describe("options and variables that cannot be used", () => {
  for (const [title, given, message] of [
    ["both host and context", { choice: { host: "tcp://a", context: "b" } }, /leave one out/],
    ["both context and tls", { choice: { context: "b", tls: {} } }, /has its own TLS/],
    [
      "tls with a context of DOCKER_CONTEXT",
      { choice: { tls: {} }, env: { DOCKER_CONTEXT: "far" }, contexts },
      /has its own TLS/,
    ],
    ["tls with a Unix socket", { choice: { host: "unix:///x", tls: {} } }, /tls is for tcp/],
    ["a certificate without its key", { choice: { host: "tcp://a", tls: { cert: "hunter2" } } }, /belong together/],
    [
      "a header with a line feed",
      { choice: { headers: { A: "hunter2\nB: c" } } },
      /characters that no header may have/,
    ],
    ["a header's name with a space", { choice: { headers: { "A b": "hunter2" } } }, /malformed name/],
    ["a header that Fairlead sets", { choice: { headers: { Host: "hunter2" } } }, /not the caller's/],
    [
      "a malformed DOCKER_HOST, rather than another socket",
      { env: { DOCKER_HOST: "/nonsense" } },
      /DOCKER_HOST is not/,
    ],
    ["custom headers without a value", { env: { DOCKER_CUSTOM_HEADERS: "A=hunter2,B" } }, /name=value/],
    ["custom headers without a name", { env: { DOCKER_CUSTOM_HEADERS: "=hunter2" } }, /malformed name/],
    ["custom headers that are no CSV", { env: { DOCKER_CUSTOM_HEADERS: 'A="hunter2"' } }, /quotation marks/],
    [
      "custom headers of two lines",
      { env: { DOCKER_CUSTOM_HEADERS: "A=hunter2\r\nB=c" } },
      /characters that no header may have/,
    ],
  ] as const) {
    test(`are refused: ${title}`, async () => {
      assert.match(await refusal(given, InvalidRequestError), message);
    });
  }
});
