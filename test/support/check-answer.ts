import { readFileSync } from "node:fs";
import type { Facts } from "../../scripts/generate/facts.ts";
import type { Field, Model } from "../../scripts/generate/model.ts";
import { correctedModel } from "../../scripts/generate/output.ts";
import { corrections } from "../../spec/corrections.ts";
import { type ModelType, parseModelType } from "./model-type.ts";

/** How an answer differs from the model of it. */
export interface AnswerCheck {
  /** What the model says wrongly, e.g. `HostConfig.Binds: null is not declared`. */
  readonly problems: readonly string[];
  /** Fields that the model does not have, e.g. `HostConfig.NewThing`. */
  readonly unknownFields: readonly string[];
}

/** What the generated models are printed from. */
const model: Model = readModel();

/**
 * Checks the JSON of an answer, or one item of a stream of JSON, against the model of the operation's answer.
 * An answer without a model passes.
 */
export function checkAnswer(operation: string, status: number, json: unknown): AnswerCheck {
  const type = model.operations.get(operation)?.answers.get(status)?.type;
  return type === undefined ? { problems: [], unknownFields: [] } : checkModel(type, json);
}

/** Checks JSON against a type as the models write it, e.g. `ContainerSummary[] | null`. */
export function checkModel(type: string, json: unknown): AnswerCheck {
  const checker = new Checker();
  checker.check(parseModelType(type), json, "");
  return { problems: [...checker.problems], unknownFields: [...checker.unknownFields] };
}

class Checker {
  readonly problems: Set<string> = new Set();
  readonly unknownFields: Set<string> = new Set();

  check(type: ModelType, value: unknown, path: string): void {
    switch (type.is) {
      case "any":
        break;
      case "union":
        this.#checkUnion(type.members, value, path);
        break;
      case "list":
        this.#checkParts("a list", Array.isArray(value) ? value : undefined, type.of, value, `${path}[]`);
        break;
      case "map":
        this.#checkParts("a map", isObject(value) ? Object.values(value) : undefined, type.of, value, `${path}{}`);
        break;
      case "name":
        this.#checkNamed(type.name, type.nullableFields, value, path);
        break;
      case "bigint":
        this.#expect("an integer", typeof value === "bigint" || Number.isInteger(value), value, path);
        break;
      default:
        this.#expect(`a ${type.is}`, value === null ? type.is === "null" : typeof value === type.is, value, path);
    }
  }

  #checkParts(
    wanted: string,
    parts: readonly unknown[] | undefined,
    of: ModelType,
    value: unknown,
    path: string,
  ): void {
    this.#expect(wanted, parts !== undefined, value, path.slice(0, -2));
    for (const part of parts ?? []) this.check(of, part, path);
  }

  #checkUnion(members: readonly ModelType[], value: unknown, path: string): void {
    const attempts = members.map((member) => {
      const attempt = new Checker();
      attempt.check(member, value, path);
      return attempt;
    });
    // A value that no member fits is compared with the one that it fits best.
    const best = attempts.reduce((left, right) => (right.problems.size < left.problems.size ? right : left));
    for (const problem of best.problems) this.problems.add(problem);
    for (const field of best.unknownFields) this.unknownFields.add(field);
  }

  #checkNamed(name: string, nullableFields: boolean, value: unknown, path: string): void {
    const alias = model.aliases.get(name);
    if (alias !== undefined) {
      this.check(parseModelType(alias), value, path);
    } else if (isObject(value)) {
      this.#checkFields(fieldsOf(name), nullableFields, value, path === "" ? "" : `${path}.`);
    } else {
      this.#expect(`a ${name}`, false, value, path);
    }
  }

  #checkFields(
    fields: ReadonlyMap<string, Field>,
    nullable: boolean,
    value: Readonly<Record<string, unknown>>,
    prefix: string,
  ): void {
    for (const [key, field] of fields) {
      this.#checkField(field, nullable || field.nullable, value[key], prefix + key);
    }
    for (const key of Object.keys(value)) {
      if (!fields.has(key)) this.unknownFields.add(prefix + key);
    }
  }

  #checkField({ type, optional }: Field, nullable: boolean, value: unknown, path: string): void {
    if (value === undefined) {
      if (!optional) this.problems.add(`${path}: missing`);
    } else if (value !== null || !nullable) {
      this.check(parseModelType(type), value, path);
    }
  }

  #expect(wanted: string, holds: boolean, value: unknown, path: string): void {
    if (!holds) {
      const found = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
      this.problems.add(`${path}: ${found} instead of ${wanted}`);
    }
  }
}

function fieldsOf(name: string): ReadonlyMap<string, Field> {
  if (name === "EmptyObject") return new Map();
  const found = model.interfaces.get(name);
  if (found === undefined) throw new Error(`there is no model ${name}`);
  return new Map([...found.bases.flatMap((base) => [...fieldsOf(base)]), ...found.fields]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readModel(): Model {
  const text = readFileSync(new URL("../../spec/engine-api.json", import.meta.url), "utf8");
  const facts: Facts = JSON.parse(text); // written by the generator
  return correctedModel(facts, corrections);
}
