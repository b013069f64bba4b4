import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { engines, testImage } from "../support/engines.ts";
import { pushTestImage } from "../support/registry.ts";
import { runProgram } from "../support/run-program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".docs-examples");
const registry = process.env["FAIRLEAD_TEST_REGISTRY"];
const [engine] = engines;

interface Example {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  readonly pulls: boolean;
}

const pages = ["README.md", ...(await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"))];
const examples = (await Promise.all(pages.map(readExamples))).flat();

/** Takes the TypeScript of a page; the image that it names is replaced by the one that the test engines have. */
async function readExamples(page: string): Promise<Example[]> {
  const text = await readFile(join(root, page === "README.md" ? page : join("docs", page)), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""], index) => {
    const pulls = page === "pull.md";
    const image = pulls ? `${registry}/alpine:3` : testImage;
    const file = join(folder, `${page}-${index + 1}.ts`);
    return { title: `${page}, example ${index + 1}`, file, code: code.replaceAll("alpine:3", image), pulls };
  });
}

describe("the examples in the documentation", () => {
  before(async () => {
    await mkdir(folder, { recursive: true });
    if (engine !== undefined && registry !== undefined) {
      await pushTestImage(engine.host, `${registry}/alpine`, "3");
    }
    await Promise.all(examples.map(({ file, code }) => writeFile(file, `${code}\nexport {};\n`)));
  });
  after(() => rm(folder, { recursive: true }));

  it("are there", () => assert.ok(examples.length >= 10, `${examples.length} examples`));

  it("compile", async () => {
    const files = examples.map(({ file }) => file);
    const config = { extends: "../tsconfig.json", files, include: [] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiled = promisify(execFile)("npx", ["tsc", "-p", folder], { cwd: root });
    await compiled.catch(({ stdout }: { stdout: string }) => assert.fail(stdout));
  });

  for (const { title, file, pulls } of examples) {
    it(`${title} runs`, async (t) => {
      assert.ok(engine, "FAIRLEAD_TEST_ENGINES is empty: run the tests with `npm test`");
      if (pulls && registry === undefined) {
        assert.ok(!process.env["CI"], "FAIRLEAD_TEST_REGISTRY is not set, and CI must run every example");
        t.skip("not run: no registry (FAIRLEAD_TEST_REGISTRY is not set)");
        return;
      }
      const { exitCode, stderr } = await runProgram(file, [], engine.host);
      assert.equal(exitCode, 0, stderr);
    });
  }
});
