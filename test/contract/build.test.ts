import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { after, before, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { AbortError, BuildError, type BuildEvent, CopyError, type Docker } from "../../src/index.ts";
import { forEachImageStore, type TestEngine, testImage } from "../support/engines.ts";
import { tarOf } from "../support/tar.ts";
import { fails, freshName, isOldPodman, useWorkbench } from "./support.ts";

for (const version of ["1", "2"] as const) {
  const builder = version === "1" ? "classic builder" : "BuildKit";
  forEachImageStore(`build with the ${builder}`, (engine) => {
    const made: string[] = [];
    after(() => Promise.all(made.map((name) => docker.images.remove(name, { force: true }).outcome())));
    const { docker } = useWorkbench(engine);
    const folder = useFolder();
    const tag = () => {
      const name = `${freshName()}:one`;
      made.push(name);
      return name;
    };
    const on = (title: string, body: (t: TestContext) => Promise<void>) =>
      it(title, async (t) => {
        if (version === "2" && (await engine.facts()).isPodman) {
          t.skip("Podman has no BuildKit");
          return;
        }
        await body(t);
      });

    on("builds a folder, and gives the image's id", async () => {
      const path = await folder({ Dockerfile: "FROM scratch\nCOPY a /\nLABEL made=here\n", a: "one" });
      const name = tag();
      const { id } = await docker.images.build(path, { t: [name], version });
      assert.match(id ?? "", /^sha256:[0-9a-f]{64}$/);
      const image = await docker.images.inspect(name);
      assert.equal(image.Id.replace(/^sha256:/, ""), id?.replace("sha256:", ""));
      assert.equal(image.Config?.Labels?.["made"], "here");
    });

    on("takes the context as a tar: bytes, a stream, an iterable; and a folder as a URL", async () => {
      const tar = tarOf({ name: "Dockerfile", body: "FROM scratch\nCOPY a /\n" }, { name: "a", body: "two" });
      const path = await folder({ Dockerfile: "FROM scratch\nCOPY a /\n", a: "two" });
      for (const context of [
        tar,
        Readable.from([tar]),
        [tar.subarray(0, 700), tar.subarray(700)],
        pathToFileURL(path),
      ]) {
        const { id } = await docker.images.build(context, { version, t: [tag()] });
        assert.match(id ?? "", /^sha256:/);
      }
    });

    on("leaves out what .dockerignore names, and takes a Dockerfile from anywhere", async () => {
      const path = await folder({
        "context/.dockerignore": "secret\n*.md\n!keep.md\n",
        "context/secret": "x",
        "context/a.md": "x",
        "context/keep.md": "x",
        "context/sub/deep": "x",
        "outside/Other": `FROM ${testImage}\nCOPY . /seen/\nRUN find /seen | sort; false\n`,
      });
      const context = join(path, "context");
      const failed = await failureOf(
        docker.images.build(context, { ...leaveNothing, dockerfile: "../outside/Other", version }),
      );
      assert.match(failed.step ?? "", /RUN find/);
      const seen = failed.lastLines.filter((line) => line.startsWith("/seen"));
      const own = seen.filter((line) => !/^\/seen\/\.dockerfile\./.test(line));
      const files = ["/seen", "/seen/.dockerignore", "/seen/keep.md", "/seen/sub", "/seen/sub/deep"];
      assert.deepEqual(own, files);
    });

    on("reports its events, and has its result afterwards", async () => {
      const noise = freshName();
      const path = await folder({ Dockerfile: `FROM ${testImage}\nRUN echo ${noise}; echo to stderr >&2\n` });
      const call = docker.images.build(path, { version, t: [tag()] });
      const events: BuildEvent[] = [];
      for await (const event of call) {
        events.push(event);
      }
      const images = events.flatMap((event) => (event.type === "image" ? [event.id] : []));
      assert.equal(images.at(-1), (await call).id);
      if (version === "1") {
        const text = events.map((event) => (event.type === "output" ? event.text : "")).join("");
        assert.match(text, new RegExp(`${noise}$`, "m"));
        return;
      }
      assertTrace(events, noise);
    });

    on("says which step failed, and what it printed last", async () => {
      const path = await folder({ Dockerfile: `FROM ${testImage}\nRUN seq 1 100; echo oops; exit 7\n` });
      const error = await failureOf(docker.images.build(path, { ...leaveNothing, version }));
      assert.match(error.step ?? "", /RUN seq 1 100/);
      assert.equal(error.lastLines.length, 20);
      assert.deepEqual(error.lastLines.slice(-2), ["100", "oops"]);
      assert.equal(error.operation, "ImageBuild");
      if (version === "1" && !(await engine.facts()).isPodman) {
        assert.equal(error.code, 7);
      }
      await assert.rejects(async () => {
        for await (const event of docker.images.build(path, { ...leaveNothing, version })) {
          assert.ok(event.type);
        }
      }, BuildError);
    });

    on("of a tar without a Dockerfile fails", async () => {
      const tar = tarOf({ name: "a", body: "x" });
      await assert.rejects(docker.images.build(tar, { version }), /Dockerfile|no such file/);
    });

    on("takes the parameters that it has", async () => {
      const path = await folder({
        Dockerfile: "FROM scratch AS first\nARG what\nLABEL what=$what\nFROM scratch AS second\nLABEL what=no\n",
      });
      const name = tag();
      const options = { target: "first", buildargs: { what: "this" }, labels: { more: "that" } };
      await docker.images.build(path, { version, t: [name], ...options });
      const { Config } = await docker.images.inspect(name);
      assert.deepEqual([Config?.Labels?.["what"], Config?.Labels?.["more"]], ["this", "that"]);
    });

    on("can be aborted while a step runs", async () => {
      const path = await folder({ Dockerfile: `FROM ${testImage}\nRUN echo ${freshName()}; sleep 60\n` });
      const controller = new AbortController();
      const call = docker.images.build(path, { version, signal: controller.signal });
      setTimeout(() => controller.abort("enough"), 300);
      await assert.rejects(call, (error) => error instanceof AbortError && error.cause === "enough");
    });

    on("can be left in the middle of its events", async () => {
      const path = await folder({ Dockerfile: `FROM ${testImage}\nRUN echo ${freshName()}; sleep 60\n` });
      const call = docker.images.build(path, { version });
      for await (const event of call) {
        assert.ok(event.type);
        break;
      }
      await assert.rejects(call, AbortError);
    });

    on("stops sending when the engine does not want the rest", async (t) => {
      if (await isOldPodman(engine)) {
        t.skip("Podman 4 reads all that is sent before it answers");
        return;
      }
      const { sent, error } = await refusedUpload(docker, engine);
      assert.ok(sent < 200, `${sent} MiB were sent`);
      assert.ok(error instanceof Error);
    });

    on("refuses a folder that is not there, and one with a pipe in it", async () => {
      await assert.rejects(docker.images.build("/no/such/folder", { version }), (error) => {
        return error instanceof CopyError && error.reason === "no-such-path";
      });
      const path = await folder({ a: "no Dockerfile" });
      await assert.rejects(docker.images.build(path, { version }), CopyError);
    });

    if (version === "2") {
      on("lets NAME.dockerignore take the place of .dockerignore", async () => {
        const path = await folder({
          ".dockerignore": "b\n",
          "Other.dockerignore": "a\n",
          Other: `FROM ${testImage}\nCOPY . /seen/\nRUN find /seen -name '[ab]'; false\n`,
          a: "x",
          b: "x",
        });
        const error = await failureOf(docker.images.build(path, { dockerfile: "Other", version }));
        assert.deepEqual(error.lastLines, ["/seen/b"]);
      });
    }
  });
}

forEachImageStore("build that is refused at once", (engine) => {
  const { docker } = useWorkbench(engine);

  it("is an outcome", async () => {
    const tar = tarOf({ name: "Dockerfile", body: "FROM scratch\nLABEL a=b\n" });
    const message = (await isOldPodman(engine)) ? /^$/ : /invalid reference format/;
    await fails(docker.images.build(tar, { t: ["NOT A NAME"] }), "ServerError", 500, message);
  });
});

/** The classic builder keeps the container of a step that failed unless it is told otherwise. */
const leaveNothing = { forcerm: true };

/** Sets up folders that are removed after the suite. */
function useFolder(): (files: Readonly<Record<string, string>>) => Promise<string> {
  let root = "";
  let count = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "fairlead-"));
  });
  after(() => rm(root, { recursive: true }));
  return async (files) => {
    count += 1;
    const folder = join(root, String(count));
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await (content.startsWith("-> ") ? symlink(content.slice(3), path) : writeFile(path, content));
    }
    return folder;
  };
}

async function failureOf(call: PromiseLike<unknown>): Promise<BuildError> {
  const error = await call.then(
    () => assert.fail("the build did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BuildError, String(error));
  return error;
}

function assertTrace(events: readonly BuildEvent[], noise: string): void {
  const of = <T extends BuildEvent["type"]>(type: T) =>
    events.filter((event): event is Extract<BuildEvent, { type: T }> => event.type === type);
  const runs = of("vertex").filter(({ name }) => name.includes("RUN echo"));
  const last = runs.at(-1);
  assert.ok(last?.started && last.completed && last.completed >= last.started);
  assert.ok(Math.abs(last.completed.getTime() - Date.now()) < 600_000);
  assert.ok(last.inputs.length > 0 && !last.cached && last.error === undefined);
  const logs = of("log").filter(({ vertex }) => vertex === last.digest);
  const text = (source: string) =>
    Buffer.concat(logs.filter((log) => log.source === source).map(({ data }) => data)).toString();
  assert.deepEqual([text("stdout"), text("stderr")], [`${noise}\n`, "to stderr\n"]);
  assert.ok(of("status").some(({ id }) => /exporting layers|writing image|naming to/.test(id)));
}

/** Sends a context of 4 GiB that begins with what is no tar. */
async function refusedUpload(docker: Docker, engine: TestEngine): Promise<{ sent: number; error: unknown }> {
  let sent = 0;
  async function* rubbish() {
    for (; sent < 4096; sent += 1) {
      yield Buffer.alloc(1024 * 1024, "x");
    }
  }
  const error = await docker.images.build(rubbish(), { version: "1" }).then(
    () => assert.fail(`${engine.name} made an image of rubbish`),
    (reason: unknown) => reason,
  );
  return { sent, error };
}
