import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Runs a program; rejects with its output if it fails. */
export const run: (program: string, args: readonly string[], options: object) => Promise<{ readonly stdout: string }> =
  promisify(execFile);

const root = new URL("../..", import.meta.url).pathname;

/** A project of somebody else, which has installed Fairlead as it would come from npm. */
export class Project implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Packs Fairlead, and installs that and the dependencies in a folder of its own. */
  static async create(dependencies: Readonly<Record<string, string>> = {}): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "fairlead-consumer-")));
    if (!existsSync(join(root, "dist/index.d.ts"))) {
      await run("npm", ["run", "--silent", "build"], { cwd: root });
    }
    const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", project.folder];
    const { stdout } = await run("npm", pack, { cwd: root });
    await project.write("package.json", {
      name: "consumer",
      private: true,
      type: "module",
      dependencies: { ...dependencies, fairlead: `file:${stdout.trim()}` },
    });
    const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
    await run("npm", install, { cwd: project.folder });
    return project;
  }

  /** Writes a file: text as it is, anything else as JSON. */
  write(name: string, content: unknown): Promise<void> {
    return writeFile(join(this.folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** The version of a development dependency of ours, which the project then uses too. */
export async function ourVersion(dependency: string): Promise<string> {
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return devDependencies[dependency];
}
