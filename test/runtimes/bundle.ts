import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..", "..");

/** Tests import the sources; here they get what is published instead. */
const published: Plugin = {
  name: "published",
  setup({ onResolve }) {
    onResolve({ filter: /\/src\/index\.ts$/ }, () => ({ path: join(root, "dist/index.js"), external: true }));
  },
};

/**
 * Makes a JavaScript file of each file of tests, so that every runtime can run it, with `dist/` in place of the public
 * surface.
 *
 * @param outdir a folder as deep as the tests' support, so that paths from there are right
 * @returns the files
 */
export function bundleTests(files: readonly string[], outdir: string): Promise<readonly string[]> {
  return bundle(files, outdir, { plugins: [published] });
}

/** Makes a JavaScript file of each of these. */
export async function bundle(
  files: readonly string[],
  outdir: string,
  options: BuildOptions,
): Promise<readonly string[]> {
  await build({
    absWorkingDir: root,
    entryPoints: [...files],
    entryNames: "[name]",
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
    ...options,
  });
  return files.map((file) => join(outdir, file.replace(/^.*\//, "").replace(/\.ts$/, ".mjs")));
}
