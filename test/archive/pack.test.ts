import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { appendFile, mkdir, mkdtemp, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { unpackTar } from "modern-tar";
import { CopyTally } from "../../src/archive/copy-result.ts";
import { localEntries } from "../../src/archive/local-entries.ts";
import { packTar, type TarEntry } from "../../src/archive/pack.ts";
import { guardTar } from "../../src/codecs/tar-guard.ts";
import { leakCheck } from "../support/leaks.ts";

leakCheck();

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fairlead-pack-"));
});
afterEach(() => rm(folder, { recursive: true }));

const entriesOf = (name: string | undefined = "root") =>
  localEntries(folder, { name, keepOwner: false, unsafe: "refuse", tally: new CopyTally() });
const packed = async (entries: AsyncIterable<TarEntry>) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of guardTar(packTar(entries), { status: 200 })) {
    pieces.push(piece);
  }
  return unpackTar(Buffer.concat(pieces), { strict: true });
};

describe("a local directory becomes a tar", () => {
  it("with its entries sorted, parents first", async () => {
    await mkdir(join(folder, "b/c"), { recursive: true });
    await writeFile(join(folder, "b/c/d"), "deep");
    await writeFile(join(folder, "a"), "");
    const entries = await packed(entriesOf());
    assert.deepEqual(
      entries.map(({ header }) => [header.name, header.type]),
      [
        ["root/", "directory"],
        ["root/a", "file"],
        ["root/b/", "directory"],
        ["root/b/c/", "directory"],
        ["root/b/c/d", "file"],
      ],
    );
    assert.equal(Buffer.from(entries.at(-1)?.data ?? []).toString(), "deep");
    const contents = await packed(
      localEntries(folder, { name: undefined, keepOwner: false, unsafe: "refuse", tally: new CopyTally() }),
    );
    assert.deepEqual(
      contents.map(({ header }) => header.name),
      ["a", "b/", "b/c/", "b/c/d"],
    );
  });

  it("with times to the microsecond, and before 1970", async () => {
    await writeFile(join(folder, "new"), "");
    await writeFile(join(folder, "old"), "");
    const recent = new Date(1_700_000_000_250);
    await utimes(join(folder, "new"), recent, recent);
    const ancient = new Date(-1_000_500);
    await utimes(join(folder, "old"), ancient, ancient);
    const times = (await packed(entriesOf())).map(({ header }) => Number(header.mtime) / 1000);
    assert.deepEqual(times.slice(1), [1_700_000_000.25, -1000.5]);
  });

  it("with as much of a file as it had at first, also if it grows", async () => {
    await writeFile(join(folder, "log"), "1234");
    const growing = (async function* () {
      for await (const entry of entriesOf()) {
        await appendFile(join(folder, "log"), "5678");
        yield entry;
      }
    })();
    const log = (await packed(growing)).find(({ header }) => header.name === "root/log");
    assert.equal(log?.data?.length, log?.header.size);
    assert.equal(
      Buffer.from(log?.data ?? [])
        .toString()
        .slice(0, 4),
      "1234",
    );
  });

  it("and a file that shrinks meanwhile is an error", async () => {
    await writeFile(join(folder, "log"), Buffer.alloc(1_000_000));
    const shrinking = (async function* () {
      for await (const entry of entriesOf()) {
        if (entry.header.name === "root/log") {
          await truncate(join(folder, "log"), 10);
        }
        yield entry;
      }
    })();
    await assert.rejects(packed(shrinking), { name: "CopyError", reason: "changed", entry: join(folder, "log") });
  });

  it("no faster than it is read, and its files are closed when the reader leaves", async () => {
    await writeFile(join(folder, "a"), Buffer.alloc(40_000_000));
    let given = 0;
    let closed = false;
    const watched = (async function* () {
      for await (const { header, body } of entriesOf()) {
        yield { header, body: body && count(body) };
      }
    })();
    async function* count(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      try {
        for await (const piece of body) {
          given += piece.length;
          yield piece;
        }
      } finally {
        closed = true;
      }
    }
    for await (const piece of packTar(watched)) {
      assert.ok(piece.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      break;
    }
    assert.ok(given < 10_000_000, `${given} bytes were read ahead`);
    assert.ok(closed);
  });
});
