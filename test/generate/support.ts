import { parse } from "yaml";
import type { Correction } from "../../scripts/generate/corrections.ts";
import { readDocument } from "../../scripts/generate/document.ts";
import { extractFacts } from "../../scripts/generate/extract.ts";
import type { Facts } from "../../scripts/generate/facts.ts";
import { correctedModel, printAll } from "../../scripts/generate/output.ts";

/** The facts of spec fragments, one for each version, oldest first. */
function factsOf(fragments: Readonly<Record<string, string>>): Facts {
  const documents = Object.entries(fragments).map(([version, yaml]) => readDocument(parse(yaml), version));
  const version = Object.keys(fragments).at(-1) ?? "";
  return extractFacts(documents, { repository: "test", commit: "0", version, files: {} });
}

/** What the generator prints for spec fragments, by the file's name, without the header. */
export function printed(
  fragments: Readonly<Record<string, string>>,
  corrections: readonly Correction[] = [],
): Readonly<Record<string, string>> {
  const facts = factsOf(fragments);
  const files = printAll(facts, correctedModel(facts, corrections));
  return Object.fromEntries(
    files.map(([path, text]) => [path.replace("src/generated/", ""), text.replace(/^(\/\/.*\n)+\n/, "")]),
  );
}

/** A fragment with the given definitions and paths. */
export function spec(definitions: string, paths = "{}"): string {
  return `definitions:${indented(definitions)}\npaths:${indented(paths)}\n`;
}

function indented(yaml: string): string {
  return yaml === "{}" ? " {}" : `\n${yaml.replace(/^/gm, "  ")}`;
}
