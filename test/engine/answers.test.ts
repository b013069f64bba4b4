import assert from "node:assert/strict";
import { describe } from "node:test";
import { JsonError, ResponseError, StatusError, UnexpectedStatusError, UpgradeError } from "../../src/index.ts";
import type { UpgradedConnection } from "../../src/transport/transport.ts";
import { leakCheck } from "../support/leaks.ts";
import { answer, exchange, stream } from "./support.ts";

const mebibyte = 1024 * 1024;

/** Error bodies of all kinds, and the message that both views must give. */
const bodies: readonly (readonly [title: string, body: unknown, message: string | RegExp])[] = [
  ["JSON", { message: "No such container: web" }, "No such container: web"],
  ["JSON with more in it", { cause: "x", message: "no container", response: 404 }, "no container"],
  ["JSON of another kind", '{"error":"gone"}', '{"error":"gone"}'],
  ["JSON whose message is no text", '{"message":7}', '{"message":7}'],
  [
    "a line of progress",
    { errorDetail: { message: "authentication required" }, error: "x" },
    "authentication required",
  ],
  ["a line of progress that says nothing", { errorDetail: { code: 1 } }, '{"errorDetail":{"code":1}}'],
  ["broken JSON", '{"message":"gone', '{"message":"gone'],
  ["text", "page not found\n", "page not found"],
  ["HTML", "<html>\n  <body>404</body>\n</html>", "<html> <body>404</body> </html>"],
  ["nothing", "", ""],
  ["ten mebibytes", "x".repeat(10 * mebibyte), /^x{300}…$/],
];

describe("a documented failure", () => {
  leakCheck();

  for (const [title, body, message] of bodies) {
    exchange(
      `with ${title} as its body is data in one view and thrown by the other`,
      () => answer(404, body),
      async ({ docker }) => {
        const call = docker.containers.inspect("web");
        const outcome = await call.outcome();
        assert.deepEqual([outcome.kind, outcome.status], ["NoSuchContainer", 404]);
        assert.ok(outcome.kind === "NoSuchContainer");
        const said = outcome.error.message;
        typeof message === "string" ? assert.equal(said, message) : assert.match(said, message);
        await assert.rejects(call, (error) => {
          assert.ok(error instanceof StatusError);
          assert.deepEqual([error.kind, error.status, error.engineMessage], ["NoSuchContainer", 404, said]);
          assert.deepEqual([error.operation, error.method], ["ContainerInspect", "GET"]);
          assert.ok(error.message.startsWith("NoSuchContainer: "));
          return true;
        });
      },
    );
  }
});

describe("an undocumented answer", () => {
  leakCheck();

  const html = "<html><h1>502 Bad Gateway</h1></html>";
  for (const [status, headers] of [
    [502, "Server: proxy\r\n"],
    [301, "Location: /elsewhere\r\n"],
    [307, "Location: http://127.0.0.1:1/\r\n"],
    [206, ""],
    [418, ""],
  ] as const) {
    exchange(
      `${status} is thrown by both views with the response, and not followed`,
      () => answer(status, html, headers),
      async ({ docker, seen }) => {
        const call = docker.containers.inspect("web");
        for (const view of [call.outcome(), call]) {
          await assert.rejects(view, (error) => {
            assert.ok(error instanceof UnexpectedStatusError);
            assert.deepEqual([error.status, error.response.status], [status, status]);
            assert.equal(Buffer.from(error.response.body).toString(), html);
            const [, name, value] = /^(\w+): (.*)\r/.exec(headers) ?? [];
            assert.equal(error.response.headers[name?.toLowerCase() ?? ""], value);
            assert.ok(error.message.includes(`the undocumented answer ${status}: <html>`), error.message);
            assert.ok(error.message.includes("ContainerInspect, GET /v1.51/containers/web/json"), error.message);
            return true;
          });
        }
        assert.equal(seen.length, 1);
      },
    );
  }

  exchange(
    "keeps no more than a mebibyte of its body",
    () => answer(502, "x".repeat(10 * mebibyte)),
    async ({ docker }) => {
      await assert.rejects(docker.containers.inspect("web"), (error) => {
        assert.ok(error instanceof UnexpectedStatusError);
        assert.equal(error.response.body.byteLength, mebibyte);
        return true;
      });
    },
  );
});

describe("a success", () => {
  leakCheck();

  exchange(
    "304 is an outcome, and no failure",
    () => "HTTP/1.1 304 Not Modified\r\n\r\n",
    async ({ docker }) => {
      const call = docker.containers.start("web");
      assert.deepEqual(await call.outcome(), { kind: "AlreadyStarted", status: 304, value: undefined });
      assert.equal(await call, undefined);
      assert.equal((await docker.containers.stop("web").outcome()).kind, "AlreadyStopped");
    },
  );

  exchange(
    "keeps the digits of 64-bit integers that are marked so",
    () => stream('{"Type":"container","time":1,"timeNano":1629574695515050031}\n'),
    async ({ docker }) => {
      for await (const { timeNano } of docker.system.events()) {
        assert.equal(timeNano, 1629574695515050031n);
      }
    },
  );

  for (const [title, body] of [
    ["nothing", ""],
    ["text", "it works"],
    ["half of it", '{"Id":"1","Warn'],
    ["two values", '{"Id":"1"}{"Id":"2"}'],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0x49, 0x64, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
  ] as const) {
    exchange(
      `with ${title} where JSON is due is a JsonError with status and bytes`,
      () => stream(body),
      async ({ docker }) => {
        const call = docker.containers.inspect("web");
        for (const view of [call.outcome(), call]) {
          await assert.rejects(view, (error) => {
            assert.ok(error instanceof JsonError);
            assert.equal(error.status, 200);
            assert.deepEqual(Buffer.from(error.bytes), Buffer.from(body));
            assert.equal(error.operation, "ContainerInspect");
            return true;
          });
        }
      },
    );
  }

  exchange(
    "that breaks off is a ResponseError",
    () => ({ bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Id":"1"}', close: true }),
    async ({ docker }) => {
      await assert.rejects(docker.containers.inspect("web"), (error) => {
        assert.ok(error instanceof ResponseError);
        assert.deepEqual([error.status, error.receivedBytes], [200, 10]);
        return true;
      });
    },
  );
});

describe("an upgrade", () => {
  leakCheck();

  exchange(
    "gives the connection, with what came glued to the 101",
    () => "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello",
    async ({ docker, seen }) => {
      const parameters = { stream: true, stdout: true };
      const outcome = await docker.request("ContainerAttach", { path: { id: "web" }, parameters }).outcome();
      assert.ok(outcome.kind === "Upgraded");
      assert.match(seen[0]?.head ?? "", /\r\nUpgrade: tcp\r\n/);
      const connection = outcome.value as UpgradedConnection; // the value of an operation that answers with a stream
      for await (const bytes of connection.chunks()) {
        assert.equal(Buffer.from(bytes).toString(), "hello");
        break;
      }
      connection.destroy();
    },
  );

  for (const [title, reply] of [
    ["a proxy's page", answer(200, "<html>hello</html>")],
    ["an empty 200", answer(200)],
    ["a 204", "HTTP/1.1 204 No Content\r\n\r\n"],
  ] as const) {
    exchange(
      `that is answered by ${title} is an UpgradeError with the response`,
      () => reply,
      async ({ docker }) => {
        const call = docker.request("ContainerAttach", { path: { id: "web" } });
        for (const view of [call.outcome(), call]) {
          await assert.rejects(view, (error) => {
            assert.ok(error instanceof UpgradeError, String(error));
            assert.equal(error.response.status, error.status);
            assert.match(error.message, /instead of 101/);
            return true;
          });
        }
      },
    );
  }

  exchange(
    "that fails as documented is an outcome, also without a length and as text",
    () => ({
      bytes:
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nNo such container: web\r\n",
      close: true,
    }),
    async ({ docker }) => {
      const outcome = await docker.request("ContainerAttach", { path: { id: "web" } }).outcome();
      assert.deepEqual(outcome, {
        kind: "NoSuchContainer",
        status: 404,
        error: { message: "No such container: web" },
      });
    },
  );
});
