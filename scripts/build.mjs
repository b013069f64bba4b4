// Builds dist/: declarations by tsc, and one JavaScript file for each entry point and each part that is loaded on demand.
// Node needs about a third of a millisecond for every module it loads, so seventy small files would cost 25.
import { spawnSync } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await rm("dist", { recursive: true, force: true });

const { status } = spawnSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (status !== 0) {
  process.exit(status ?? 1);
}

/**
 * Leaves comments out, which Node would read with every start, and ties all parts that are loaded on demand to the index.
 * esbuild makes a chunk for every set of parts that share a module, and there are many such sets; tied, they share one.
 */
const fewAndSmall = {
  name: "few-and-small",
  async setup({ onLoad }) {
    const parts = await findParts();
    const tie = `import ${JSON.stringify(resolve("src/index.ts"))};`;
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const options = { loader: "ts", minifyWhitespace: true, sourcemap: "inline", sourcefile: path };
      const { code } = await transform(await readFile(path, "utf8"), options);
      return { contents: parts.has(path) ? tie + code : code, loader: "js" };
    });
  },
};

/** The modules that are loaded on demand, without those of the embedded engine, which stands on its own. */
async function findParts() {
  const files = (await readdir("src", { recursive: true })).filter((file) => !file.startsWith("testing"));
  const parts = await Promise.all(files.filter((file) => file.endsWith(".ts")).map(partsIn));
  return new Set(parts.flat());
}

async function partsIn(file) {
  const path = resolve("src", file);
  const imports = (await readFile(path, "utf8")).matchAll(/\bimport\("(\.[^"]+)"\)/g);
  return [...imports].map(([, part = ""]) => resolve(dirname(path), part));
}

await build({
  entryPoints: { index: "src/index.ts", "cli/main": "src/cli/main.ts", "testing/index": "src/testing/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  chunkNames: "parts/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  sourcemap: true,
  plugins: [fewAndSmall],
  logLevel: "warning",
  logOverride: { "ignored-bare-import": "silent" }, // the ties: all that they do is done before they are ignored
});
