import type { ContainerSummary } from "../../index.ts";
import { type Command, defineCommand, type Flags } from "../command.ts";
import { formatAge, formatCommand, formatSize, shortId } from "../format.ts";
import { toPrettyJson } from "../json.ts";
import { readFilters } from "../pairs.ts";
import { formatPorts } from "../ports.ts";
import { formatTable } from "../table.ts";

const options = {
  all: { type: "boolean", short: "a", summary: "List those that do not run, too" },
  filter: {
    type: "strings",
    short: "f",
    placeholder: "KEY=VALUE",
    summary: "List only those that match, e.g. status=exited",
  },
  last: { type: "integer", short: "n", placeholder: "COUNT", summary: "List the newest so many, running or not" },
  latest: { type: "boolean", short: "l", summary: "List the newest one, running or not" },
  "no-trunc": { type: "boolean", summary: "Do not shorten ids and commands" },
  quiet: { type: "boolean", short: "q", summary: "Print only the ids" },
  size: { type: "boolean", short: "s", summary: "Print the sizes" },
} as const;

/** `fairlead ps` */
export const ps: Command = defineCommand({
  usage: "[FLAGS]",
  minOperands: 0,
  maxOperands: 0,
  options,
  examples: ["fairlead ps --all", "fairlead ps --filter status=exited --filter label=app", "fairlead ps --json"],
  async run({ docker, flags, io, json }) {
    const containers = await docker.containers.list({
      signal: io.signal,
      all: flags.all,
      size: flags.size,
      limit: flags.latest ? 1 : flags.last,
      filters: readFilters(flags.filter),
    });
    const text = flags.quiet ? idLines(containers, flags) : table(containers, flags);
    await io.stdout.write(json ? `${toPrettyJson(containers)}\n` : text);
  },
});

type PsFlags = Flags<typeof options>;

function idLines(containers: readonly ContainerSummary[], flags: PsFlags): string {
  return containers.map(({ Id }) => `${idOf(Id, flags)}\n`).join("");
}

function table(containers: readonly ContainerSummary[], flags: PsFlags): string {
  const header = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"];
  const rows = containers.map((container) => row(container, flags));
  return formatTable(flags.size ? [...header, "SIZE"] : header, rows);
}

function row(container: ContainerSummary, flags: PsFlags): string[] {
  const { Id, Image, Command, Created, Status, Ports, SizeRw, SizeRootFs } = container;
  const size = `${formatSize(SizeRw ?? 0)}${SizeRootFs ? ` (virtual ${formatSize(SizeRootFs)})` : ""}`;
  return [
    idOf(Id, flags),
    imageOf(Image, flags),
    formatCommand(Command ?? "", flags["no-trunc"]),
    formatAge(Created ?? 0, Date.now() / 1000),
    Status ?? "",
    formatPorts(Ports ?? []),
    names(container, flags),
    ...(flags.size ? [size] : []),
  ];
}

function idOf(id: string | undefined, flags: PsFlags): string {
  return flags["no-trunc"] ? (id ?? "") : shortId(id ?? "");
}

/** An image that has lost its name is listed by its id. */
function imageOf(image: string | undefined, flags: PsFlags): string {
  return !flags["no-trunc"] && image?.startsWith("sha256:") ? shortId(image) : (image ?? "");
}

/** The names begin with a slash; those with a second one are what other containers call it by their links. */
function names({ Names }: ContainerSummary, flags: PsFlags): string {
  const all = (Names ?? []).map((name) => name.replace(/^\//, ""));
  return all.filter((name) => flags["no-trunc"] || !name.includes("/")).join(",");
}
