import type { AnswerFormat, BodyFormat, QueryType } from "./model.ts";

/** What a corrected or added parameter is like. */
export interface ParameterRow {
  readonly fix: "add-parameter" | "retype-parameter";
  readonly operations: readonly string[];
  readonly name: string;
  readonly as: QueryType | "base64url-json";
  /** The TypeScript type. Default: the one that `as` implies. */
  readonly type?: string;
  /** The header, for a parameter that is no query parameter. */
  readonly header?: string;
  readonly since?: string;
}

/** An operation that the spec does not have. */
export interface OperationRow {
  readonly fix: "add-operation";
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly answers: Readonly<Record<number, string>>;
  /** The type of the JSON that it answers with; without it the answer is empty. */
  readonly type?: string;
  readonly body?: string;
}

/** What one row changes. A row that finds nothing to change stops the generator. */
export type Change =
  | OperationRow
  | ParameterRow
  | { readonly fix: "drop-parameter"; readonly operations: readonly string[]; readonly name: string }
  | { readonly fix: "require-parameter"; readonly operations: readonly string[]; readonly name: string }
  | { readonly fix: "relax-parameter"; readonly operations: readonly string[]; readonly name: string }
  | {
      readonly fix: "add-answer";
      readonly operations: readonly string[];
      readonly status: number;
      readonly kind: string;
    }
  | { readonly fix: "drop-answer"; readonly operations: readonly string[]; readonly status: number }
  | {
      readonly fix: "answer-type";
      readonly operations: readonly string[];
      readonly status: number;
      readonly type?: string;
    }
  | { readonly fix: "answer-format"; readonly operations: readonly string[]; readonly format: AnswerFormat }
  | { readonly fix: "body-format"; readonly operations: readonly string[]; readonly format: BodyFormat }
  | { readonly fix: "long" | "slashes" | "unversioned"; readonly operations: readonly string[] }
  | { readonly fix: "filters"; readonly operations: readonly string[]; readonly keys: readonly string[] }
  /** `within` is the key of the object that holds the fields, where the same keys stand elsewhere too. */
  | {
      readonly fix: "bigint";
      readonly operations: readonly string[];
      readonly fields: readonly string[];
      readonly within?: string;
    }
  /** Sets the first version of parameters and body fields; `1.40` takes the gate away. */
  | {
      readonly fix: "since";
      readonly operations: readonly string[];
      readonly names: readonly string[];
      readonly since: string;
    }
  | { readonly fix: "add-type"; readonly name: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly fix: "add-field" | "retype-field"; readonly field: string; readonly type: string }
  | { readonly fix: "required" | "nullable" | "not-null"; readonly type: string; readonly fields: readonly string[] };

/** One correction of the official spec: what it changes, why in our own words, and who says so. */
export type Correction = Change & {
  readonly because: string;
  readonly source: string;
};
