import { Refusal } from "../http/refusal.ts";
import type { SwarmObject } from "./ledger.ts";

/** The objects of one kind. */
export class ObjectStore<T extends SwarmObject> {
  readonly #kind: string;
  readonly #nameOf: (object: T) => string;
  readonly #objects = new Map<string, T>();

  /** @param kind as error messages call it, e.g. `service` */
  constructor(kind: string, nameOf: (object: T) => string) {
    this.#kind = kind;
    this.#nameOf = nameOf;
  }

  all(): T[] {
    return [...this.#objects.values()];
  }

  /**
   * Finds an object by its id, its name, or the beginning of its id.
   *
   * @throws Refusal if there is none, or more than one.
   */
  find(idOrName: string): T {
    const exact = this.#objects.get(idOrName) ?? this.named(idOrName);
    const found = exact ? [exact] : this.all().filter(({ ID }) => idOrName !== "" && ID.startsWith(idOrName));
    const [object] = found;
    if (object === undefined) {
      throw new Refusal(404, `${this.#kind} ${idOrName} not found`);
    }
    if (found.length > 1) {
      throw new Refusal(400, `${this.#kind} ${idOrName} is ambiguous (${found.length} matches found)`);
    }
    return object;
  }

  /** The object with that id, if it is still there. */
  get(id: string): T | undefined {
    return this.#objects.get(id);
  }

  named(name: string): T | undefined {
    return this.all().find((object) => this.#nameOf(object) === name);
  }

  add(object: T): void {
    this.#objects.set(object.ID, object);
  }

  remove({ ID }: T): void {
    this.#objects.delete(ID);
  }
}
