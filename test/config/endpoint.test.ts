import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../src/config/endpoint.ts";
import { InvalidRequestError } from "../../src/errors/invalid-request-error.ts";

const tcp = (host: string, port: number, pathPrefix = ""): Endpoint => ({ kind: "tcp", host, port, pathPrefix });

const readable: readonly (readonly [given: string, want: Endpoint, formatted?: string])[] = [
  ["unix:///var/run/docker.sock", { kind: "unix", path: "/var/run/docker.sock" }],
  ["unix:///run/a b/%41.sock", { kind: "unix", path: "/run/a b/%41.sock" }],
  ["tcp://127.0.0.1:2375", tcp("127.0.0.1", 2375)],
  ["tcp://engine.example", tcp("engine.example", 2375), "tcp://engine.example:2375"],
  ["tcp://engine.example:80", tcp("engine.example", 80)],
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
  ["localhost:2375", /not an engine's address/],
  ["unix://docker.sock", /must be absolute/],
  ["unix://", /must be absolute/],
  ["ssh://root@engine.example", /cannot reach ssh:\/\//],
  ["npipe:////./pipe/docker_engine", /cannot reach npipe:\/\//],
  ["https://engine.example:2376", /cannot reach https:\/\//],
  ["tcp://", /malformed/],
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
