import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../src/config/endpoint.ts";
import { InvalidRequestError } from "../../src/errors/invalid-request-error.ts";

const tcp = (host: string, port: number, pathPrefix = "") => ({ kind: "tcp" as const, host, port, pathPrefix });

const readable: readonly (readonly [given: string, want: Endpoint, formatted?: string])[] = [
  ["unix:///var/run/docker.sock", { kind: "unix", path: "/var/run/docker.sock" }],
  ["unix:///run/a b/%41.sock", { kind: "unix", path: "/run/a b/%41.sock" }],
  ["unix://", { kind: "unix", path: "/var/run/docker.sock" }, "unix:///var/run/docker.sock"],
  [" unix:///x.sock\n", { kind: "unix", path: "/x.sock" }, "unix:///x.sock"],
  ["npipe:////./pipe/docker_engine", { kind: "npipe", path: "//./pipe/docker_engine" }],
  ["npipe://", { kind: "npipe", path: "//./pipe/docker_engine" }, "npipe:////./pipe/docker_engine"],
  ["npipe://\\\\.\\pipe\\other", { kind: "npipe", path: "\\\\.\\pipe\\other" }],
  ["ssh://engine.example/run/a%20b%3F.sock", { kind: "ssh", host: "engine.example", path: "/run/a b?.sock" }],
  ["ssh://MyHost", { kind: "ssh", host: "MyHost" }],
  ["ssh://ann%40home@engine.example", { kind: "ssh", user: "ann@home", host: "engine.example" }],
  ["ssh://engine.example", { kind: "ssh", host: "engine.example" }],
  ["ssh://engine.example/", { kind: "ssh", host: "engine.example" }, "ssh://engine.example"],
  ["ssh://ann@engine.example:2222", { kind: "ssh", user: "ann", host: "engine.example", port: 2222 }],
  ["ssh://ann@[::1]:2222/run/x.sock", { kind: "ssh", user: "ann", host: "::1", port: 2222, path: "/run/x.sock" }],
  ["engine.example", tcp("engine.example", 2375), "tcp://engine.example:2375"],
  ["engine.example:1/prefix", tcp("engine.example", 1, "/prefix"), "tcp://engine.example:1/prefix"],
  ["localhost:2375", tcp("localhost", 2375), "tcp://localhost:2375"],
  ["tcp://", tcp("localhost", 2375), "tcp://localhost:2375"],
  ["tcp://[fe80::1%25eth0]:2375", tcp("fe80::1%eth0", 2375)],
  [
    "https://engine.example",
    { ...tcp("engine.example", 2376), tls: { skipVerify: false } },
    "tcp://engine.example:2376",
  ],
  ["tcp://127.0.0.1:2375", tcp("127.0.0.1", 2375)],
  ["tcp://engine.example", tcp("engine.example", 2375), "tcp://engine.example:2375"],
  ["tcp://engine.example:80", tcp("engine.example", 80)],
  ["tcp://engine.example:", tcp("engine.example", 2375), "tcp://engine.example:2375"],
  ["tcp://:2376", tcp("localhost", 2376), "tcp://localhost:2376"],
  ["tcp://[::1]:2375", tcp("::1", 2375)],
  ["tcp://[::1]", tcp("::1", 2375), "tcp://[::1]:2375"],
  ["http://engine.example:8080", tcp("engine.example", 8080), "tcp://engine.example:8080"],
  ["tcp://proxy.example:443/engines/a", tcp("proxy.example", 443, "/engines/a")],
  ["tcp://proxy.example/engines/a/", tcp("proxy.example", 2375, "/engines/a"), "tcp://proxy.example:2375/engines/a"],
  ["tcp://127.0.0.1:2375/", tcp("127.0.0.1", 2375), "tcp://127.0.0.1:2375"],
];

const refused: readonly (readonly [given: string, message: RegExp])[] = [
  ["", /not an engine's address/],
  ["/var/run/docker.sock", /not an engine's address/],
  ["TCP://localhost", /not an engine's address/],
  ["unix://docker.sock", /must be absolute/],
  ["fd://3", /cannot reach fd:\/\//],
  ["npipe://docker_engine", /malformed/],
  ["ssh://", /malformed/],
  ["ssh://-oProxyCommand=hunter2", /malformed/],
  ["ssh://-lhunter2@engine.example", /malformed/],
  ["ssh://ann:hunter2@engine.example", /nothing else/],
  ["ssh://%zzhunter2@engine.example", /stands for no character/],
  ["ssh://hunter2%00@engine.example", /stands for no character/],
  ["ssh://%2DoProxyCommand=hunter2@engine.example", /malformed/],
  ["ssh://engine.example%2Dhunter2", /malformed/],
  ["tcp://engine.example\\hunter2", /malformed/],
  ["tcp://engine\n.example", /malformed/],
  ["ssh://ann@engine.example?hunter2", /nothing else/],
  ["tcp://[::1", /malformed/],
  ["tcp://[hunter2]:1", /malformed/],
  ["tcp://engine.example:port", /malformed/],
  ["tcp://engine.example:65536", /malformed/],
  ["tcp://a b:2375", /malformed/],
  ["tcp://user:hunter2@engine.example:2375", /nothing else/],
  ["tcp://engine.example:2375/?token=hunter2", /nothing else/],
  ["tcp://engine.example:2375/#hunter2", /nothing else/],
];

describe("an engine's address", () => {
  for (const [given, want, formatted = given] of readable) {
    test(`${given} is read and written again as ${formatted}`, () => {
      const endpoint = parseEndpoint(given, "DOCKER_HOST");
      assert.deepEqual(endpoint, want);
      assert.equal(formatEndpoint(endpoint), formatted);
    });
  }

  for (const [given, message] of refused) {
    test(`${JSON.stringify(given)} is refused, naming its source and no secret`, () => {
      assert.throws(
        () => parseEndpoint(given, "DOCKER_HOST"),
        (error) => {
          assert.ok(error instanceof InvalidRequestError);
          assert.match(error.message, message);
          assert.match(error.message, /DOCKER_HOST/);
          assert.doesNotMatch(error.message, /hunter2/);
          assert.equal(error.parameter, "DOCKER_HOST");
          return true;
        },
      );
    });
  }
});
