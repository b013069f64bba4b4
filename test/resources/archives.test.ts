import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ReadableStream } from "node:stream/web";
import { describe, test } from "node:test";
import { type ByteSource, Docker, RequestError } from "../../src/index.ts";
import { answer, exchange, pong, readRequest, stream } from "../engine/support.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer } from "../support/raw-server.ts";
import { tarOf } from "../support/tar.ts";

leakCheck();

const tar = tarOf({ name: "file", body: "content" });
const statOf = (value: object) =>
  `X-Docker-Container-Path-Stat: ${Buffer.from(JSON.stringify(value)).toString("base64")}\r\n`;
const fileStat = statOf({ name: "file", size: 7, mode: 0o644, mtime: "2026-01-02T03:04:05Z", linkTarget: "" });
/** A Node stream that fails when it is read. */
function createReadable(failure: Error): Readable {
  return new Readable({
    read() {
      this.destroy(failure);
    },
  });
}

const ok = (body: Uint8Array, headers = "") =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n`), body]);

describe("tars that come", () => {
  const calls: Record<string, (docker: Docker) => AsyncIterable<Uint8Array>> = {
    "containers.export": (docker) => docker.containers.export("web"),
    "containers.getArchive": (docker) => docker.containers.getArchive("web", { path: "/file" }),
    "images.save of one image": (docker) => docker.images.save("app"),
    "images.save of several": (docker) => docker.images.save(["app", "web"]),
  };
  for (const [name, call] of Object.entries(calls)) {
    exchange(
      `${name} gives the bytes as they came`,
      () => ok(tar, fileStat),
      async ({ docker }) => {
        assert.ok((await buffer(call(docker))).equals(tar));
      },
    );

    exchange(
      `${name} tells a tar that ends early, though its answer is whole`,
      () => ok(tar.subarray(0, 700), fileStat),
      async ({ docker }) => {
        await assert.rejects(buffer(call(docker)), { name: "ResponseError", receivedBytes: 700 });
      },
    );

    exchange(
      `${name} tells an answer that breaks off`,
      () => stream(tar.subarray(0, 700), `${fileStat}Content-Length: 2048\r\n`),
      async ({ docker }) => {
        await assert.rejects(buffer(call(docker)), { name: "ResponseError" });
      },
    );

    for (const [form, error] of Object.entries({
      "the outer handler": `{"message":"no space left"}\n`,
      "saving an image": `{"errorDetail":{"message":"no space left"},"error":"no space left"}\r\n`,
    })) {
      for (const [place, before] of Object.entries({ behind: tar, into: tar.subarray(0, 515) })) {
        const bytes = Buffer.concat([before, Buffer.from(error)]);
        exchange(
          `${name} tells an error of ${form} that was written ${place} the tar`,
          () => ok(bytes, fileStat),
          async ({ docker, server }) => {
            await assert.rejects(buffer(call(docker)), { name: "EngineStreamError", engineMessage: "no space left" });
            assert.ok(server.connections.length <= 2);
          },
        );
      }
    }
  }

  exchange(
    "are asked for by name",
    () => ok(tar, fileStat),
    async ({ docker, seen }) => {
      await buffer(docker.images.save("host:5000/team/app:1"));
      await buffer(docker.images.save(["a", "b"], { platform: [{ os: "linux", architecture: "arm64" }] }));
      await buffer(docker.containers.getArchive("web", { path: "/a b" }));
      await buffer(docker.containers.export("web"));
      assert.deepEqual(
        seen.map(({ line }) => line),
        [
          "GET /v1.51/images/host%3A5000/team/app%3A1/get",
          `GET /v1.51/images/get?platform=${encodeURIComponent('{"os":"linux","architecture":"arm64"}')}&names=a&names=b`,
          "GET /v1.51/containers/web/archive?path=%2Fa%20b",
          "GET /v1.51/containers/web/export",
        ],
      );
      assert.ok(seen.every(({ head }) => !/accept-encoding/i.test(head)));
    },
  );
});

describe("what a path is", () => {
  exchange(
    "is read from the header",
    () => answer(200, "", fileStat),
    async ({ docker, seen }) => {
      const stat = await docker.containers.statPath("web", { path: "/file" });
      assert.deepEqual(stat, {
        name: "file",
        type: "file",
        mode: 0o644,
        size: 7,
        mtime: new Date("2026-01-02T03:04:05Z"),
        linkTarget: "",
      });
      assert.deepEqual(
        seen.map(({ line }) => line),
        ["HEAD /v1.51/containers/web/archive?path=%2Ffile"],
      );
    },
  );

  const explained = answer(404, { message: "Could not find the file /x in container web" });
  const silent = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n";
  exchange(
    "that is not there is asked again for the reason",
    ({ line }) => (line.startsWith("HEAD") ? silent : explained),
    async ({ docker, seen }) => {
      const outcome = await docker.containers.statPath("web", { path: "/x" }).outcome();
      assert.deepEqual(outcome, {
        kind: "NoSuchContainerOrPath",
        status: 404,
        error: { message: "Could not find the file /x in container web" },
      });
      assert.deepEqual(
        seen.map(({ line }) => line.split(" ")[0]),
        ["HEAD", "GET"],
      );
    },
  );

  exchange(
    "that has come into being meanwhile stays an outcome without a message",
    ({ line }) => (line.startsWith("HEAD") ? silent : ok(tar, fileStat)),
    async ({ docker }) => {
      const outcome = await docker.containers.statPath("web", { path: "/x" }).outcome();
      assert.deepEqual(outcome, { kind: "NoSuchContainerOrPath", status: 404, error: { message: "" } });
    },
  );

  for (const header of ["", "X-Docker-Container-Path-Stat: e30=\r\n"]) {
    exchange(
      `is an error if the header is ${header === "" ? "missing" : "empty"}`,
      () => ok(tar, header),
      async ({ docker }) => {
        await assert.rejects(docker.containers.getArchive("web", { path: "/" }), { name: "JsonError", status: 200 });
      },
    );
  }
});

describe("tars that are sent", () => {
  /** Answers while the request is still being sent, and reads no more of it. */
  const early = async (reply: string, check: (docker: Docker) => Promise<void>) => {
    await using server = await RawServer.listen("unix", async (connection) => {
      if (!(await connection.head()).includes("PUT ")) {
        await connection.write(pong("1.51"));
        await connection.head();
      }
      await connection.write(reply);
    });
    await using docker = new Docker({ host: server.dialer.endpoint });
    await check(docker);
  };

  for (const kind of ["endless", "stalled"] as const) {
    const pieces = () => ({
      [Symbol.asyncIterator]: () => ({
        next: () =>
          kind === "endless"
            ? Promise.resolve({ done: false as const, value: Buffer.alloc(65_536) })
            : new Promise<never>(() => {}),
      }),
    });
    test(`an answer that comes early ends an ${kind} iterable`, { timeout: 600_000 }, async () => {
      await early(answer(404, { message: "no such container" }), async (docker) => {
        const outcome = await docker.containers.putArchive("web", pieces(), { path: "/" }).outcome();
        assert.deepEqual([outcome.kind, outcome.status], ["NoSuchContainerOrPath", 404]);
      });
    });

    test(`an answer that comes early destroys a Node stream that is ${kind}`, { timeout: 600_000 }, async () => {
      const source = new Readable({
        read() {
          if (kind === "endless") {
            this.push(Buffer.alloc(65_536));
          }
        },
      });
      await early(answer(403, { message: "read-only" }), async (docker) => {
        const outcome = await docker.containers.putArchive("web", source, { path: "/" }).outcome();
        assert.deepEqual([outcome.kind, outcome.status], ["ReadOnly", 403]);
        await new Promise(setImmediate);
        assert.ok(source.destroyed);
      });
    });

    test(`an answer that comes early cancels a web stream that is ${kind}`, { timeout: 600_000 }, async () => {
      let cancelled = false;
      const source = new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (kind === "stalled") {
            await new Promise(() => {});
          }
          controller.enqueue(Buffer.alloc(65_536));
        },
        cancel() {
          cancelled = true;
        },
      });
      await early(answer(400, { message: "bad" }), async (docker) => {
        const outcome = await docker.containers.putArchive("web", source, { path: "/" }).outcome();
        assert.deepEqual([outcome.kind, outcome.status], ["BadParameter", 400]);
        await new Promise(setImmediate);
        assert.ok(cancelled);
      });
    });
  }

  test("a source that fails ends the call with its error", { timeout: 600_000 }, async () => {
    await using server = await RawServer.listen("unix", async (connection) => {
      await readRequest(connection);
      await connection.write(pong("1.51"));
      await connection.rest();
    });
    await using docker = new Docker({ host: server.dialer.endpoint });
    const failure = new Error("the disk is gone");
    const sources: (() => ByteSource)[] = [
      async function* () {
        yield tar;
        throw failure;
      },
      () => createReadable(failure),
      () => new Readable({ read: () => {} }).destroy(failure), // before anybody reads it
      () => new ReadableStream({ pull: (controller) => controller.error(failure) }),
    ];
    for (const makeSource of sources) {
      const source = makeSource();
      await assert.rejects(docker.containers.putArchive("web", source, { path: "/" }), (error) => {
        assert.ok(error instanceof RequestError);
        assert.equal(error.cause, failure);
        return true;
      });
    }
  });

  exchange(
    "carry their type, and the parameters of the call",
    () => answer(200),
    async ({ docker, seen }) => {
      await docker.containers.putArchive("web", tar, { path: "/tmp", noOverwriteDirNonDir: true, copyUIDGID: false });
      assert.equal(
        seen[0]?.line,
        "PUT /v1.51/containers/web/archive?path=%2Ftmp&noOverwriteDirNonDir=true&copyUIDGID=false",
      );
      assert.match(seen[0]?.head ?? "", /^Content-Type: application\/x-tar\r$/m);
      assert.ok(Buffer.from(seen[0]?.body ?? "").equals(tar));
    },
  );
});

describe("images that are loaded and imported", () => {
  const lines = (...events: object[]) => events.map((event) => `${JSON.stringify(event)}\r\n`).join("");
  const loaded = lines(
    { status: "Loading layer", progressDetail: { current: 1, total: 2 }, id: "abc" },
    { stream: "Loaded image: app:1\n" },
    { stream: "Loaded image ID: sha256:0123\n" },
    { stream: "Loaded image: localhost/a:1, localhost/b:2\n" },
  );
  exchange(
    "have their names in the result, and are not loaded quietly",
    () => answer(200, loaded),
    async ({ docker, seen }) => {
      const { images } = await docker.images.load(tar);
      assert.deepEqual(images, ["app:1", "sha256:0123", "localhost/a:1", "localhost/b:2"]);
      assert.deepEqual(await docker.images.load(tar, { quiet: true }), { images });
      assert.deepEqual(
        seen.map(({ line }) => line),
        ["POST /v1.51/images/load?quiet=false", "POST /v1.51/images/load?quiet=true"],
      );
    },
  );

  const failed = lines(
    { stream: "Loaded image: app:1\n" },
    { errorDetail: { message: "bad layer" }, error: "bad layer" },
  );
  exchange(
    "fail with the error in the stream",
    () => answer(200, failed),
    async ({ docker }) => {
      for (const call of [docker.images.load(tar), docker.images.load(tar).outcome(), docker.images.import(tar)]) {
        await assert.rejects(call, { name: "EngineStreamError", engineMessage: "bad layer" });
      }
    },
  );

  const id = `sha256:${"0".repeat(64)}`;
  exchange(
    "have their id in the result, from a tar or a URL",
    () => answer(200, lines({ status: "Importing" }, { status: id })),
    async ({ docker, seen }) => {
      const changes = ["CMD sh", "ENV A=b"];
      assert.deepEqual(await docker.images.import(tar, { repo: "app", tag: "1", changes }), { id });
      assert.deepEqual(await docker.images.import(new URL("http://host/x.tar?a=b")), { id });
      assert.deepEqual(
        seen.map(({ line }) => line),
        [
          "POST /v1.51/images/create?changes=CMD%20sh&changes=ENV%20A%3Db&repo=app%3A1&fromSrc=-",
          "POST /v1.51/images/create?fromSrc=http%3A%2F%2Fhost%2Fx.tar%3Fa%3Db",
        ],
      );
      assert.deepEqual(
        seen.map(({ body }) => body.length),
        [tar.length, 0],
      );
    },
  );
});

describe("a commit", () => {
  exchange(
    "sends its configuration, or an empty one",
    () => answer(201, { Id: "sha256:1" }),
    async ({ docker, seen }) => {
      assert.deepEqual(await docker.containers.commit("web"), { Id: "sha256:1" });
      await docker.containers.commit("web", { repo: "r", pause: false, changes: ["A", "B"], config: { Cmd: ["x"] } });
      assert.deepEqual(
        seen.map(({ line, body }) => [line, body]),
        [
          ["POST /v1.51/commit?container=web", "{}"],
          ["POST /v1.51/commit?repo=r&pause=false&changes=A&changes=B&container=web", '{"Cmd":["x"]}'],
        ],
      );
    },
  );
});
