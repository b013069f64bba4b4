import { posix } from "node:path";
import type { FileSystem } from "../files/file-system.ts";
import type { Report } from "../operations/progress.ts";
import type { Image } from "../state/image.ts";
import type { World } from "../state/world.ts";
import type { BuildRequest } from "./build-request.ts";
import type { BuildStage } from "./build-stage.ts";
import { configSteps, usualShell } from "./config-steps.ts";
import { type Copy, copyFiles, findSources } from "./copy-files.ts";
import type { Instruction } from "./dockerfile.ts";
import { expand } from "./expand.ts";
import { runStep } from "./run-step.ts";
import { tellCached, tellImage, tellRemoved, tellRunning } from "./step-reports.ts";
import { readJsonList, splitWords } from "./words.ts";

/** What steps need of the build that they belong to. */
export interface StepContext {
  readonly world: World;
  readonly request: BuildRequest;
  /** Finds an earlier stage or an image, which it may pull. */
  findImage(name: string): AsyncGenerator<Report, Image | undefined>;
}

/** Does what one instruction says. @throws Error in dockerd's words if it fails. */
export async function* takeStep(
  stage: BuildStage,
  instruction: Instruction,
  context: StepContext,
): AsyncGenerator<Report> {
  const { name, flags } = instruction;
  const modern = flags.find((flag) => modernFlags.has(flag.name));
  if (modern !== undefined) {
    throw new Error(
      `the --${modern.name} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled`,
    );
  }
  if (name === "RUN") {
    yield* runStep(stage, instruction, context.world, context.request);
  } else if (name === "COPY" || name === "ADD") {
    yield* copyStep(stage, instruction, name, context);
  } else {
    yield* configStep(stage, instruction, context);
  }
}

/** What the classic builder does not have (moby:daemon/builder/dockerfile/dispatchers.go). */
const modernFlags: ReadonlySet<string> = new Set([
  ...["mount", "network", "security", "chmod", "link", "checksum", "keep-git-dir", "exclude", "parents"],
]);

async function* configStep(
  stage: BuildStage,
  instruction: Instruction,
  { world, request }: StepContext,
): AsyncGenerator<Report> {
  const { config, image } = stage;
  const step = configSteps[instruction.name]?.(instruction, config, stage.variables);
  // What is left is `ARG`, whose value the builder has taken, and `MAINTAINER`.
  const author = instruction.name === "MAINTAINER" ? instruction.rest : image?.author;
  const createdBy = `${[...(config.Shell ?? usualShell)].join(" ")} #(nop)  ${step?.summary ?? instruction.text}`;
  if (stage.takeCached(createdBy)) {
    yield* tellCached(stage);
    return;
  }
  const container = world.ids.next();
  yield tellRunning(container);
  yield* tellRemoved(container, request);
  const made = { createdBy, config: step?.config ?? config, author: author ?? "" };
  stage.grow(instruction.name === "WORKDIR" ? { ...made, files: withFolder(stage, made.config.WorkingDir) } : made);
  yield tellImage(stage);
}

function withFolder(stage: BuildStage, path = "/"): FileSystem {
  const files = stage.filesToChange();
  files.mkdir(path, { recursive: true });
  return files;
}

async function* copyStep(
  stage: BuildStage,
  { rest, flags }: Instruction,
  name: Copy["name"],
  context: StepContext,
): AsyncGenerator<Report> {
  const { config, variables } = stage;
  const words = (readJsonList(rest) ?? splitWords(rest)).map((word) => expand(word, variables));
  const last = words.pop() ?? "";
  const from = flags.find((flag) => flag.name === "from")?.value;
  const owner = ownerOf(expand(flags.find((flag) => flag.name === "chown")?.value ?? "", variables));
  if (name === "ADD" && words.some((word) => /^(https?|git):\/\//.test(word))) {
    throw new Error("ADD of an address is not implemented by Fairlead's embedded engine");
  }
  const copy = findSources({
    name,
    from: from === undefined ? context.request.context : yield* filesOf(from, context),
    isContext: from === undefined,
    sources: words,
    destination: `${posix.resolve(config.WorkingDir || "/", last)}${/(^|\/)\.?$/.test(last) ? "/" : ""}`,
    owner,
  });
  const createdBy = `/bin/sh -c #(nop) ${name} ${copy.digest} in ${last} `;
  if (stage.takeCached(createdBy)) {
    yield* tellCached(stage);
    return;
  }
  const files = stage.filesToChange();
  await copyFiles(files, copy);
  stage.grow({ createdBy, files });
  yield tellImage(stage);
}

async function* filesOf(name: string, { findImage }: StepContext): AsyncGenerator<Report, FileSystem> {
  const finding = findImage(name);
  try {
    const image = yield* finding;
    if (image !== undefined) {
      return image.files;
    }
  } catch (error) {
    throw new Error(`invalid from flag value ${name}: ${error instanceof Error ? error.message : error}`);
  }
  throw new Error(`invalid from flag value ${name}: 'scratch' is a reserved name`);
}

/** The numbers of a user and a group; names other than root's are not looked up, and count as root. */
function ownerOf(text: string): Copy["owner"] {
  const [user = "", group = user] = text.split(":");
  return { uid: Number.parseInt(user, 10) || 0, gid: Number.parseInt(group, 10) || 0 };
}
