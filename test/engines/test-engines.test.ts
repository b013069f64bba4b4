import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { request } from "../support/engine-request.ts";
import { forEachEngine, parseEngines, testImage, testLabels } from "../support/engines.ts";

describe("the list of test engines", () => {
  it("takes names with addresses, separated by commas or white space", () => {
    const list = parseEngines("docker28=unix:///run/a.sock,podman4=unix:///run/b.sock\n tcp=tcp://127.0.0.1:2375 ");
    assert.deepEqual(
      list.map(({ name, host }) => [name, host]),
      [
        ["docker28", "unix:///run/a.sock"],
        ["podman4", "unix:///run/b.sock"],
        ["tcp", "tcp://127.0.0.1:2375"],
      ],
    );
  });

  for (const [what, entry] of [
    ["a path without a scheme", "docker=/run/a.sock"],
    ["an address without a name", "unix:///run/a.sock"],
    ["a scheme that it cannot reach", "docker=ssh://host"],
    ["a name that comes twice", "a=unix:///run/a.sock a=unix:///run/b.sock"],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => parseEngines(entry), /FAIRLEAD_TEST_ENGINES wants/));
  }

  it("names the engine that does not answer", async () => {
    const [engine] = parseEngines("gone=unix:///nonexistent/docker.sock");
    await assert.rejects(
      async () => engine?.facts(),
      /test engine gone \(unix:\/\/\/nonexistent\/docker.sock\) does not/,
    );
  });
});

forEachEngine("the test image", (engine) => {
  it("runs a shell", async () => {
    const facts = await engine.facts();
    assert.match(facts.version, /^\d+\.\d+/);
    const spec = { Image: testImage, Cmd: ["sh", "-c", "exit 42"], Labels: testLabels };
    const { Id } = await request<{ Id: string }>(engine.host, "POST", "/containers/create", spec);
    await request(engine.host, "POST", `/containers/${Id}/start`);
    const { StatusCode } = await request<{ StatusCode: number }>(engine.host, "POST", `/containers/${Id}/wait`);
    await request(engine.host, "DELETE", `/containers/${Id}`);
    assert.equal(StatusCode, 42);
  });
});
