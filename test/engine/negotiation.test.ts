import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import {
  AbortError,
  Docker,
  type DockerOptions,
  RequestError,
  TimeoutError,
  UnexpectedStatusError,
  VersionError,
} from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer } from "../support/raw-server.ts";
import { answer, pong, readRequest } from "./support.ts";

/** Runs `body` with a server that answers every request by `reply`, and gives the lines of all requests. */
async function withEngine(
  reply: (line: string, count: number) => string | Promise<string>,
  body: (docker: Docker, server: RawServer) => Promise<void>,
  options: DockerOptions = {},
): Promise<string[]> {
  const lines: string[] = [];
  const server = await RawServer.listen("unix", async (connection) => {
    for (;;) {
      const { line } = await readRequest(connection);
      lines.push(line);
      const bytes = await reply(line, lines.length);
      if (bytes === "") {
        connection.close();
        return;
      }
      await connection.write(bytes);
    }
  });
  const docker = new Docker({ host: server.dialer.endpoint, ...options });
  try {
    await body(docker, server);
  } finally {
    await docker.close();
    await server.close();
  }
  return lines;
}

const refusal = (message: string, headers = "") => answer(400, { message }, headers);
const info = answer(200, { ID: "engine" });
const infoTwice = async (docker: Docker) => {
  await docker.system.info();
  await docker.system.info();
};

describe("the API version", { timeout: 600_000 }, () => {
  leakCheck();

  for (const [offered, spoken] of [
    ["1.40", "1.40"],
    ["1.51", "1.51"],
    ["1.56", "1.56"],
    ["1.99", "1.56"],
    ["2.0", "1.56"],
    [undefined, "1.40"],
    ["nonsense", "1.40"],
  ]) {
    test(`is ${spoken} with an engine that offers ${offered ?? "none"}, and asked for once`, async () => {
      const lines = await withEngine((line) => (line === "HEAD /_ping" ? pong(offered) : info), infoTwice);
      assert.deepEqual(lines, ["HEAD /_ping", `GET /v${spoken}/info`, `GET /v${spoken}/info`]);
    });
  }

  test("is asked for with GET when HEAD is not allowed", async () => {
    const reply = (line: string) =>
      line === "HEAD /_ping" ? "HTTP/1.1 405 No\r\n\r\n" : line === "GET /_ping" ? pong("1.44") : info;
    const lines = await withEngine(reply, infoTwice);
    assert.deepEqual(lines, ["HEAD /_ping", "GET /_ping", "GET /v1.44/info", "GET /v1.44/info"]);
  });

  test("of an engine that is too old is a VersionError, and nothing else is sent", async () => {
    const lines = await withEngine(
      () => pong("1.39"),
      async (docker) => {
        for (const view of [docker.system.info(), docker.system.info().outcome()]) {
          await assert.rejects(view, (error) => {
            assert.ok(error instanceof VersionError);
            assert.deepEqual([error.version, error.minimum], ["1.39", "1.40"]);
            assert.match(error.message, /update the engine/);
            return true;
          });
        }
      },
    );
    assert.deepEqual(new Set(lines), new Set(["HEAD /_ping"]));
  });

  test("is asked for once for 50 calls at once", async () => {
    const lines = await withEngine(
      (line) => (line === "HEAD /_ping" ? pong("1.51") : info),
      async (docker) => {
        await Promise.all(Array.from({ length: 50 }, () => docker.system.info()));
      },
    );
    assert.equal(lines.filter((line) => line === "HEAD /_ping").length, 1);
    assert.equal(lines.filter((line) => line === "GET /v1.51/info").length, 50);
  });

  test("is asked for with the client's limits, whatever those of the first call are", async () => {
    await withEngine(
      (line) => (line === "HEAD /_ping" ? new Promise<string>(() => {}) : info),
      async (docker) => {
        const waiting = docker.containers.wait("web", { timeouts: { headersMs: 60_000 } });
        for (const call of [waiting, docker.containers.list()]) {
          await assert.rejects(call, (error) => error instanceof TimeoutError && error.limitMs === 200);
        }
      },
      { timeouts: { headersMs: 200 } },
    );
  });

  test("is given up when the last call that waits for it is aborted, and not before", async () => {
    let asked: () => void = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await withEngine(
      () => {
        asked();
        return new Promise<string>(() => {});
      },
      async (docker, server) => {
        const [first, last] = [new AbortController(), new AbortController()];
        const calls = [first, last].map(({ signal }) => docker.system.info({ signal }));
        await isAsked;
        first.abort();
        await assert.rejects(calls[0] ?? Promise.resolve(), AbortError);
        assert.equal(server.openCount, 1);
        last.abort();
        await assert.rejects(calls[1] ?? Promise.resolve(), AbortError);
        await server.clientLeft();
      },
    );
  });

  test("adds one listener to a signal that many first calls share", async () => {
    await withEngine(
      (line) => (line === "HEAD /_ping" ? pong("1.51") : info),
      async (docker) => {
        const { signal } = new AbortController();
        const calls = Promise.all(Array.from({ length: 20 }, () => docker.system.info({ signal })));
        assert.ok(getEventListeners(signal, "abort").length <= 1);
        await calls;
        assert.equal(getEventListeners(signal, "abort").length, 0);
      },
    );
  });

  test("is asked for again after a failure", async () => {
    const lines = await withEngine(
      (line, count) => (count === 1 ? "" : line === "HEAD /_ping" ? pong("1.51") : info),
      async (docker) => {
        await assert.rejects(docker.system.info(), RequestError);
        await docker.system.info();
      },
    );
    assert.deepEqual(lines, ["HEAD /_ping", "HEAD /_ping", "GET /v1.51/info"]);
  });

  test("is asked for again when a proxy answered for an engine that was not up", async () => {
    let isUp = false;
    const reply = (line: string) => {
      if (!isUp) {
        return line.startsWith("HEAD") ? "HTTP/1.1 503 Down\r\n\r\n" : answer(503, "down");
      }
      return line === "HEAD /_ping" ? pong("1.51") : info;
    };
    const lines = await withEngine(reply, async (docker) => {
      await assert.rejects(docker.system.info(), UnexpectedStatusError);
      isUp = true;
      await docker.system.info();
    });
    assert.equal(lines.at(-1), "GET /v1.51/info");
  });

  test("is still found for the others when one caller aborts", async () => {
    let pinged = () => {};
    const ping = new Promise<void>((resolve) => {
      pinged = resolve;
    });
    const lines = await withEngine(
      async (line) => {
        if (line === "HEAD /_ping") {
          pinged();
          await new Promise((resolve) => setTimeout(resolve, 100));
          return pong("1.51");
        }
        return info;
      },
      async (docker) => {
        const controller = new AbortController();
        const aborted = docker.system.info({ signal: controller.signal });
        const other = docker.system.info();
        await ping;
        controller.abort("enough");
        await assert.rejects(aborted, (error) => error instanceof AbortError && error.cause === "enough");
        assert.equal((await other).ID, "engine");
      },
    );
    assert.deepEqual(lines, ["HEAD /_ping", "GET /v1.51/info"]);
  });
});

describe("an engine that refuses the version", { timeout: 600_000 }, () => {
  leakCheck();

  const heals: readonly (readonly [title: string, refusal: string, then: string])[] = [
    [
      "as too new, in words",
      refusal("client version 1.51 is too new. Maximum supported API version is 1.45"),
      "GET /v1.45/info",
    ],
    [
      "as too old, with its own in a header",
      refusal(
        "client version 1.51 is too old. Minimum supported API version is 1.52, please upgrade your client to a newer version",
        "Api-Version: 1.60\r\n",
      ),
      "GET /v1.56/info",
    ],
    [
      "as too old, in words alone",
      refusal("client version 1.51 is too old. Minimum supported API version is 1.53"),
      "GET /v1.53/info",
    ],
  ];
  for (const [title, refused, then] of heals) {
    test(`${title}, is spoken to in its own version from then on`, async () => {
      const reply = (line: string) => (line === "HEAD /_ping" ? pong("1.51") : line === then ? info : refused);
      const lines = await withEngine(reply, infoTwice);
      assert.deepEqual(lines, ["HEAD /_ping", "GET /v1.51/info", then, then]);
    });
  }

  test("whatever is sent, is not asked for ever", async () => {
    let lower = 51;
    const reply = (line: string) => {
      lower -= 1;
      return line === "HEAD /_ping"
        ? pong("1.51")
        : refusal(`client version 1.51 is too new. Maximum supported API version is 1.${lower}`);
    };
    const lines = await withEngine(reply, async (docker) => {
      await assert.rejects(docker.system.info(), { status: 400 });
    });
    assert.equal(lines.length, 4);
  });

  for (const [title, message] of [
    ["too new", "client version 1.56 is too new. Maximum supported API version is 1.45"],
    ["too old", "client version 1.40 is too old. Minimum supported API version is 1.44"],
  ] as const) {
    test(`that was chosen, as ${title}, is a VersionError with what it said`, async () => {
      const apiVersion = /1\.\d+/.exec(message)?.[0];
      const lines = await withEngine(
        () => refusal(message),
        async (docker) => {
          await assert.rejects(docker.system.info(), (error) => {
            assert.ok(error instanceof VersionError);
            assert.equal(error.version, apiVersion);
            assert.equal(error.maximum ?? error.minimum, /1\.\d+$/.exec(message)?.[0]);
            assert.equal(error.operation, "SystemInfo");
            return true;
          });
        },
        { apiVersion },
      );
      assert.deepEqual(lines, [`GET /v${apiVersion}/info`]);
    });
  }

  test("as too old for anything that Fairlead speaks, is a VersionError", async () => {
    const refused = refusal("client version 1.56 is too old. Minimum supported API version is 1.60");
    await withEngine(
      (line) => (line === "HEAD /_ping" ? pong("1.70") : refused),
      async (docker) => {
        await assert.rejects(docker.system.info(), /speaks API 1\.60 and newer.*update Fairlead/);
      },
    );
  });

  test("is not sent a streamed body again", async () => {
    let pulled = 0;
    async function* tar(): AsyncGenerator<Uint8Array> {
      pulled += 1;
      yield Buffer.from("bytes");
    }
    const refused = refusal("client version 1.51 is too new. Maximum supported API version is 1.45");
    const server = await RawServer.listen("unix", async (connection) => {
      for (;;) {
        const head = await connection.head();
        if (head.startsWith("HEAD")) {
          await connection.write(pong("1.51"));
          continue;
        }
        if (head.startsWith("POST")) {
          assert.equal((await connection.take(15)).toString(), "5\r\nbytes\r\n0\r\n\r\n");
        }
        await connection.write(head.startsWith("GET /v1.45/info") ? info : refused);
      }
    });
    const docker = new Docker({ host: server.dialer.endpoint });
    try {
      await assert.rejects(docker.request("ImageLoad", { body: tar() }), { status: 400 });
      assert.equal(pulled, 1);
      await docker.system.info();
    } finally {
      await docker.close();
      await server.close();
    }
  });
});
