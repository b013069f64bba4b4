import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findCandidates, type Surroundings } from "../../src/config/candidates.ts";
import { formatEndpoint } from "../../src/config/endpoint.ts";
import { InvalidRequestError } from "../../src/errors/invalid-request-error.ts";

const plain: Surroundings = { env: {}, home: "/home/ann", uid: 1000 };

interface Row {
  readonly title: string;
  readonly host?: string;
  readonly surroundings: Partial<Surroundings>;
  readonly want: readonly (readonly [address: string, source: string])[];
}

const wellKnown = (runtime: string): Row["want"] => [
  ["unix:///var/run/docker.sock", "the default socket"],
  [`unix://${runtime}/docker.sock`, "rootless Docker"],
  ["unix:///home/ann/.docker/run/docker.sock", "Docker Desktop"],
  ["unix:///home/ann/.docker/desktop/docker.sock", "Docker Desktop on Linux"],
  ["unix:///home/ann/.colima/default/docker.sock", "Colima"],
  [`unix://${runtime}/podman/podman.sock`, "rootless Podman"],
  ["unix:///run/podman/podman.sock", "Podman"],
];

const rows: readonly Row[] = [
  {
    title: "the option wins over DOCKER_HOST",
    host: "tcp://a.example:1",
    surroundings: { env: { DOCKER_HOST: "tcp://b.example:2" } },
    want: [["tcp://a.example:1", "the option host"]],
  },
  {
    title: "DOCKER_HOST wins over the well-known sockets",
    surroundings: { env: { DOCKER_HOST: "tcp://b.example:2" } },
    want: [["tcp://b.example:2", "DOCKER_HOST"]],
  },
  {
    title: "an empty DOCKER_HOST is none",
    surroundings: { env: { DOCKER_HOST: "" } },
    want: wellKnown("/run/user/1000"),
  },
  {
    title: "XDG_RUNTIME_DIR says where rootless engines are",
    surroundings: { env: { XDG_RUNTIME_DIR: "/somewhere/runtime" } },
    want: wellKnown("/somewhere/runtime"),
  },
  {
    title: "without a runtime folder and a user id, rootless engines are not looked for",
    surroundings: { uid: undefined },
    want: wellKnown("").filter(([, source]) => !source.startsWith("rootless")),
  },
  {
    title: "DOCKER_TLS_VERIFY does not matter for a unix socket",
    surroundings: { env: { DOCKER_HOST: "unix:///x.sock", DOCKER_TLS_VERIFY: "1" } },
    want: [["unix:///x.sock", "DOCKER_HOST"]],
  },
  {
    title: "an empty DOCKER_TLS_VERIFY is none",
    surroundings: { env: { DOCKER_HOST: "tcp://b.example:2", DOCKER_TLS_VERIFY: "" } },
    want: [["tcp://b.example:2", "DOCKER_HOST"]],
  },
];

describe("where an engine is looked for", () => {
  for (const { title, host, surroundings, want } of rows) {
    test(title, () => {
      const found = findCandidates(host, { ...plain, ...surroundings });
      assert.deepEqual(
        found.map(({ endpoint, source }) => [formatEndpoint(endpoint), source]),
        want,
      );
    });
  }

  test("a TCP address with DOCKER_TLS_VERIFY is refused rather than spoken to in the clear", () => {
    const env = { DOCKER_HOST: "tcp://b.example:2376", DOCKER_TLS_VERIFY: "1" };
    assert.throws(
      () => findCandidates(undefined, { ...plain, env }),
      (error) => error instanceof InvalidRequestError && error.parameter === "DOCKER_TLS_VERIFY",
    );
  });

  test("a malformed DOCKER_HOST does not fall back to the well-known sockets", () => {
    assert.throws(() => findCandidates(undefined, { ...plain, env: { DOCKER_HOST: "nonsense" } }), InvalidRequestError);
  });
});
