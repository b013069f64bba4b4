import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Docker, type FairleadError, InvalidRequestError } from "../../src/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer } from "../support/raw-server.ts";
import { answer, exchange, stream } from "./support.ts";

const head = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, ...headers, "Host: localhost", "Connection: keep-alive", "", ""].join("\r\n");

describe("what is sent", () => {
  leakCheck();

  exchange(
    "a GET has no body and no headers but those of HTTP",
    () => answer(200, []),
    async ({ docker, seen }) => {
      await docker.containers.list({ all: true, limit: 3, filters: { status: ["exited", "dead"] } });
      const filters = encodeURIComponent('{"status":["exited","dead"]}');
      assert.equal(seen[0]?.head, head(`GET /v1.51/containers/json?all=true&limit=3&filters=${filters}`));
    },
  );

  exchange(
    "JSON is sent with its type and its length",
    () => answer(201, { Id: "1", Warnings: [] }),
    async ({ docker, seen }) => {
      await docker.containers.create({ Image: "ü", Env: ["A=b"], Cmd: undefined }, { name: "web" });
      const [request] = seen;
      assert.equal(request?.line, "POST /v1.51/containers/create?name=web");
      assert.equal(request?.body, '{"Image":"ü","Env":["A=b"]}');
      assert.match(request?.head ?? "", /\r\nContent-Type: application\/json\r\n/);
      assert.match(request?.head ?? "", /\r\nContent-Length: 28\r\n/);
    },
  );

  exchange(
    "a POST without a body says that its length is 0",
    () => "HTTP/1.1 204 No Content\r\n\r\n",
    async ({ docker, seen }) => {
      await docker.containers.start("web");
      assert.equal(seen[0]?.line, "POST /v1.51/containers/web/start");
      assert.match(seen[0]?.head ?? "", /\r\nContent-Length: 0\r\n/);
      assert.doesNotMatch(seen[0]?.head ?? "", /Content-Type/i);
    },
  );

  exchange(
    "an id is escaped, and a signal for the container is a parameter",
    () => "HTTP/1.1 204 No Content\r\n\r\n",
    async ({ docker, seen }) => {
      await docker.containers.kill("a b?c#d%2F", { signal: "SIGUSR1", abortSignal: new AbortController().signal });
      assert.equal(seen[0]?.line, "POST /v1.51/containers/a%20b%3Fc%23d%252F/kill?signal=SIGUSR1");
    },
  );

  exchange(
    "logs ask for both streams unless one is chosen, and give moments in seconds",
    () => stream("", "Content-Type: application/vnd.docker.multiplexed-stream\r\n"),
    async ({ docker, seen }) => {
      await docker.containers.logs("a", { since: new Date(1500), tail: "5" }).text();
      await docker.containers.logs("a", { stderr: true }).text();
      assert.deepEqual(
        seen.map(({ line }) => line),
        [
          "GET /v1.51/containers/a/logs?since=1.5&tail=5&stdout=true&stderr=true",
          "GET /v1.51/containers/a/logs?stderr=true",
        ],
      );
    },
  );

  for (const [image, query] of [
    ["alpine", "fromImage=alpine&tag=latest"],
    ["alpine:3", "fromImage=alpine&tag=3"],
    ["host:5000/team/app", "fromImage=host%3A5000%2Fteam%2Fapp&tag=latest"],
    ["host:5000/team/app:1.2", "fromImage=host%3A5000%2Fteam%2Fapp&tag=1.2"],
    ["app@sha256:abcd", "fromImage=app&tag=sha256%3Aabcd"],
    ["app:1@sha256:abcd", "fromImage=app&tag=sha256%3Aabcd"],
  ] as const) {
    exchange(
      `${image} is pulled as ${query}`,
      () => stream("{}\r\n"),
      async ({ docker, seen }) => {
        await docker.images.pull(image);
        assert.equal(seen[0]?.line, `POST /v1.51/images/create?${query}`);
      },
    );
  }

  exchange(
    "an operation without a method of its own is sent by request()",
    (request) => (request.line.includes("networks") ? answer(200, []) : answer(204)),
    async ({ docker, seen }) => {
      assert.deepEqual(await docker.request("NetworkList", { parameters: { filters: { driver: ["bridge"] } } }), []);
      assert.equal(seen[0]?.line, `GET /v1.51/networks?filters=${encodeURIComponent('{"driver":["bridge"]}')}`);
    },
  );
});

describe("what is not sent", () => {
  leakCheck();

  const loose = (value: unknown) => value as never; // what a program without types may give
  const cases: Readonly<Record<string, readonly [parameter: string, call: (docker: Docker) => Promise<unknown>]>> = {
    ...Object.fromEntries(
      ["", ".", "..", "a//b", "/a", "a/", "../x", "a\0", "a\r\nX: y", "\ud800"].map((id) => [
        `the id ${JSON.stringify(id)}`,
        ["id", (docker: Docker) => docker.containers.inspect(id)],
      ]),
    ),
    "an image called ..": ["name", (docker) => docker.images.inspect("..")],
    "a pull of nothing": ["image", (docker) => docker.images.pull("")],
    "a pull of a name with spaces": ["image", (docker) => docker.images.pull("a b")],
    "a pull of what is no text": ["image", (docker) => docker.images.pull(loose(undefined))],
    "an unknown parameter": ["al", (docker) => docker.containers.list(loose({ al: true }))],
    "a parameter of the wrong type": ["limit", (docker) => docker.containers.list(loose({ limit: "3" }))],
    "a missing parameter": ["name", (docker) => docker.containers.rename("a", loose({}))],
    "a body that is no object": ["body", (docker) => docker.containers.create(loose("alpine"))],
    "a missing body": ["body", (docker) => docker.containers.create(loose(undefined))],
    "a body that JSON cannot hold": ["body", (docker) => docker.containers.create(loose({ Image: 1n }))],
    "a body where there is none": ["body", (docker) => docker.request("ContainerList", { body: {} })],
    "a field that the version lacks": [
      "HostConfig.Annotations",
      (docker) => docker.containers.create({ Image: "a", HostConfig: { Annotations: { a: "b" } } }),
    ],
    "a parameter that the version lacks": ["signal", (docker) => docker.containers.stop("a", { signal: "SIGINT" })],
  };

  for (const [title, [parameter, call]] of Object.entries(cases)) {
    test(`${title} is an InvalidRequestError in both views, and no connection is made`, async () => {
      const server = await RawServer.listen("unix", () => {});
      const docker = new Docker({ host: server.dialer.endpoint, apiVersion: "1.41" });
      const first = call(docker);
      const second = call(docker);
      const views = "outcome" in second && typeof second.outcome === "function" ? [first, second.outcome()] : [first];
      for (const view of views) {
        await assert.rejects(view, (error) => {
          assert.ok(error instanceof InvalidRequestError, String(error));
          assert.equal(error.parameter, parameter);
          return true;
        });
      }
      assert.equal(views.length, 2);
      assert.equal(server.connections.length, 0);
      await docker.close();
      await server.close();
    });
  }
});

describe("secrets", () => {
  leakCheck();
  const secret = "hunter2";

  exchange(
    "of a container's environment and of a registry stay out of errors and out of the path",
    (request) => answer(request.line.includes("create?") ? 500 : 418, { message: "no" }),
    async ({ docker, seen }) => {
      const registryAuth = { username: "ann", password: secret };
      const errors: FairleadError[] = [];
      const calls = [
        docker.containers.create({ Image: "a", Env: [`PASSWORD=${secret}`] }),
        docker.images.pull("a", { registryAuth }),
        docker.images.pull("a", { registryAuth, platform: "\ud800" }),
        docker.containers.create({ Image: "a", Env: [`PASSWORD=${secret}`] }, { name: "\ud800" }),
      ];
      for (const settled of await Promise.allSettled(calls)) {
        assert.ok(settled.status === "rejected");
        errors.push(settled.reason);
      }
      const encoded = Buffer.from(JSON.stringify(registryAuth)).toString("base64url").slice(0, 20);
      for (const error of errors) {
        const shown = `${error.message} ${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`;
        assert.ok(!shown.includes(secret) && !shown.includes(encoded), shown);
      }
      for (const { line } of seen) {
        assert.ok(!line.includes(secret) && !line.includes(encoded), line);
      }
      assert.ok(seen.some((request) => request.head.includes(encoded)));
    },
  );
});
