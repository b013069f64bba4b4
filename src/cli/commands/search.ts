import { type Command, defineCommand } from "../command.ts";
import { toPrettyJson } from "../json.ts";
import { readFilters } from "../pairs.ts";
import { formatTable } from "../table.ts";

/** How much of a description a table shows, as the docker CLI has it. */
const descriptionWidth = 45;

/** `fairlead search` */
export const search: Command = defineCommand({
  usage: "[FLAGS] TERM",
  minOperands: 1,
  maxOperands: 1,
  options: {
    filter: {
      type: "strings",
      short: "f",
      placeholder: "KEY=VALUE",
      summary: "List only those that match, e.g. is-official=true or stars=10",
    },
    limit: { type: "integer", placeholder: "COUNT", summary: "List no more than that" },
    "no-trunc": { type: "boolean", summary: "Do not shorten descriptions" },
  },
  examples: ["fairlead search nginx", "fairlead search --filter is-official=true --limit 5 python"],
  async run({ docker, flags, io, json, operands: [term = ""] }) {
    const { limit } = flags;
    const found = await docker.images.search(term, { limit, filters: readFilters(flags.filter), signal: io.signal });
    const rows = found.map(({ name = "", description = "", star_count = 0, is_official }) => [
      name,
      flags["no-trunc"] ? description : shortened(description),
      String(star_count),
      is_official ? "[OK]" : "",
    ]);
    const text = formatTable(["NAME", "DESCRIPTION", "STARS", "OFFICIAL"], rows);
    await io.stdout.write(json ? `${toPrettyJson(found)}\n` : text);
  },
});

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > descriptionWidth ? `${characters.slice(0, descriptionWidth - 1).join("")}…` : text;
}
