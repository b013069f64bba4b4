import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, before, it } from "node:test";
import { Docker } from "../../src/index.ts";
import { ConfigFolder } from "../config/support.ts";
import { freshName } from "../contract/support.ts";
import { forEachEngine, testImage } from "../support/engines.ts";
import { RawServer } from "../support/raw-server.ts";
import { fairlead } from "./support.ts";

const { FAIRLEAD_TEST_REGISTRY_AUTH: guarded, FAIRLEAD_TEST_REGISTRY_USER: user = "", CI } = process.env;

if (guarded === undefined) {
  const title = "pushes of the command line are not run: no registry in FAIRLEAD_TEST_REGISTRY_AUTH";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  forEachEngine("the command line and a registry", (engine) => {
    const docker = new Docker({ host: engine.host });
    const repo = `${guarded}/fairlead/${freshName()}`;
    const image = `${repo}:one`;
    let folder: ConfigFolder;
    before(async () => {
      folder = await ConfigFolder.make();
      await docker.images.tag(testImage, { repo, tag: "one" });
    });
    after(async () => {
      await docker.images.remove(image, { force: true }).outcome();
      await docker.close();
      await folder[Symbol.asyncDispose]();
    });

    it("pushes and pulls what a login is needed for", async (t) => {
      if ((await engine.facts()).isPodman) {
        t.skip("Podman logs in over TLS alone");
        return;
      }
      const [username = "", password = ""] = user.split(":");
      const run = (...args: string[]) =>
        fairlead(["-H", engine.host, "--config", folder.path, ...args], { stdin: () => Readable.from([password]) });
      const refused = await run("push", image);
      assert.equal(refused.exitCode, 1);
      // containerd's image store puts more words before.
      assert.match(refused.stderr, /^fairlead: .*no basic auth credentials\n$/);
      const wrong = await run("login", "-u", "nobody", "--password-stdin", guarded);
      assert.equal(wrong.exitCode, 1);
      assert.match(wrong.stderr, /401 Unauthorized/);
      const login = await run("login", "-u", username, "--password-stdin", guarded);
      assert.deepEqual([login.exitCode, login.stdout], [0, "Login Succeeded\n"]);
      const pushed = await run("push", image);
      assert.equal(pushed.exitCode, 0, pushed.stderr);
      assert.match(pushed.stdout, /^The push refers to .*\none: digest: sha256:[0-9a-f]{64} size: \d+\n$/s);
      assert.equal((await run("push", "-q", image)).stdout, `${image}\n`);
      assert.equal((await run("pull", "-q", image)).stdout, `${image}\n`);
      assert.equal((await run("push", "--platform", "linux", image)).exitCode, 2);
    });
  });
}

it("a search is a table, or the engine's own objects", async () => {
  const found = [
    { name: "one", description: `Does ${"much ".repeat(20)}`, star_count: 12, is_official: true, is_automated: false },
    { name: "team/two", description: "", star_count: 0, is_official: false, is_automated: false },
  ];
  const asked: string[] = [];
  await using server = await RawServer.listen("tcp", async (connection) => {
    for (;;) {
      const head = await connection.head();
      const body = head.startsWith("GET") ? JSON.stringify(found) : "";
      asked.push(head.slice(0, head.indexOf(" HTTP/")));
      await connection.write(
        `HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
  });
  await using folder = await ConfigFolder.make();
  const search = (...args: string[]) =>
    fairlead(["-H", server.dialer.endpoint, "--config", folder.path, "search", ...args, "term"]);
  const { stdout } = await search("--limit", "2", "-f", "stars=3");
  assert.deepEqual(stdout.split("\n"), [
    "NAME       DESCRIPTION                                     STARS     OFFICIAL",
    "one        Does much much much much much much much much…   12        [OK]",
    "team/two                                                   0",
    "",
  ]);
  const filters = encodeURIComponent('{"stars":["3"]}');
  assert.equal(
    asked.find((line) => line.startsWith("GET")),
    `GET /v1.51/images/search?limit=2&filters=${filters}&term=term`,
  );
  assert.match((await search("--no-trunc")).stdout, /(?:much ){20}/);
  assert.deepEqual(JSON.parse((await search("--json")).stdout), found);
});
