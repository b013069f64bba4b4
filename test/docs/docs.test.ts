import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { useNoSwarm, useSwarm } from "../contract/swarm-support.ts";
import { bundle } from "../runtimes/bundle.ts";
import { engines, swarmEngine, type TestEngine, testImage } from "../support/engines.ts";
import { pushTestImage } from "../support/registry.ts";
import { run } from "../support/scripts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** One for each run, since two may go on in one checkout. */
const folder = join(root, `.docs-examples-${process.pid}`);
const registry = process.env["FAIRLEAD_TEST_REGISTRY"];
const [engine] = engines;
const inSwarms = engine && swarmEngine(engine);

/**
 * What an example may need besides an engine: `<!-- needs: swarm, registry -->` before it says so. `no swarm` is an engine
 * that is in none, for the examples that make one. `programs` are those that the embedded engine has not built in.
 */
const knownNeeds = ["registry", "buildkit", "swarm", "no swarm", "programs"] as const;
type Need = (typeof knownNeeds)[number];

interface Example {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  readonly needs: readonly Need[];
}

const pages = ["README.md", ...(await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"))];
const examples = (await Promise.all(pages.map(readExamples))).flat();

/** Takes the TypeScript of a page; the image that it names is replaced by the one that the test engines have. */
async function readExamples(page: string): Promise<Example[]> {
  const text = await readFile(join(root, page === "README.md" ? page : join("docs", page)), "utf8");
  const blocks = text.matchAll(/(?:^<!-- needs: ([^\n]+) -->\n+)?^```ts\n(.*?)^```$/gms);
  return [...blocks].map(([, list, code = ""], index) => {
    const needs = list?.split(", ").map(toNeed) ?? [];
    const image = needs.includes("registry") ? `${registry}/alpine:3` : testImage;
    const file = join(folder, `${page}-${index + 1}.ts`);
    return { title: `${page}, example ${index + 1}`, file, code: code.replaceAll("alpine:3", image), needs };
  });
}

function toNeed(text: string): Need {
  const need = knownNeeds.find((known) => known === text);
  assert.ok(need, `An example needs "${text}", which is none of: ${knownNeeds.join(", ")}`);
  return need;
}

/** Why an example cannot run; undefined if it can. */
async function whyNot({ needs }: Example, { name, facts }: TestEngine): Promise<string | undefined> {
  if (needs.includes("registry") && registry === undefined) {
    return "no registry (FAIRLEAD_TEST_REGISTRY is not set)";
  }
  const { isPodman, isEmbedded } = await facts();
  const lacking = needs.find((need) => (need === "programs" ? isEmbedded : need !== "registry" && isPodman));
  return lacking && `${name} has not what the example needs: ${lacking}`;
}

function programOf({ file }: Example): string {
  return file.replace(/\.ts$/, ".mjs");
}

function runs(some: readonly Example[], on: TestEngine | undefined): void {
  for (const example of some) {
    it(`${example.title} runs`, async (t) => {
      assert.ok(on, "FAIRLEAD_TEST_ENGINES is empty: run the tests with `npm test`");
      const reason = await whyNot(example, on);
      if (reason !== undefined) {
        assert.ok(!process.env["CI"], `${reason}, and CI must run every example`);
        t.skip(`not run: ${reason}`);
        return;
      }
      const env = { ...process.env, DOCKER_HOST: on.host };
      const { exitCode, stderr } = await run(process.execPath, [programOf(example)], { cwd: root, env });
      assert.equal(exitCode, 0, stderr);
    });
  }
}

describe("the examples in the documentation", () => {
  before(async () => {
    await mkdir(folder, { recursive: true });
    if (engine !== undefined && registry !== undefined) {
      await pushTestImage(engine.host, `${registry}/alpine`, "3");
    }
    await Promise.all(examples.map(({ file, code }) => writeFile(file, `${code}\nexport {};\n`)));
    // All at once: by itself each would be longer at that than at its work.
    await bundle(
      examples.map(({ file }) => file),
      folder,
      { splitting: true },
    );
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

  runs(
    examples.filter(({ needs }) => !needs.includes("swarm") && !needs.includes("no swarm")),
    engine,
  );

  describe("in a swarm", () => {
    if (inSwarms !== undefined) {
      useSwarm(inSwarms);
    }
    runs(
      examples.filter(({ needs }) => needs.includes("swarm")),
      inSwarms,
    );
  });

  describe("outside a swarm", () => {
    if (inSwarms !== undefined) {
      useNoSwarm(inSwarms);
    }
    runs(
      examples.filter(({ needs }) => needs.includes("no swarm")),
      inSwarms,
    );
  });
});
