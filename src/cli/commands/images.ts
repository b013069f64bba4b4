import type { ImageSummary } from "../../index.ts";
import { type Command, defineCommand, type Flags } from "../command.ts";
import { formatAge, formatSize, shortId } from "../format.ts";
import { toPrettyJson } from "../json.ts";
import { readFilters } from "../pairs.ts";
import { formatTable } from "../table.ts";

const options = {
  all: { type: "boolean", short: "a", summary: "List intermediate images, too" },
  filter: {
    type: "strings",
    short: "f",
    placeholder: "KEY=VALUE",
    summary: "List only those that match, e.g. dangling=true",
  },
  "no-trunc": { type: "boolean", summary: "Do not shorten ids" },
  quiet: { type: "boolean", short: "q", summary: "Print only the ids" },
} as const;

/** `fairlead images` */
export const images: Command = defineCommand({
  usage: "[FLAGS] [NAME[:TAG]]",
  minOperands: 0,
  maxOperands: 1,
  options,
  examples: ["fairlead images", "fairlead images --quiet --filter dangling=true", "fairlead images alpine"],
  async run({ docker, flags, io, json, operands }) {
    const named = operands.map((name) => `reference=${name}`);
    const list = await docker.images.list({
      signal: io.signal,
      all: flags.all,
      filters: readFilters([...flags.filter, ...named]),
    });
    const text = flags.quiet ? idLines(list, flags) : table(list, flags);
    await io.stdout.write(json ? `${toPrettyJson(list)}\n` : text);
  },
});

type ImagesFlags = Flags<typeof options>;

function idLines(list: readonly ImageSummary[], flags: ImagesFlags): string {
  return list.map(({ Id }) => `${idOf(Id, flags)}\n`).join("");
}

function table(list: readonly ImageSummary[], flags: ImagesFlags): string {
  const rows = list.flatMap((image) =>
    namesOf(image).map(([repository, tag]) => [
      repository,
      tag,
      idOf(image.Id, flags),
      formatAge(image.Created, Date.now() / 1000),
      formatSize(image.Size),
    ]),
  );
  return formatTable(["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"], rows);
}

function idOf(id: string, flags: ImagesFlags): string {
  return flags["no-trunc"] ? id : shortId(id);
}

const none = "<none>";

/** One pair for each name of the image; an image that lost its tag may still be known by its digest. */
function namesOf({ RepoTags, RepoDigests }: ImageSummary): [repository: string, tag: string][] {
  // Engines send null for an empty list.
  const tags = (RepoTags ?? []).filter((name) => name !== `${none}:${none}`);
  if (tags.length > 0) {
    return tags.map((name) => [name.slice(0, name.lastIndexOf(":")), name.slice(name.lastIndexOf(":") + 1)]);
  }
  const [repository] = (RepoDigests ?? []).map((name) => name.slice(0, name.lastIndexOf("@")));
  return [[repository ?? none, none]];
}
