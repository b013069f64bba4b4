/** A schema of the spec without its prose: the keywords that say something about the wire, and nothing else. */
export interface SchemaFact {
  readonly $ref?: string;
  readonly type?: "object" | "string" | "integer" | "array" | "boolean" | "number";
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly omitted?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaFact>>;
  readonly items?: SchemaFact;
  readonly map?: SchemaFact | true;
  readonly allOf?: readonly SchemaFact[];
  /** The first API version that has the field, when that is newer than the oldest one. */
  readonly since?: string;
}

/** A parameter that is not part of the path and not the body. */
export interface ParameterFact {
  readonly name: string;
  readonly in: "query" | "header";
  readonly type: string;
  readonly format?: string;
  readonly items?: string;
  readonly enum?: readonly string[];
  readonly required?: boolean;
  readonly since?: string;
}

/** What an operation reads as its body. */
export interface BodyFact {
  readonly schema: SchemaFact;
  readonly required?: boolean;
  /** Dotted paths of the fields that the oldest version does not have, with the first version that has them. */
  readonly since?: Readonly<Record<string, string>>;
}

/** One documented answer. */
export interface ResponseFact {
  /** What the answer means, from the table of wordings. */
  readonly means: string;
  readonly schema?: SchemaFact;
  readonly headers?: readonly string[];
}

/** One operation of the spec. */
export interface OperationFact {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly since: string;
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
  readonly parameters?: readonly ParameterFact[];
  readonly body?: BodyFact;
  readonly responses: Readonly<Record<string, ResponseFact>>;
}

/** Where the facts come from. */
export interface SourceFact {
  readonly repository: string;
  readonly commit: string;
  readonly version: string;
  /** The sha256 of each file that was read. */
  readonly files: Readonly<Record<string, string>>;
}

/** Everything that the generator takes from the official spec. */
export interface Facts {
  readonly source: SourceFact;
  readonly operations: Readonly<Record<string, OperationFact>>;
  readonly definitions: Readonly<Record<string, SchemaFact>>;
}

/** Thrown when the input holds something that the generator has no rule for. */
export class GenerateError extends Error {
  override readonly name = "GenerateError";
}
