import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { ConfigFolder } from "../config/support.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer } from "../support/raw-server.ts";

const empty = "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 2\r\n\r\n{}";

describe("headers for every request", { timeout: 600_000 }, () => {
  leakCheck();
  let folder: ConfigFolder;
  before(async () => {
    folder = await ConfigFolder.make();
    await folder.write("config.json", { HttpHeaders: { "X-File": "1", "User-Agent": "file" } });
  });
  after(() => folder[Symbol.asyncDispose]());

  /** The heads of the requests that `act` makes. */
  async function headsOf(
    headers: Record<string, string>,
    act: (docker: Docker) => Promise<unknown>,
  ): Promise<string[]> {
    const heads: string[] = [];
    await using server = await RawServer.listen("tcp", async (connection) => {
      for (;;) {
        heads.push(await connection.head());
        await connection.write(empty);
      }
    });
    await using docker = new Docker({ host: server.dialer.endpoint, configFolder: folder.path, headers });
    await act(docker);
    return heads;
  }

  it("go with the negotiation of the version and with every call", async () => {
    const heads = await headsOf({ "X-Mine": "2" }, (docker) => docker.system.info());
    assert.equal(heads.length, 2);
    for (const head of heads) {
      assert.match(head, /^X-File: 1\r$/m);
      assert.match(head, /^X-Mine: 2\r$/m);
      assert.doesNotMatch(head, /^User-Agent:/im);
    }
  });

  it("go with requests for an upgrade", async () => {
    const heads = await headsOf({}, (docker) =>
      docker.request("ContainerAttach", { path: { id: "x" } }).catch(() => {}),
    );
    assert.match(heads.at(-1) ?? "", /^POST [^\r]*\/containers\/x\/attach/);
    assert.match(heads.at(-1) ?? "", /^X-File: 1\r$/m);
  });

  it("do not change what a call sets itself", async () => {
    const heads = await headsOf({ "content-type": "text/plain" }, (docker) =>
      docker.networks
        .create({ Name: "x" })
        .outcome()
        .catch(() => {}),
    );
    const head = heads.find((text) => text.startsWith("POST ")) ?? "";
    assert.deepEqual(head.match(/^content-type:.*$/gim), ["Content-Type: application/json"]);
  });
});
