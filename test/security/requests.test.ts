import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Docker, InvalidRequestError } from "../../src/index.ts";
import { answer, exchange, type Seen } from "../engine/support.ts";
import { leakCheck } from "../support/leaks.ts";

leakCheck();

/** Every kind of method that puts an argument of its caller's into a path. */
const placed: Readonly<Record<string, (docker: Docker, id: string) => PromiseLike<unknown>>> = {
  "a container": (docker, id) => docker.containers.remove(id),
  "an image": (docker, id) => docker.images.inspect(id),
  "a volume": (docker, id) => docker.volumes.remove(id),
  "a network": (docker, id) => docker.networks.remove(id),
  "an exec": (docker, id) => docker.execs.inspect(id),
  "a secret": (docker, id) => docker.secrets.remove(id),
};

const unsendable = ["", ".", "..", "/", "//", "../volumes/x", "a/../../b", "a\r\nHost: b", "a\nb", "a\0b", "a\u007f"];

describe("an id that would lead elsewhere is refused before anything is sent:", () => {
  for (const [what, call] of Object.entries(placed)) {
    exchange(
      what,
      () => answer(500),
      async ({ docker, server }) => {
        for (const id of unsendable) {
          await assert.rejects(Promise.resolve(call(docker, id)), InvalidRequestError, JSON.stringify(id));
        }
        assert.equal(server.connections.length, 0);
      },
      { apiVersion: "1.51" },
    );
  }
});

describe("an id that looks like another part of the URL stays one segment:", () => {
  const looks = ["%2e%2e", "%2f", "a?force=1", "a#b", "a%0d%0ab", "a b", "a&b=c", "a;b", "a\\..\\b"];
  for (const [what, call] of Object.entries(placed)) {
    exchange(
      what,
      () => answer(500, { message: "seen" }),
      async ({ docker, seen }) => {
        for (const id of looks) {
          await assert.rejects(Promise.resolve(call(docker, id)), /seen/);
          const line = seen.at(-1)?.line ?? "";
          assert.ok(line.includes(encodeURIComponent(id)), line);
          assert.ok(!line.includes("?") && !line.includes("#") && !/[/]\.\.?(?:[/]|$)/.test(line), line);
        }
      },
      { apiVersion: "1.51" },
    );
  }
});

exchange(
  "an id of 64 KiB is sent whole or refused, and does no harm to the next call",
  ({ line }: Seen) => answer(line.length > 1000 ? 400 : 200, { message: "too long", ID: "x" }),
  async ({ docker, seen }) => {
    const id = "a".repeat(64 * 1024);
    await assert.rejects(Promise.resolve(docker.containers.inspect(id)), /too long/);
    assert.ok(seen[0]?.line.includes(id));
    assert.equal((await docker.system.info()).ID, "x");
  },
  { apiVersion: "1.51" },
);

describe("a header that would become two is refused before anything is sent:", () => {
  const headers = { "X-A": "a\r\nX-B: c", "X-C": "a\nb", "X-D": "a\0b", "X-E\r\nX-F": "a", "X G": "a", "": "a" };
  for (const [name, value] of Object.entries(headers)) {
    exchange(
      JSON.stringify(name),
      () => answer(500),
      async ({ docker, server }) => {
        const call = docker.request("SystemInfo", { headers: { [name]: value } });
        await assert.rejects(Promise.resolve(call), (error) => {
          assert.ok(error instanceof InvalidRequestError, String(error));
          assert.equal(error.operation, "SystemInfo");
          return true;
        });
        assert.equal(server.connections.length, 0);
      },
      { apiVersion: "1.51" },
    );
  }
});

test("an address that is no address is refused, and its password is not repeated", async () => {
  const { Docker } = await import("../../src/index.ts");
  for (const host of [
    "tcp://user:hunter2@host:1",
    "unix://relative",
    "ftp://a",
    "tcp://host:99999999",
    "unix:///a\0b",
  ]) {
    assert.throws(
      () => new Docker({ host }),
      (error) => error instanceof InvalidRequestError && !String(error).includes("hunter2"),
      host,
    );
  }
});
