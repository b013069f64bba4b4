import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ourVersion, Project, run } from "./project.ts";

/** What a program uses: values, generated types, outcomes, streams. */
const source = `
import { type ContainerSummary, Docker, type DockerOptions, Fleet, StatusError } from "fairlead";

export async function use(options: DockerOptions): Promise<string[]> {
  const docker = new Docker(options);
  const found: ContainerSummary[] = await docker.containers.list({ all: true });
  const outcome = await docker.containers.inspect("nobody").outcome();
  switch (outcome.kind) {
    case "Succeeded":
      console.log(outcome.value.State.Running);
      break;
    case "NoSuchContainer":
    case "ServerError":
      console.log(outcome.error.message);
      break;
    default:
      outcome satisfies never;
  }
  for await (const { Action, timeNano } of docker.system.events({ until: new Date() })) console.log(Action, timeNano);
  for await (const { stream, text } of docker.containers.logs("web").lines()) console.log(stream, text);
  const fleet = new Fleet({ docker, other: options });
  for (const one of await fleet.run((engine) => engine.ping())) {
    console.log(one.engine, one.kind === "Succeeded" ? one.value.version : one.error instanceof StatusError);
  }
  await fleet.close();
  return found.map(({ Id }) => Id);
}
`;
const disposing = `
import { Docker } from "fairlead";
await using docker = new Docker();
await docker.ping();
`;
const wrong = `
import { Docker } from "fairlead";
const outcome = await new Docker().containers.inspect("nobody").outcome();
outcome satisfies { kind: "Succeeded" };
`;

interface Consumer {
  readonly typescript: "5.0.4" | "5.9.3" | "ours";
  readonly resolution: "nodenext" | "bundler";
  readonly file: string;
  readonly lib: string;
}

/** TypeScript 5.8 is the first that lets CommonJS require ES modules, 5.2 the first with `await using`. */
const consumers: readonly Consumer[] = [
  { typescript: "5.0.4", resolution: "nodenext", file: "use.mts", lib: "es2022" },
  { typescript: "5.0.4", resolution: "bundler", file: "use.ts", lib: "es2022" },
  ...(["5.9.3", "ours"] as const).flatMap((typescript) => [
    { typescript, resolution: "nodenext" as const, file: "use.mts", lib: "es2022" },
    { typescript, resolution: "nodenext" as const, file: "use.cts", lib: "es2022" },
    { typescript, resolution: "nodenext" as const, file: "disposing.mts", lib: "es2022,esnext.disposable" },
    { typescript, resolution: "bundler" as const, file: "use.ts", lib: "es2022" },
  ]),
];

describe("a project that installs Fairlead", { timeout: 600_000 }, () => {
  let project: Project;
  before(async () => {
    project = await Project.create({
      "@types/node": await ourVersion("@types/node"),
      "typescript-5.0.4": "npm:typescript@5.0.4",
      "typescript-5.9.3": "npm:typescript@5.9.3",
      "typescript-ours": `npm:typescript@${await ourVersion("typescript")}`,
    });
    for (const file of ["use.ts", "use.mts", "use.cts"]) await project.write(file, source);
    await project.write("disposing.mts", disposing);
    await project.write("wrong.mts", wrong);
  });
  after(() => project[Symbol.asyncDispose]());

  const compile = ({ typescript, resolution, file, lib }: Consumer) => {
    const module = resolution === "bundler" ? "es2022" : "nodenext";
    const options = { strict: true, skipLibCheck: false, noEmit: true, target: "es2022", types: "node" };
    const flags = { ...options, lib, module, moduleResolution: resolution };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const tsc = `node_modules/typescript-${typescript}/bin/tsc`;
    return run(process.execPath, [tsc, ...args, file], { cwd: project.folder });
  };

  for (const consumer of consumers) {
    const { typescript, resolution, file } = consumer;
    it(`compiles ${file} with TypeScript ${typescript} as ${resolution}`, async () => {
      await compile(consumer).catch(({ stdout }: { stdout: string }) => assert.fail(stdout));
    });
  }

  it("is told where it is wrong", async () => {
    await assert.rejects(
      compile({ typescript: "ours", resolution: "nodenext", file: "wrong.mts", lib: "es2022" }),
      ({ stdout }: { stdout: string }) => /wrong\.mts\(4,9\): error TS1360/.test(stdout),
    );
  });
});
