import { randomFillSync } from "node:crypto";
import { FileError } from "../../files/file-error.ts";
import type { FileSystem } from "../../files/file-system.ts";
import { Input } from "./input.ts";
import type { Pace } from "./pace.ts";
import type { Output } from "./pipe.ts";

const blockBytes = 64 * 1024;
const zeros = new Uint8Array(blockBytes);

/** Where nothing is kept. */
export const nowhere: Output = { write: () => Promise.resolve() };

/** What is read without end from these. */
const sources: Readonly<Record<string, () => Uint8Array | undefined>> = {
  "/dev/null": () => undefined,
  "/dev/zero": () => zeros,
  "/dev/full": () => zeros,
  "/dev/urandom": () => randomFillSync(new Uint8Array(blockBytes)),
  "/dev/random": () => randomFillSync(new Uint8Array(blockBytes)),
};

const texts: Readonly<Record<string, (hostname: string) => string>> = {
  "/etc/hostname": (hostname) => `${hostname}\n`,
  "/etc/hosts": (hostname) => `127.0.0.1\tlocalhost\n127.0.0.1\t${hostname}\n`,
  "/proc/uptime": () => "1.00 1.00\n",
  "/proc/version": () => "Linux version fairlead\n",
};

/** The files that a program opens: those of its container, and those that a kernel makes up. */
export class OpenFiles {
  readonly #files: FileSystem;
  readonly #hostname: string;
  readonly #pace: Pace;

  constructor(files: FileSystem, hostname: string, pace: Pace) {
    this.#files = files;
    this.#hostname = hostname;
    this.#pace = pace;
  }

  /** Opens a file to read it. Throws FileError if it is not there. */
  read(path: string): Input {
    const real = this.#files.stat(path)?.path ?? path;
    const source = sources[real];
    if (source !== undefined) {
      return new Input(endless(source, this.#pace));
    }
    return Input.of(this.content(path));
  }

  /** What is in a file, whole. Throws FileError if it is not there. */
  content(path: string): Uint8Array {
    const text = texts[path];
    if (text !== undefined && !this.#files.stat(path)?.size) {
      return Buffer.from(text(this.#hostname));
    }
    return this.#files.readFile(path);
  }

  /** Opens a file to write it, anew unless `append`. Throws FileError if that cannot be. */
  write(path: string, append: boolean): Output {
    const real = this.#files.stat(path)?.path ?? path;
    if (real in sources) {
      return nowhere;
    }
    const kind = this.#files.stat(real)?.kind;
    if (kind !== undefined && kind !== "file" && kind !== "folder") {
      throw new FileError("EINVAL", path);
    }
    this.#files.writeFile(real, "", { append });
    return {
      write: async (data) => {
        await this.#pace.step();
        this.#files.writeFile(real, data, { append: true });
      },
    };
  }
}

async function* endless(source: () => Uint8Array | undefined, pace: Pace): AsyncGenerator<Uint8Array, void> {
  for (let bytes = source(); bytes !== undefined; bytes = source()) {
    await pace.step();
    yield bytes;
  }
}
