import type { ImageConfig } from "../../generated/models.ts";
import type { Report } from "../operations/progress.ts";
import { pullByName } from "../operations/pull.ts";
import type { Image } from "../state/image.ts";
import { parseReference } from "../state/image-reference.ts";
import type { World } from "../state/world.ts";
import type { BuildRequest } from "./build-request.ts";
import { BuildStage } from "./build-stage.ts";
import { type Instruction, parseInstruction } from "./dockerfile.ts";
import { expand, type Variables } from "./expand.ts";
import { findStage, type Stage, type Stages } from "./stages.ts";
import { type StepContext, takeStep } from "./steps.ts";
import { readPairs, splitWords } from "./words.ts";

/** Builds an image as dockerd's classic builder does, and tells of it in the same words. */
export class Builder {
  readonly #world: World;
  readonly #request: BuildRequest;
  readonly #stages: Stages;
  /** What has been built, in the order of the stages. */
  readonly #built: { readonly name: string; readonly image: Image }[] = [];
  /** The arguments above the first stage. */
  readonly #globals: Record<string, string> = {};
  readonly #declared = new Set<string>();
  #step = 0;

  constructor(world: World, request: BuildRequest, stages: Stages) {
    this.#world = world;
    this.#request = request;
    this.#stages = stages;
  }

  /** Builds. The last report says which image it is; a step that fails throws. */
  async *run(): AsyncGenerator<Report> {
    const { args, stages } = this.#stages;
    for (const instruction of args) {
      yield* this.#announce(instruction.text);
      this.#declare(instruction, this.#globals, this.#globals);
    }
    for (const [index, stage] of stages.entries()) {
      yield* this.#build(stage, index === stages.length - 1);
    }
    yield* this.#conclude();
  }

  get #labels(): [string, string][] {
    return Object.entries(this.#request.labels);
  }

  get #steps(): number {
    const { args, stages } = this.#stages;
    const labels = this.#labels.length > 0 ? 1 : 0;
    return args.length + labels + stages.reduce((sum, { steps }) => sum + 1 + steps.length, 0);
  }

  *#announce(text: string): Generator<Report> {
    this.#step += 1;
    yield { stream: `Step ${this.#step}/${this.#steps} : ${text}` };
    yield { stream: "\n" };
  }

  async *#build({ base, name, from, steps }: Stage, isLast: boolean): AsyncGenerator<Report> {
    yield* this.#announce(from.text);
    const image = yield* this.#findBase(expand(base, this.#globals), true);
    const stage = new BuildStage(this.#world, image, !this.#request.noCache);
    yield { stream: ` ---> ${shortId(image)}\n` };
    yield* this.#trigger(stage);
    for (const instruction of steps) {
      yield* this.#announce(instruction.text);
      yield* this.#take(stage, instruction);
    }
    if (isLast && this.#labels.length > 0) {
      const text = `LABEL ${this.#labels.map(([key, value]) => `${key}=${quoted(value)}`).join(" ")}`;
      yield* this.#announce(text);
      yield* this.#take(stage, parseInstruction(text, 0));
    }
    if (stage.image === undefined) {
      throw new Error("No image was generated. Is your Dockerfile empty?");
    }
    this.#built.push({ name, image: stage.image });
    yield { aux: { ID: stage.image.Id } };
  }

  /** What the base image has for those who build on it. */
  async *#trigger(stage: BuildStage): AsyncGenerator<Report> {
    const triggers = stage.config.OnBuild ?? [];
    if (triggers.length === 0) {
      return;
    }
    yield { stream: `# Executing ${triggers.length} build trigger${triggers.length > 1 ? "s" : ""}\n` };
    const config: ImageConfig = { ...stage.config, OnBuild: null };
    stage.grow({ createdBy: "/bin/sh -c #(nop)  ONBUILD", config });
    for (const trigger of triggers) {
      yield* this.#take(stage, parseInstruction(trigger, 0));
    }
  }

  async *#take(stage: BuildStage, instruction: Instruction): AsyncGenerator<Report> {
    if (instruction.name === "ARG") {
      this.#declare(instruction, stage.args, { ...this.#globals, ...stage.variables });
    }
    const context: StepContext = {
      world: this.#world,
      request: this.#request,
      findImage: (name) => this.#findBase(name, false),
    };
    yield* takeStep(stage, instruction, context);
  }

  /** An argument has the value that the build is asked for, or that of above the first stage, or its default. */
  #declare({ rest }: Instruction, args: Record<string, string>, variables: Variables): void {
    for (const word of splitWords(rest)) {
      const [[name = "", value] = []] = word.includes("=") ? readPairs("ARG", word) : [[word, undefined]];
      const given = this.#request.buildArgs[name];
      const usual = value === undefined ? this.#globals[name] : expand(value, variables);
      this.#declared.add(name);
      const wanted = given ?? usual;
      if (wanted !== undefined) args[name] = wanted;
    }
  }

  /** An earlier stage, an image that is here, or one of a registry; undefined for `scratch`. */
  async *#findBase(name: string, isBase: boolean): AsyncGenerator<Report, Image | undefined> {
    const at = findStage(this.#built, name);
    if (at >= 0 && !(isBase && /^\d+$/.test(name))) {
      return this.#built[at]?.image;
    }
    if (name === "scratch") {
      return undefined;
    }
    const { images } = this.#world;
    if (this.#request.pull || images.get(name) === undefined) {
      const { host } = parseReference(name);
      yield* pullByName(this.#world, name, this.#request.credentials[host]);
    }
    return images.find(name);
  }

  *#conclude(): Generator<Report> {
    const last = this.#built.at(-1);
    const unused = Object.keys(this.#request.buildArgs).filter((name) => !this.#declared.has(name));
    if (unused.length > 0) {
      yield { stream: `[Warning] One or more build-args [${unused.sort().join(" ")}] were not consumed\n` };
    }
    yield { stream: `Successfully built ${shortId(last?.image)}\n` };
    for (const reference of this.#request.tags) {
      if (last === undefined) return;
      this.#world.images.name(last.image, reference);
      this.#world.images.tell("tag", last.image, reference.name);
      yield { stream: `Successfully tagged ${reference.name}\n` };
    }
  }
}

function shortId(image: Image | undefined): string {
  return image?.Id.slice(7, 19) ?? "";
}

function quoted(value: string): string {
  return /[\s"'\\$]/.test(value) ? JSON.stringify(value).replaceAll("$", "\\$") : value;
}
