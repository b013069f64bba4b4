import assert from "node:assert/strict";
import { describe } from "node:test";
import { BuildError, RequestError, ResponseError, StatusError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { answer, exchange, stream } from "./support.ts";

const line = (value: unknown) => `${JSON.stringify(value)}\r\n`;
const built = stream(line({ stream: "Step 1/1 : FROM scratch\n" }) + line({ aux: { ID: "sha256:12" } }));

const parametersOf = (seen: string) =>
  Object.fromEntries(new URL(seen.split(" ")[1] ?? "", "http://engine").searchParams);

const headerOf = (head: string, name: string) => {
  const value = new RegExp(`^${name}: (.*)\r$`, "im").exec(head)?.[1];
  return value === undefined ? undefined : JSON.parse(Buffer.from(value, "base64url").toString());
};

describe("a build", () => {
  leakCheck();

  exchange(
    "of a URL sends the URL and no body",
    () => built,
    async ({ docker, seen }) => {
      const url = new URL("https://git.example/app.git#main:folder");
      assert.deepEqual(await docker.images.build(url, { dockerfile: "Other" }), { id: "sha256:12" });
      assert.match(seen[0]?.line ?? "", /^POST \/v1\.51\/build\?/);
      assert.deepEqual(parametersOf(seen[0]?.line ?? ""), { remote: url.href, dockerfile: "Other" });
      assert.equal(seen[0]?.body, "");
    },
  );

  exchange(
    "sends credentials in a header, and what else it has in the URL",
    () => built,
    async ({ docker, seen }) => {
      const registryConfig = { "registry.example": { username: "me", password: "pass?>word" } };
      const [t, buildargs, labels] = [["a", "b"], { x: null, y: "1" }, { z: "2" }];
      await docker.images.build(Buffer.from("tar"), { t, buildargs, labels, registryConfig, nocache: true });
      const { line: target = "", head = "", body } = seen[0] ?? {};
      assert.deepEqual(new URL(target.split(" ")[1] ?? "", "http://e").searchParams.getAll("t"), t);
      const { t: _, ...others } = parametersOf(target);
      assert.deepEqual(others, {
        buildargs: JSON.stringify(buildargs),
        labels: JSON.stringify(labels),
        nocache: "true",
      });
      assert.deepEqual(headerOf(head, "X-Registry-Config"), registryConfig);
      assert.match(head, /^Content-Type: application\/x-tar\r$/im);
      assert.equal(body, "tar");
      assert.doesNotMatch(target, /pass/);
    },
  );

  exchange(
    "that breaks off is an error in the promise, the outcome and the loop",
    () => ({ bytes: `HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${line({ stream: "Step" })}`, close: true }),
    async ({ docker }) => {
      const call = () => docker.images.build(Buffer.from("tar"));
      await assert.rejects(call(), ResponseError);
      await assert.rejects(call().outcome(), ResponseError);
      await assert.rejects(async () => {
        for await (const event of call()) {
          assert.equal(event.type, "output");
        }
      }, ResponseError);
    },
  );

  exchange(
    "that fails at once is an outcome; in the middle it is a BuildError",
    ({ body }) =>
      body === "bad" ? answer(400, { message: "no" }) : stream(line({ errorDetail: { message: "late" } })),
    async ({ docker }) => {
      const { kind } = await docker.images.build(Buffer.from("bad")).outcome();
      assert.equal(kind, "BadParameter");
      await assert.rejects(docker.images.build(Buffer.from("bad")), StatusError);
      await assert.rejects(docker.images.build(Buffer.from("good")).outcome(), BuildError);
    },
  );

  exchange(
    "whose tar cannot be read fails, with the reader's own failure as its cause",
    () => built,
    async ({ docker }) => {
      const own = new Error("disk");
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("x");
        throw own;
      }
      const call = docker.images.build(broken());
      await assert.rejects(call, (error) => error instanceof RequestError && error.cause === own);
    },
  );
});

describe("a push", () => {
  leakCheck();

  exchange(
    "sends its tag, its platform as JSON, and credentials in a header even if there are none",
    () => stream(line({ aux: { Tag: "1", Digest: "sha256:34", Size: 56 } })),
    async ({ docker, seen }) => {
      const platform = { os: "linux", architecture: "arm64" };
      const image = "registry.example:5000/team/app:1";
      const pushed = await docker.images.push(image, { platform });
      assert.deepEqual(pushed, { image, digest: "sha256:34", manifestBytes: 56 });
      const { line: target = "", head = "" } = seen[0] ?? {};
      assert.match(target, /^POST \/v1\.51\/images\/registry\.example(:|%3A)5000\/team\/app\/push\?/);
      assert.deepEqual(parametersOf(target), { tag: "1", platform: JSON.stringify(platform) });
      assert.deepEqual(headerOf(head, "X-Registry-Auth"), {});
    },
  );
});

describe("a pull of what is missing", () => {
  leakCheck();

  exchange(
    "asks the engine first, and pulls unless it has the image",
    ({ line: target }) => (target.startsWith("GET") ? answer(404, { message: "none" }) : stream("")),
    async ({ docker, seen }) => {
      assert.equal((await docker.images.pull("alpine:3", { policy: "missing" })).asked, true);
      assert.deepEqual(
        seen.map(({ line: target }) => target.split("?")[0]),
        ["GET /v1.51/images/alpine%3A3/json", "POST /v1.51/images/create"],
      );
    },
  );

  exchange(
    "does not pull what is there",
    () => answer(200, { Id: "sha256:1" }),
    async ({ docker, seen }) => {
      assert.equal((await docker.images.pull("alpine:3", { policy: "missing" })).asked, false);
      assert.equal(seen.length, 1);
    },
  );
});
