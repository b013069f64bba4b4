import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Docker } from "../../src/docker.ts";
import { CopyError, type CopyErrorReason } from "../../src/errors/copy-error.ts";
import type { CopyFromOptions } from "../../src/resources/copy.ts";
import { pong, readRequest } from "../engine/support.ts";
import { leakCheck } from "../support/leaks.ts";
import { RawServer } from "../support/raw-server.ts";
import { type TestEntry, tarEnd, tarOf } from "../support/tar.ts";

leakCheck();

let folder = "";
let target = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fairlead-extraction-"));
  target = join(folder, "target");
  await writeFile(join(folder, "secret"), "secret");
});
afterEach(() => rm(folder, { recursive: true }));

const stat = Buffer.from(
  JSON.stringify({ name: "d", size: 0, mode: 2 ** 31 + 0o755, mtime: "2026-01-01T00:00:00Z", linkTarget: "" }),
).toString("base64");

/** Copies `/d` of an engine that answers with exactly these bytes. */
async function copy(tar: Uint8Array, options: CopyFromOptions = {}, source: string = "/d") {
  await using server = await RawServer.listen("unix", async (connection) => {
    await readRequest(connection);
    await connection.write(pong("1.51"));
    await readRequest(connection);
    const head = `HTTP/1.1 200 OK\r\nX-Docker-Container-Path-Stat: ${stat}\r\nContent-Length: ${tar.length}\r\n\r\n`;
    await connection.write(Buffer.concat([Buffer.from(head), tar]));
  });
  await using docker = new Docker({ host: server.dialer.endpoint });
  return await docker.containers.copyFrom("web", source, target, options);
}

const directory: TestEntry = { name: "d/", type: "5", mode: 0o755 };
/** What is there besides the target, which nothing may change. */
async function assertUntouched() {
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name !== "target"),
    ["secret"],
  );
  assert.equal(await readFile(join(folder, "secret"), "utf8"), "secret");
}

describe("what would leave the target is refused, or left out", () => {
  const hostile: Record<string, { entries: TestEntry[]; reason: CopyErrorReason; left?: string[] }> = {
    "a name with ..": { entries: [directory, { name: "d/../../evil", body: "x" }], reason: "outside-target" },
    "a name that ends in ..": { entries: [directory, { name: "d/x/..", type: "5" }], reason: "outside-target" },
    "an absolute name": { entries: [directory, { name: "/d/evil", body: "x" }], reason: "outside-target" },
    "a name beside what was asked for": {
      entries: [directory, { name: "e/evil", body: "x" }],
      reason: "outside-target",
    },
    "an absolute link": {
      entries: [directory, { name: "d/l", type: "2", link: "/etc" }],
      reason: "link-outside-target",
    },
    "a link with ..": {
      entries: [directory, { name: "d/l", type: "2", link: "../secret" }],
      reason: "link-outside-target",
    },
    "a link that leads out deep down": {
      entries: [directory, { name: "d/a/b/l", type: "2", link: "../../../secret" }],
      reason: "link-outside-target",
    },
    "a link that leads out through another": {
      entries: [
        directory,
        { name: "d/a/", type: "5" },
        { name: "d/a/up", type: "2", link: ".." },
        { name: "d/out", type: "2", link: "a/up/../secret" },
      ],
      reason: "link-outside-target",
      left: ["a"],
    },
    "a link that goes round": {
      entries: [directory, { name: "d/a", type: "2", link: "b" }, { name: "d/b", type: "2", link: "a" }],
      reason: "link-outside-target",
    },
    "a file that is written through a link": {
      entries: [directory, { name: "d/l", type: "2", link: "." }, { name: "d/l/evil", body: "x" }],
      reason: "through-link",
      left: ["l"],
    },
    "a directory in the place of a link": {
      entries: [directory, { name: "d/l", type: "2", link: "." }, { name: "d/l/", type: "5" }],
      reason: "through-link",
      left: ["l"],
    },
    "a hard link out": {
      entries: [directory, { name: "d/l", type: "1", link: "../secret" }],
      reason: "outside-target",
    },
    "an absolute hard link": {
      entries: [directory, { name: "d/l", type: "1", link: "/etc/passwd" }],
      reason: "outside-target",
    },
    "a hard link to what was not copied": {
      entries: [directory, { name: "d/l", type: "1", link: "d/before" }],
      reason: "link-outside-target",
    },
    "a hard link to a link that leads out": {
      entries: [
        directory,
        { name: "d/a/", type: "5" },
        { name: "d/a/l", type: "2", link: "../x" },
        { name: "d/l", type: "1", link: "d/a/l" },
      ],
      reason: "link-outside-target",
      left: ["a"],
    },
    "a character device": { entries: [directory, { name: "d/null", type: "3" }], reason: "special-file" },
    "a block device": { entries: [directory, { name: "d/sda", type: "4" }], reason: "special-file" },
    "a pipe": { entries: [directory, { name: "d/pipe", type: "6" }], reason: "special-file" },
  };
  for (const [name, { entries, reason, left = [] }] of Object.entries(hostile)) {
    it(name, async () => {
      await assert.rejects(copy(tarOf(...entries)), (error) => {
        assert.ok(error instanceof CopyError, String(error));
        assert.equal(error.reason, reason, error.message);
        assert.notEqual(error.entry, "");
        return true;
      });
      await assertUntouched();
      await rm(target, { recursive: true, force: true });
      const { skipped } = await copy(tarOf(...entries, { name: "d/good", body: "good" }), { unsafe: "skip" });
      assert.ok(skipped.some((entry) => entry.reason === reason));
      const names = (await readdir(target)).filter((each) => each !== "good" && each !== "a" && each !== "l");
      assert.deepEqual(names, []);
      assert.ok(left.length === 0 || (await readdir(target)).includes(left[0] ?? ""));
      assert.equal(await readFile(join(target, "good"), "utf8"), "good");
      await assertUntouched();
    });
  }

  it("a link that is there already and leads out is not followed by a new one", async () => {
    await mkdir(target);
    await mkdir(join(target, "d"));
    await symlink("../..", join(target, "d/there"));
    const tar = tarOf(directory, { name: "d/new", type: "2", link: "there/secret" });
    await assert.rejects(copy(tar), { name: "CopyError", reason: "link-outside-target" });
    await assert.rejects(readlink(join(target, "d/new")), { code: "ENOENT" });
  });

  it("a root that is a link out", async () => {
    const tar = tarOf({ name: "d", type: "2", link: "/etc" });
    await assert.rejects(copy(tar), { name: "CopyError", reason: "link-outside-target" });
    await assert.rejects(lstat(target), { code: "ENOENT" });
  });

  it("a name that is only dots and slashes", async () => {
    for (const name of ["..", "../", "/", "/..", "./../d"]) {
      await assert.rejects(copy(tarOf({ name, type: "5" })), { name: "CopyError", reason: "outside-target" });
    }
    await assertUntouched();
  });
});

describe("what stays inside is written", () => {
  it("whatever the order of the entries", async () => {
    await copy(
      tarOf(
        directory,
        { name: "d/a/b/file", body: "deep" },
        { name: "d/up", type: "2", link: "a/b/../b/file" },
        { name: "d/a/", type: "5", mode: 0o700, mtime: 1_000_000_000 },
        { name: "d/hard", type: "1", link: "d/a/b/file" },
        directory,
      ),
    );
    assert.equal(await readFile(join(target, "up"), "utf8"), "deep");
    assert.equal(await readFile(join(target, "hard"), "utf8"), "deep");
    const { mode, mtimeMs } = await lstat(join(target, "a"));
    assert.deepEqual([mode & 0o7777, mtimeMs], [0o700, 1_000_000_000_000]);
  });

  it("and a later entry takes the place of an earlier one", async () => {
    const tar = tarOf(
      directory,
      { name: "d/x", type: "2", link: "y" },
      { name: "d/x", body: "first" },
      { name: "d/x", body: "second" },
    );
    const { files, links } = await copy(tar);
    assert.deepEqual([files, links, await readFile(join(target, "x"), "utf8")], [1, 0, "second"]);
  });

  it("without the rights of another user", async () => {
    await copy(tarOf(directory, { name: "d/sudo", body: "x", mode: 0o6755 }));
    assert.equal((await lstat(join(target, "sudo"))).mode & 0o7777, 0o755);
  });

  it("into a directory that stays as it is when only the contents are copied", async () => {
    await mkdir(target, { mode: 0o700 });
    const tar = tarOf({ name: "./", type: "5", mode: 0o777 }, { name: "./file", body: "x" });
    await copy(tar, {}, "/d/.");
    assert.equal((await lstat(target)).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(target), ["file"]);
  });
});

describe("a copy fails as a whole", () => {
  it("when a file would replace a directory, or the other way round", async () => {
    await mkdir(join(target, "d/x"), { recursive: true });
    await assert.rejects(copy(tarOf(directory, { name: "d/x", body: "y" })), { reason: "in-the-way" });
    await writeFile(join(target, "d/z"), "");
    for (const unsafe of ["refuse", "skip"] as const) {
      await assert.rejects(copy(tarOf(directory, { name: "d/z/y", body: "y" }), { unsafe }), { reason: "in-the-way" });
    }
  });

  it("when the tar is truncated, and leaves no half of a file", async () => {
    const tar = tarOf(directory, { name: "d/half", body: Buffer.alloc(300_000, 1) });
    await assert.rejects(copy(tar.subarray(0, 150_000)), { name: "ResponseError" });
    assert.deepEqual(await readdir(target), []);
  });

  it("when the engine reports an error at the end", async () => {
    const tar = Buffer.concat([tarOf(directory).subarray(0, -1024), Buffer.from(`{"message":"disk on fire"}\n`)]);
    await assert.rejects(copy(tar), { name: "EngineStreamError", engineMessage: "disk on fire" });
  });

  it("when the limits are exceeded, before anything of that file is written", async () => {
    const tar = tarOf(directory, { name: "d/a", body: "12345" }, { name: "d/b", body: "12345" });
    await assert.rejects(copy(tar, { limitBytes: 9 }), { reason: "too-many-bytes", entry: "d/b" });
    assert.deepEqual(await readdir(target), ["a"]);
    const bomb = tarOf(directory, { name: "d/bomb", body: Buffer.alloc(3 << 20) });
    await assert.rejects(copy(bomb, { limitBytes: 1 << 20, unsafe: "skip" }), { reason: "too-many-bytes" });
    await assert.rejects(copy(tar, { limitEntries: 2 }), { reason: "too-many-entries", entry: "d/b" });
  });

  it("when there is nothing in the tar", async () => {
    await assert.rejects(copy(tarEnd), { name: "CopyError", reason: "malformed" });
    const { files } = await copy(tarEnd, {}, "/d/.");
    assert.equal(files, 0);
  });
});
