import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import { type TarHeader, unpackTar } from "modern-tar";
import { CopyError, Docker, InvalidRequestError } from "../../src/index.ts";
import { forEachImageStore } from "../support/engines.ts";
import { useRecorder } from "./recorder.ts";

const run = promisify(execFile);
const { CI } = process.env;
const hasCli = await run("docker", ["--version"]).then(
  () => true,
  () => false,
);

const files = [
  "Dockerfile",
  "a",
  "a.txt",
  "b.md",
  "é.txt",
  "😀",
  "x y",
  "[z]",
  "a+b",
  "sub/a",
  "sub/b.md",
  "sub/deep/a",
  "sub/deep/er/a.txt",
  "sub/deep/er/b.md",
  "subway/a",
  "node_modules/m/index.js",
  "node_modules/m/node_modules/n/index.js",
  "other/Dockerfile",
  "other/.dockerignore",
  "l".repeat(120),
];

/** Each is a `.dockerignore`. */
const written: readonly string[] = [
  "",
  "*",
  "**",
  "*\n!a",
  "*\n!sub",
  "*\n!sub/deep/er/a.txt",
  "*\n!**/a.txt",
  "sub\n!sub/deep\nsub/deep/er",
  "sub/\n!sub/*/er/a.txt",
  "**/node_modules\n!node_modules/m",
  "**/*.md\n!sub/b.md",
  "/sub\n!/sub/deep/a",
  "sub/**\n!sub/**/a",
  "**/a\n!subway/**",
  "sub*",
  "su?/a",
  "?",
  "[a-b]*\n!a.txt",
  "[^a]",
  "\\[z\\]",
  "a+b\nx y",
  "# a comment\n  a  \n\n ! a.txt\n",
  "\uFEFFa\r\nb.md\r\n",
  "./sub/../a\n..//b.md",
  "Dockerfile\n.dockerignore\n*",
  "Dockerfile*\n!Dockerfile",
  "sub/deep/**/a.txt",
  "**sub",
  "**/deep/**",
  "sub**/a",
  "other/**\n!other/Dockerfile",
  "é.txt\n!😀",
  "!a\na",
  "su\\b",
];

const wrong = ["!", "[", "a\\", "[]a]", "\\y*"];

/**
 * With containerd's store a step fails if another test unnames an image meanwhile. By then the context has been sent, and
 * nothing else is compared here.
 */
function unlessImageWentAway(error: unknown): void {
  if (!/unable to find image/.test(String(error))) {
    throw error;
  }
}

if (!hasCli) {
  const title = "contexts are not compared with the docker CLI: it is not installed";
  console.error(title);
  it(title, { skip: CI === undefined }, () => assert.fail(title));
} else {
  forEachImageStore("build context", (engine) => {
    const recorder = useRecorder(engine);
    let docker: Docker | undefined;
    let root = "";
    let outside = "";

    before(async () => {
      docker = new Docker({ host: recorder.host });
      const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
      root = join(folder, "context");
      outside = join(folder, "Outside");
      await makeTree(root);
      await writeFile(outside, dockerfile);
    });
    after(async () => {
      await docker?.close();
      await rm(dirname(root), { recursive: true });
    });

    /** What the CLI sends, and what Fairlead sends. */
    const compare = async (path?: string): Promise<[Sent, Sent]> => {
      let start = recorder.sent.length;
      const args = path === undefined ? [] : ["-f", join(root, path)];
      const env = { ...process.env, DOCKER_HOST: recorder.host, DOCKER_BUILDKIT: "0", DOCKER_API_VERSION: "" };
      await run("docker", ["build", ...args, root], { env }).catch(unlessImageWentAway);
      const theirs = await readBuild(recorder.sent.slice(start));
      start = recorder.sent.length;
      await docker?.images.build(root, path === undefined ? {} : { dockerfile: path }).catch(unlessImageWentAway);
      return [theirs, await readBuild(recorder.sent.slice(start))];
    };

    it("is what docker build sends, whatever .dockerignore says", async (t) => {
      if ((await engine.facts()).isPodman) {
        t.skip("the docker CLI speaks with Docker here");
        return;
      }
      const all = [...written, ...generated(engine.name, 16)];
      for (const text of all) {
        await writeFile(join(root, ".dockerignore"), text);
        const [theirs, ours] = await compare();
        assert.deepEqual(ours, theirs, `.dockerignore: ${JSON.stringify(text)}`);
        assert.ok(ours.entries.length > 0);
      }
    });

    it("has the Dockerfile where docker build has it", async (t) => {
      if ((await engine.facts()).isPodman) {
        t.skip("the docker CLI speaks with Docker here");
        return;
      }
      await writeFile(join(root, ".dockerignore"), "other\n*.md\n");
      for (const path of ["other/Dockerfile", "linked", "../Outside"]) {
        const [theirs, ours] = await compare(path);
        assert.deepEqual(withoutRandom(ours), withoutRandom(theirs), path);
      }
      await rm(join(root, ".dockerignore"));
      const [theirs, ours] = await compare("../Outside");
      assert.deepEqual(withoutRandom(ours), withoutRandom(theirs));
    });

    it("is refused if a pattern is malformed, as docker build refuses it", async () => {
      for (const text of wrong) {
        await writeFile(join(root, ".dockerignore"), `${text}\n`);
        const env = { ...process.env, DOCKER_HOST: recorder.host, DOCKER_BUILDKIT: "0", DOCKER_API_VERSION: "" };
        await assert.rejects(run("docker", ["build", root], { env }), text);
        await assert.rejects(async () => docker?.images.build(root), InvalidRequestError, text);
      }
      await rm(join(root, ".dockerignore"));
    });

    it("is refused if there is a pipe in it that is not left out", async () => {
      await run("mkfifo", [join(root, "pipe")]);
      await assert.rejects(
        async () => docker?.images.build(root),
        (error) => {
          return error instanceof CopyError && error.reason === "special-file" && error.entry.endsWith("pipe");
        },
      );
      await writeFile(join(root, ".dockerignore"), "pipe\n");
      await docker?.images.build(root);
      await rm(join(root, "pipe"));
    });
  });
}

const dockerfile = "FROM scratch\nLABEL dev.fairlead.context=compared\n";

async function makeTree(root: string): Promise<void> {
  for (const name of files) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), name.endsWith("Dockerfile") ? dockerfile : `content of ${name}`);
  }
  await mkdir(join(root, "empty"), { mode: 0o750 });
  await writeFile(join(root, "tool"), "#!/bin/sh\n", { mode: 0o755 });
  await symlink("sub/a", join(root, "to-a"));
  await symlink("nowhere", join(root, "to-nowhere"));
  await symlink("other/Dockerfile", join(root, "linked"));
  await link(join(root, "sub/a"), join(root, "sub/hard"));
}

/** Patterns by chance, the same ones in each run. */
function generated(seed: string, count: number): string[] {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const pick = <T>(choices: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return choices[(state >>> 8) % choices.length] as T; // the index is within the array
  };
  const parts = ["*", "**", "sub", "deep", "er", "a", "a*", "?", "*.md", "node_modules", "[a-m]*", "m"];
  const pattern = () => {
    const path = Array.from({ length: pick([1, 1, 2, 2, 3]) }, () => pick(parts)).join("/");
    return pick(["", "", "!"]) + pick(["", "", "/", "**/"]) + path;
  };
  return Array.from({ length: count }, () => Array.from({ length: pick([1, 2, 3, 4]) }, pattern).join("\n"));
}

interface Sent {
  readonly dockerfile: string | null;
  readonly entries: readonly (Omit<TarHeader, "pax"> & { readonly content: string })[];
}

/** Reads the request for a build out of what a client sent. */
async function readBuild(sent: string): Promise<Sent> {
  const [, target = ""] = /POST (\S*\/build\?\S*) HTTP/.exec(sent) ?? [];
  const start = sent.indexOf("\r\n\r\n", sent.indexOf(target)) + 4;
  const entries = await unpackTar(Buffer.from(unchunk(sent.slice(start)), "latin1"));
  return {
    dockerfile: new URL(target, "http://engine").searchParams.get("dockerfile"),
    entries: entries
      .map(({ header, data }) => ({ ...plain(header), content: Buffer.from(data ?? []).toString() }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

/** Without what has no meaning: how names are written, and what a Windows user would be called. */
function plain({ name, size, mode, mtime, uid, gid, type, linkname }: TarHeader): Omit<TarHeader, "pax"> {
  return { name, size, mode: (mode ?? 0) & 0o7777, mtime, uid, gid, type, linkname: linkname ?? "" } as TarHeader;
}

function unchunk(body: string): string {
  let content = "";
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.slice(at, end), 16);
    assert.ok(end > 0 && size >= 0, "the body is chunked");
    if (size === 0) {
      return content;
    }
    content += body.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}

/** Without the name of a Dockerfile from outside, which is made up, and without the times of what was made up with it. */
function withoutRandom({ dockerfile: path, entries }: Sent): unknown {
  const calm = (text: string) => text.replace(/\.dockerfile\.[0-9a-f]{20}/g, "RANDOM");
  return {
    path: calm(path ?? ""),
    entries: entries.map((entry) => {
      const isMadeUp = entry.name.startsWith(".docker");
      const { mtime, mode, size, ...rest } = entry;
      const facts = isMadeUp ? rest : { ...rest, mtime, mode, size };
      return { ...facts, name: calm(entry.name), content: calm(entry.content) };
    }),
  };
}
