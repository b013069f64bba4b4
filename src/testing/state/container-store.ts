import { Refusal } from "../http/refusal.ts";
import type { Container } from "./container.ts";

/** The containers of an engine, by id and by name. */
export class ContainerStore {
  readonly #byId = new Map<string, Container>();
  readonly #byName = new Map<string, Container>();
  /** How many there ever were. */
  made = 0;

  /** All of them, the newest first, as dockerd lists them. */
  all(): Container[] {
    return [...this.#byId.values()].reverse();
  }

  has({ facts }: Container): boolean {
    return this.#byId.has(facts.Id);
  }

  /** Whether `find` would find it. */
  isThere(idOrName: string): boolean {
    return this.#matching(idOrName).length === 1;
  }

  /**
   * Finds a container by its id, its name, or the beginning of its id.
   *
   * @throws Refusal if there is none, or more than one.
   */
  find(idOrName: string): Container {
    const found = this.#matching(idOrName);
    const [container] = found;
    if (container === undefined) {
      throw new Refusal(404, `No such container: ${idOrName}`);
    }
    if (found.length > 1) {
      throw new Refusal(400, `multiple IDs found with provided prefix: ${idOrName}`);
    }
    return container;
  }

  add(container: Container): void {
    this.made += 1;
    this.#byId.set(container.facts.Id, container);
    this.#byName.set(container.facts.name, container);
  }

  remove({ facts }: Container): void {
    this.#byId.delete(facts.Id);
    this.#byName.delete(facts.name);
  }

  /** @throws Refusal if another container has the name, or it is none; that one is told with a slash. */
  rename(container: Container, name: string): void {
    this.checkName(name, `/${name}`);
    this.#byName.delete(container.facts.name);
    container.facts.name = name;
    this.#byName.set(name, container);
  }

  /** @throws Refusal if a container has the name already, or it is none (moby:daemon/names.go). */
  checkName(name: string, told: string = name): void {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
      throw new Refusal(400, `Invalid container name (${told}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
    }
    const other = this.#byName.get(name);
    if (other !== undefined) {
      throw new Refusal(
        409,
        `Conflict. The container name "/${name}" is already in use by container "${other.facts.Id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    }
  }

  #matching(idOrName: string): Container[] {
    const exact = this.#byId.get(idOrName) ?? this.#byName.get(idOrName.replace(/^\//, ""));
    return exact === undefined ? this.#withPrefix(idOrName) : [exact];
  }

  #withPrefix(prefix: string): Container[] {
    return prefix === "" ? [] : [...this.#byId.values()].filter(({ facts }) => facts.Id.startsWith(prefix));
  }
}
