import type { Correction } from "../scripts/generate/corrections.ts";
import { answers } from "./corrections/answers.ts";
import { buildParameters } from "./corrections/build.ts";
import { fields } from "./corrections/fields.ts";
import { filters } from "./corrections/filters.ts";
import { observed } from "./corrections/observed.ts";
import { operations } from "./corrections/operations.ts";
import { parameters } from "./corrections/parameters.ts";
import { values } from "./corrections/values.ts";
import { versions } from "./corrections/versions.ts";

/** Where the official spec is wrong or silent. The rows are applied in this order. */
export const corrections: readonly Correction[] = [
  ...operations,
  ...parameters,
  ...buildParameters,
  ...filters,
  ...versions,
  ...answers,
  ...values,
  ...fields,
  ...observed,
];
