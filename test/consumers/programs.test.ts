import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { build, type Metafile } from "esbuild";
import { engines, testImage, testLabels } from "../support/engines.ts";
import { Project, run } from "./project.ts";

/** Loads every part that is loaded on demand: HTTP, packing, and unpacking of tars. */
const program = `
const [host, image, labels, folder] = process.argv.slice(2);
const docker = new Docker({ host });
async function main() {
  const { version } = await docker.ping();
  const { Id } = await docker.containers.create({ Image: image, Labels: JSON.parse(labels) });
  await docker.containers.copyTo(Id, __here + "/program.mjs", "/tmp");
  const { path } = await docker.containers.copyFrom(Id, "/tmp/program.mjs", folder);
  await docker.containers.remove(Id);
  await docker.close();
  console.log(JSON.stringify({ version, path }));
}
main();
`;
const imports = 'import { Docker } from "fairlead";\nconst __here = import.meta.dirname;\n';
const requires = 'const { Docker } = require("fairlead");\nconst __here = __dirname;\n';

const slowBuiltins = "child_process crypto fs/promises http https net stream/web tls worker_threads zlib"
  .split(" ")
  .map((name) => `node:${name}`);

/** What is imported by what, whether at once or on demand. */
async function read(contents: string, resolveDir: string): Promise<Metafile> {
  const { metafile } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    platform: "node",
    format: "esm",
    metafile: true,
    write: false,
  });
  return metafile;
}

/** The files and builtins that are loaded at once with a file. */
function staticImports(inputs: Metafile["inputs"], file: string, found = new Set<string>()): Set<string> {
  for (const { path, kind } of inputs[file]?.imports ?? []) {
    if (kind === "import-statement" && !found.has(path)) {
      staticImports(inputs, path, found.add(path));
    }
  }
  return found;
}

describe("a program that uses Fairlead", { timeout: 600_000 }, () => {
  const [engine] = engines;
  let project: Project;
  let elsewhere = "";
  before(async () => {
    assert.ok(engine, "FAIRLEAD_TEST_ENGINES is empty: run the tests with `npm test`");
    project = await Project.create();
    elsewhere = await mkdtemp(join(tmpdir(), "fairlead-elsewhere-"));
    await project.write("program.mjs", imports + program);
    await project.write("program.cjs", requires + program);
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
    await rm(elsewhere, { recursive: true });
  });

  const bundle = (format: "esm" | "cjs", outfile: string) =>
    build({
      stdin: { contents: `import { Docker } from "fairlead";\n${program}`, resolveDir: project.folder },
      define: { __here: JSON.stringify(project.folder) },
      bundle: true,
      platform: "node",
      target: "node20.19",
      format,
      outfile,
      logLevel: "warning",
    });

  /** Runs the file with the runtime that runs this test. */
  const works = async (file: string, folder: string) => {
    const target = await mkdtemp(join(elsewhere, "target-"));
    const runtime = "Deno" in globalThis ? ["run", "--allow-all"] : [];
    assert.ok(engine);
    const args = [...runtime, file, engine.host, testImage, JSON.stringify(testLabels), target];
    const { stdout } = await run(process.execPath, args, { cwd: folder, timeout: 600_000 });
    const { version } = await engine.facts();
    assert.deepEqual(JSON.parse(stdout), {
      version: /^[\d.]+/.exec(version)?.[0],
      path: join(target, "program.mjs"),
    });
  };

  it("imports it", () => works("program.mjs", project.folder));

  it("requires it", () => works("program.cjs", project.folder));

  it("is imported from few files, without what Node takes long to load", async () => {
    const { inputs } = await read('export * from "fairlead"', project.folder);
    const loaded = [...staticImports(inputs, "<stdin>")];
    assert.ok(loaded.filter((path) => !path.startsWith("node:")).length <= 4, loaded.join("\n"));
    assert.deepEqual(
      loaded.filter((path) => slowBuiltins.includes(path)),
      [],
    );
  });

  for (const [format, file] of [
    ["esm", "one-file.mjs"],
    ["cjs", "one-file.cjs"],
  ] as const) {
    it(`is bundled into one ${format} file, which runs where nothing is installed`, async () => {
      await bundle(format, join(elsewhere, file));
      await works(file, elsewhere);
    });
  }
});
