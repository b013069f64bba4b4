import { readlink } from "node:fs/promises";
import { join } from "node:path";

/** As many links as Linux follows in one path. */
const mostHops = 40;

/** Tells where symbolic links lead that are not made yet, together with those that are there already. */
export class Symlinks {
  readonly #root: string;
  /** What each planned link says, by its path below the root. */
  readonly #planned: ReadonlyMap<string, string>;

  /** @param root the directory that no link may leave */
  constructor(root: string, planned: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#planned = planned;
  }

  /** Whether following the link, and every link on its way, stays below the root; one that goes round does not. */
  async staysInside(link: string, target: string): Promise<boolean> {
    const path = link.split("/").slice(0, -1);
    const ahead = this.#parts(target);
    for (let hops = 0; ahead !== undefined && hops <= mostHops; ) {
      const part = ahead.shift();
      if (part === undefined) {
        return true;
      }
      if (part === "..") {
        if (path.pop() === undefined) {
          return false;
        }
        continue;
      }
      const next = await this.#read([...path, part].join("/"));
      if (next === undefined) {
        path.push(part);
        continue;
      }
      hops += 1;
      const parts = this.#parts(next);
      if (parts === undefined) {
        return false;
      }
      ahead.unshift(...parts);
    }
    return false;
  }

  /** The parts of a link's text; undefined if it is absolute. */
  #parts(text: string): string[] | undefined {
    const isAbsolute = text.startsWith("/") || (process.platform === "win32" && /^[A-Za-z]:|^\\/.test(text));
    return isAbsolute ? undefined : text.split(/[/]/).filter((part) => part !== "" && part !== ".");
  }

  async #read(path: string): Promise<string | undefined> {
    const planned = this.#planned.get(path);
    return planned ?? (await readlink(join(this.#root, path)).catch(() => undefined));
  }
}
