import { Refusal } from "../http/refusal.ts";
import type { Program } from "../programs/program.ts";
import type { Clock } from "./clock.ts";
import type { EventBus } from "./event-bus.ts";
import type { Image } from "./image.ts";
import { hasTag, type ImageReference, parseReference } from "./image-reference.ts";
import { noProgram } from "./no-program.ts";

/** The images of an engine, by their ids and their names. */
export class ImageStore {
  readonly #clock: Clock;
  readonly #events: EventBus;
  readonly #byId = new Map<string, Image>();
  /** The ids by names, which are tags (`busybox:latest`) or digests (`busybox@sha256:…`). */
  readonly #references = new Map<string, { readonly reference: ImageReference; readonly id: string }>();
  readonly #taggedMs = new Map<string, number>();
  readonly #programs = new Map<string, Program>();

  constructor(clock: Clock, events: EventBus) {
    this.#clock = clock;
    this.#events = events;
  }

  /** All of them, in the order in which they came. */
  all(): Image[] {
    return [...this.#byId.values()];
  }

  /**
   * Finds an image by its name, its id, or the beginning of its id.
   *
   * @throws Refusal 404 if there is none such, 400 if it is no name.
   */
  find(text: string): Image {
    const image = this.get(text);
    if (image === undefined) {
      throw new Refusal(404, `No such image: ${/^[0-9a-f]{64}$/.test(text) ? text : nameOf(text)}`);
    }
    return image;
  }

  /** The same, but undefined if there is none such. */
  get(text: string): Image | undefined {
    const exact = this.#byId.get(text.startsWith("sha256:") ? text : `sha256:${text}`);
    if (exact !== undefined || /^sha256:[0-9a-f]{64}$/.test(text)) {
      return exact;
    }
    const id = this.#references.get(parseReference(text).name)?.id;
    return id === undefined ? this.#withPrefix(text) : this.#byId.get(id);
  }

  /** Adds an image, or renews what is known of it; with a name, also gives it that. */
  add(image: Image, reference?: ImageReference): void {
    if (!this.#byId.has(image.Id)) {
      this.#byId.set(image.Id, image);
    }
    if (reference !== undefined) {
      this.name(image, reference);
    }
  }

  /** Gives an image a name, which any other image that has it loses. */
  name({ Id }: Image, reference: ImageReference): void {
    this.#references.set(reference.name, { reference, id: Id });
    this.#taggedMs.set(Id, this.#clock.now());
  }

  unname({ name }: ImageReference): void {
    this.#references.delete(name);
  }

  /** Forgets an image. Its names must be gone. */
  remove({ Id }: Image): void {
    this.#byId.delete(Id);
    this.#taggedMs.delete(Id);
  }

  /** The names of an image, sorted. */
  referencesOf({ Id }: Image): ImageReference[] {
    return [...this.#references.values()]
      .filter(({ id }) => id === Id)
      .map(({ reference }) => reference)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  tagsOf(image: Image): string[] {
    return this.referencesOf(image).flatMap(({ digest, name }) => (digest === undefined ? [name] : []));
  }

  digestsOf(image: Image): string[] {
    return this.referencesOf(image).flatMap(({ digest, name }) => (digest === undefined ? [] : [name]));
  }

  childrenOf({ Id }: Image): Image[] {
    return this.all().filter(({ parent }) => parent === Id);
  }

  /** When an image got a name last. */
  taggedMsOf({ Id }: Image): number | undefined {
    return this.#taggedMs.get(Id);
  }

  /** Makes a program known by a name, under which saved images have it. */
  addProgram(name: string, program: Program): void {
    this.#programs.set(name, program);
  }

  /** The program that is known by a name; one that starts nothing if none is. */
  program(name: string): Program {
    return this.#programs.get(name) ?? noProgram;
  }

  /** Tells what happened to an image; its labels are told too. */
  tell(Action: string, { Id, config }: Image, name: string = Id): void {
    this.#events.publish({ Type: "image", Action, ID: Id, Attributes: { ...config.Labels, name } });
  }

  #withPrefix(text: string): Image | undefined {
    const prefix = text.replace(/^sha256:/, "");
    return /^[0-9a-f]{1,64}$/.test(prefix) ? this.all().find(({ Id }) => Id.startsWith(`sha256:${prefix}`)) : undefined;
  }
}

/** The name as dockerd repeats it: with a tag, unless it is an id. */
function nameOf(text: string): string {
  return hasTag(text) ? text : parseReference(text).name;
}
