// Builds dist/: declarations by tsc, and one JavaScript file for each entry point and each part that is loaded on demand.
// Node needs about a third of a millisecond for every module it loads, so seventy small files would cost 25.
import { spawnSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await rm("dist", { recursive: true, force: true });

const { status } = spawnSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (status !== 0) {
  process.exit(status ?? 1);
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
  logLevel: "warning",
});
