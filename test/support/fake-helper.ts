import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A call of a helper: its arguments, and what it read. */
export interface HelperCall {
  readonly args: readonly string[];
  readonly input: string;
}

/** What a helper keeps, by registry. */
export type Kept = Readonly<Record<string, { readonly Username: string; readonly Secret: string }>>;

/**
 * Credential helpers in a folder of their own, which is first in this process's PATH until the end of its scope. They
 * are programs like any other, but that they note how they were called.
 */
export class FakeHelpers implements AsyncDisposable {
  readonly folder: string;
  readonly #path: string | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.#path = process.env["PATH"];
    process.env["PATH"] = `${folder}${delimiter}${this.#path}`;
  }

  static async make(): Promise<FakeHelpers> {
    return new FakeHelpers(await mkdtemp(join(tmpdir(), "fairlead-helpers-")));
  }

  /** Makes `docker-credential-NAME`, which keeps credentials in a file as others do in a keychain. */
  async add(name: string, kept: Kept = {}): Promise<void> {
    await this.#write(`${name}.json`, JSON.stringify(kept));
    await this.script(name, keeper(name));
  }

  /** Makes `docker-credential-NAME` of JavaScript. `input` is what it reads, and `action` its first argument. */
  async script(name: string, code: string): Promise<void> {
    const file = await this.#write(
      `docker-credential-${name}`,
      `#!/usr/bin/env node
const fs = require("node:fs");
const args = process.argv.slice(2);
const [action] = args;
const input = fs.readFileSync(0, "utf8");
fs.appendFileSync(__dirname + "/${name}.calls", JSON.stringify({ args, input }) + "\\n");
${code}
`,
    );
    await chmod(file, 0o755);
  }

  /** Takes a helper away. */
  async remove(name: string): Promise<void> {
    await rm(join(this.folder, `docker-credential-${name}`));
  }

  /** How a helper was called so far. */
  async calls(name: string): Promise<readonly HelperCall[]> {
    const text = await readFile(join(this.folder, `${name}.calls`), "utf8").catch(() => "");
    return text
      .split("\n")
      .filter(Boolean)
      .map((line): HelperCall => JSON.parse(line));
  }

  /** What a helper keeps now. */
  async kept(name: string): Promise<Kept> {
    return JSON.parse(await readFile(join(this.folder, `${name}.json`), "utf8"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.env["PATH"] = this.#path;
    await rm(this.folder, { recursive: true });
  }

  async #write(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await mkdir(this.folder, { recursive: true });
    await writeFile(path, content);
    return path;
  }
}

/** The protocol of docker-credential-helpers, word for word. */
function keeper(name: string): string {
  return `
const file = __dirname + "/${name}.json";
const kept = JSON.parse(fs.readFileSync(file, "utf8"));
const fail = (words) => { console.log(words); process.exit(1); };
if (action === "store") {
  const { ServerURL, Username, Secret } = JSON.parse(input);
  fs.writeFileSync(file, JSON.stringify({ ...kept, [ServerURL]: { Username, Secret } }));
} else if (action === "list") {
  console.log(JSON.stringify(Object.fromEntries(Object.entries(kept).map(([url, { Username }]) => [url, Username]))));
} else if (kept[input.trim()] === undefined) {
  fail("credentials not found in native keychain");
} else if (action === "get") {
  console.log(JSON.stringify({ ServerURL: input.trim(), ...kept[input.trim()] }));
} else {
  delete kept[input.trim()];
  fs.writeFileSync(file, JSON.stringify(kept));
}`;
}
