import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { AbortError, type CredentialsProvider, Docker, InvalidRequestError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { credentialsOf, hub, Noting, Waiting } from "./providers.ts";
import { answer, exchange, stream } from "./support.ts";

const registry = "registry.example:5000";
const image = `${registry}/team/app:1`;

/** What a header with credentials says; undefined if there is none. */
function headerOf(head: string | undefined, name: string): unknown {
  const value = new RegExp(`^${name}: (.*)\\r$`, "im").exec(head ?? "")?.[1];
  if (value === undefined) {
    return undefined;
  }
  assert.match(value, /^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/);
  return JSON.parse(Buffer.from(value, "base64url").toString());
}

/** Answers that the calls below are content with. */
const reply = ({ line }: { line: string }) => {
  if (/\/(json|images\/search|plugins\/privileges)\b/.test(line)) {
    return answer(200, []);
  }
  return /\/services\//.test(line) ? answer(/create/.test(line) ? 201 : 200, { ID: "x" }) : stream("{}\r\n");
};

const service = { Name: "web", TaskTemplate: { ContainerSpec: { Image: image } } };

describe("the credentials of a registry", () => {
  leakCheck();

  type Row = readonly [title: string, call: (docker: Docker) => Promise<unknown>, asked: string];
  const asking: readonly Row[] = [
    ["a pull", (docker) => docker.images.pull(image), registry],
    ["a pull from Docker Hub", (docker) => docker.images.pull("alpine"), hub],
    ["a pull by digest", (docker) => docker.images.pull(`${registry}/a@sha256:${"0".repeat(64)}`), registry],
    ["a push", (docker) => docker.images.push(image), registry],
    ["a search", (docker) => docker.images.search("nginx"), hub],
    ["a search elsewhere", (docker) => docker.images.search(`${registry}/nginx`), registry],
    ["an inspection in the registry", (docker) => docker.distribution.inspect(image), registry],
    ["the privileges of a plugin", (docker) => docker.plugins.privileges(image), registry],
    ["a plugin's pull under another name", (docker) => docker.plugins.pull(image, { name: "other/name" }), registry],
    ["a plugin's upgrade", (docker) => docker.plugins.upgrade("other/name", image), registry],
    ["a plugin's push", (docker) => docker.plugins.push(image), registry],
    ["a service's creation on request", (docker) => docker.services.create(service, { registryAuth: true }), registry],
    [
      "a service's update on request",
      (docker) => docker.services.update("web", service, { version: 1, registryAuth: true }),
      registry,
    ],
    [
      "any operation by its id",
      (docker) => docker.request("ImageCreate", { parameters: { fromImage: "alpine" } }),
      hub,
    ],
  ];
  for (const [title, call, asked] of asking) {
    const credentials = new Noting();
    exchange(
      `go with ${title}, in padded base64url`,
      reply,
      async ({ docker, seen }) => {
        await call(docker).then((value) => drain(value));
        assert.deepEqual(credentials.asked, [asked]);
        assert.deepEqual(headerOf(seen[0]?.head, "X-Registry-Auth"), credentialsOf(asked));
      },
      { credentials },
    );
  }

  const silent: readonly [title: string, call: (docker: Docker) => Promise<unknown>][] = [
    ["a list of containers", (docker) => docker.containers.list()],
    ["an import", (docker) => docker.images.import(Buffer.from("tar"), { repo: "a" })],
    ["a pull of what is there", (docker) => docker.images.pull(image, { policy: "missing" })],
    ["a pull that wants none", (docker) => docker.images.pull(image, { registryAuth: false })],
    ["a service's creation", (docker) => docker.services.create(service)],
    ["a service without an image", (docker) => docker.services.create({ Name: "x" }, { registryAuth: true })],
    ["a plugin's push by what may be its id", (docker) => docker.plugins.push("0123abcd")],
    ["a build that wants none", (docker) => docker.images.build(Buffer.from("tar"), { registryConfig: false })],
    ["a build with BuildKit", (docker) => docker.images.build(Buffer.from("tar"), { version: "2" })],
  ];
  for (const [title, call] of silent) {
    const credentials = new Noting();
    exchange(
      `are not looked up for ${title}`,
      reply,
      async ({ docker, seen }) => {
        await call(docker);
        assert.deepEqual(credentials.asked, []);
        assert.equal(seen.length, 1);
        assert.doesNotMatch(seen[0]?.head ?? "", /X-Registry/i);
      },
      { credentials },
    );
  }

  const given = new Noting();
  exchange(
    "that the caller gives are sent as they are, also to nobody's profit",
    reply,
    async ({ docker, seen }) => {
      await docker.images.pull(image, { registryAuth: { username: "bob" } });
      await docker.images.push(image, { registryAuth: {} });
      await docker.images.push(image, { registryAuth: false });
      await docker.images.build(Buffer.from("tar"), { registryConfig: {} });
      assert.deepEqual(given.asked, []);
      assert.deepEqual(headerOf(seen[0]?.head, "X-Registry-Auth"), { username: "bob" });
      assert.deepEqual(headerOf(seen[1]?.head, "X-Registry-Auth"), {});
      assert.deepEqual(headerOf(seen[2]?.head, "X-Registry-Auth"), {});
      assert.deepEqual(headerOf(seen[3]?.head, "X-Registry-Config"), {});
    },
    { credentials: given },
  );

  const building = new Noting();
  exchange(
    "go with a build, all of them",
    reply,
    async ({ docker, seen }) => {
      await docker.images.build(Buffer.from("tar"), { version: "1" });
      assert.deepEqual(building.asked, ["all"]);
      assert.deepEqual(headerOf(seen[0]?.head, "X-Registry-Config"), { [hub]: credentialsOf(hub) });
    },
    { credentials: building },
  );

  exchange(
    "are none for a client that has none",
    reply,
    async ({ docker, seen }) => {
      await docker.images.pull(image, { registryAuth: true });
      await docker.images.build(Buffer.from("tar"), { registryConfig: true });
      assert.doesNotMatch(seen.map(({ head }) => head).join(), /X-Registry/i);
      const login = docker.registry.login({ username: "a", password: "b" });
      await assert.rejects(login, {
        name: "InvalidRequestError",
        message: "This client has nowhere to keep credentials",
      });
      await assert.rejects(docker.registry.logout(), InvalidRequestError);
      assert.equal(seen.length, 2);
    },
    { credentials: false },
  );

  const careful = new Noting();
  exchange(
    "are not looked up for what cannot be sent",
    reply,
    async ({ docker, seen }) => {
      const platform = "\ud800";
      await assert.rejects(docker.images.pull("No Image", {}), InvalidRequestError);
      await assert.rejects(docker.images.pull(image, { platform }), InvalidRequestError);
      await assert.rejects(docker.images.pull(image, { signal: AbortSignal.abort() }), AbortError);
      assert.deepEqual([careful.asked, seen], [[], []]);
    },
    { credentials: careful },
  );

  const failing: CredentialsProvider = { get: () => Promise.reject(new RangeError("no keychain")) };
  exchange(
    "end a call that they fail",
    reply,
    async ({ docker, seen }) => {
      await assert.rejects(docker.images.pull(image), RangeError);
      await assert.rejects(docker.images.pull(image).outcome(), RangeError);
      // Without `all` there are none for a build.
      await docker.images.build(Buffer.from("tar"));
      assert.equal(seen.length, 1);
    },
    { credentials: failing },
  );

  const nonsense = { get: async () => "s3cret" } as unknown as CredentialsProvider; // what a program without types may do
  exchange(
    "that are no object are refused, and not shown",
    reply,
    async ({ docker, seen }) => {
      const error = await docker.images.pull(image).catch((failure: unknown) => failure);
      assert.ok(error instanceof InvalidRequestError);
      assert.match(error.message, /^registryAuth must be an object/);
      assert.doesNotMatch(inspect(error), /s3cret/);
      assert.equal(seen.length, 0);
    },
    { credentials: nonsense },
  );

  const slow = new Waiting();
  exchange(
    "are looked up once for all that want them at the same time, and given up with the last of them",
    reply,
    async ({ docker, seen }) => {
      const [first, second] = [new AbortController(), new AbortController()];
      const calls = [first, second].map(({ signal }) => docker.images.pull(image, { signal }));
      await slow.begun();
      first.abort();
      await assert.rejects(calls[0] ?? Promise.resolve(), AbortError);
      assert.equal(slow.signals[0]?.aborted, false);
      second.abort();
      await assert.rejects(calls[1] ?? Promise.resolve(), AbortError);
      assert.deepEqual([slow.signals.length, slow.signals[0]?.aborted, seen.length], [1, true, 0]);

      const again = [docker.images.pull(image), docker.images.pull(image)];
      slow.release();
      await Promise.all(again);
      assert.deepEqual([slow.signals.length, seen.length], [2, 2]);
      // Tokens expire: what is there is not remembered.
      await docker.images.pull(image);
      assert.equal(slow.signals.length, 3);
    },
    { credentials: slow },
  );

  it("that are neither a provider nor false are refused", () => {
    for (const credentials of [true, "x", null, {}]) {
      const options = { credentials } as object; // what a program without types may do
      assert.throws(() => new Docker(options), { name: "InvalidRequestError", parameter: "credentials" });
    }
  });

  it("cannot be seen in a client", async () => {
    process.env["DOCKER_AUTH_CONFIG"] = "s3cret";
    try {
      await using docker = new Docker({ host: "tcp://127.0.0.1:1" });
      const shown = inspect(docker, { depth: 20, showHidden: true });
      await assert.rejects(docker.images.pull(image), /^InvalidRequestError: DOCKER_AUTH_CONFIG cannot be used/);
      assert.doesNotMatch(shown + inspect(docker, { depth: 20, showHidden: true }), /s3cret/);
    } finally {
      delete process.env["DOCKER_AUTH_CONFIG"];
    }
  });
});

/** Reads a value to its end if it is a stream. */
async function drain(value: unknown): Promise<void> {
  if (typeof value === "object" && value !== null && Symbol.asyncIterator in value) {
    // Whatever it holds.
    for await (const _ of value as AsyncIterable<unknown>) {
    }
  }
}
