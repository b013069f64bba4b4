/** A TypeScript type as the generator prints it. */
export type ModelType =
  | { readonly is: "any" | "null" | "string" | "number" | "boolean" | "bigint" }
  | { readonly is: "name"; readonly name: string; readonly nullableFields: boolean }
  | { readonly is: "list" | "map"; readonly of: ModelType }
  | { readonly is: "union"; readonly members: readonly ModelType[] };

const plain = ["string", "number", "boolean", "bigint", "null"] as const;
const token = /\s*(\{ \[K in keyof (\w+)\]: \2\[K\] \| null \}|"[^"]*"|[\w$]+|\{\}|\[\]|[|&()<>,])/y;

/** Reads a type of the model. Throws for what the generator does not print. */
export function parseModelType(text: string): ModelType {
  const parser = new TypeParser(text);
  const type = parser.union();
  parser.expect(undefined);
  return type;
}

class TypeParser {
  readonly #tokens: string[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    token.lastIndex = 0;
    for (let at = 0; at < text.trimEnd().length; at = token.lastIndex) {
      const [, found] = token.exec(text) ?? [];
      if (found === undefined) {
        throw new Error(`unknown type ${text}, at ${text.slice(at)}`);
      }
      if (found !== "readonly") {
        this.#tokens.push(found);
      }
    }
  }

  union(): ModelType {
    const members = [this.#intersection()];
    while (this.#takes("|")) {
      members.push(this.#intersection());
    }
    const [only] = members;
    return only !== undefined && members.length === 1 ? only : { is: "union", members };
  }

  expect(wanted: string | undefined): void {
    const found = this.#tokens.shift();
    if (found !== wanted) {
      throw new Error(`${wanted ?? "the end"} is missing in ${this.#text}, before ${found}`);
    }
  }

  /** Of `string & {}`, which keeps a union of texts open, the text counts. */
  #intersection(): ModelType {
    const type = this.#lists();
    while (this.#takes("&")) {
      this.#lists();
    }
    return type;
  }

  #lists(): ModelType {
    let type = this.#single();
    while (this.#takes("[]")) {
      type = { is: "list", of: type };
    }
    return type;
  }

  #single(): ModelType {
    const found = this.#tokens.shift() ?? "";
    const [, mapped] = /^\{ \[K in keyof (\w+)/.exec(found) ?? [];
    const simple = plain.find((each) => each === found);
    if (mapped !== undefined) return { is: "name", name: mapped, nullableFields: true };
    if (simple !== undefined) return { is: simple };
    if (found.startsWith('"')) return { is: "string" };
    if (/^\d/.test(found)) return { is: "number" };
    if (found === "unknown" || found === "{}") return { is: "any" };
    if (found === "(") return this.#until(")");
    if (found === "Record") return this.#map();
    return { is: "name", name: found, nullableFields: false };
  }

  #until(end: string): ModelType {
    const type = this.union();
    this.expect(end);
    return type;
  }

  #map(): ModelType {
    this.expect("<");
    this.union();
    this.expect(",");
    return { is: "map", of: this.#until(">") };
  }

  #takes(wanted: string): boolean {
    const takes = this.#tokens[0] === wanted;
    if (takes) this.#tokens.shift();
    return takes;
  }
}
