import type { EventMessage } from "../../index.ts";
import { type Command, defineCommand } from "../command.ts";
import { formatInstant } from "../instant.ts";
import { toJson } from "../json.ts";
import { readMoment } from "../moment.ts";
import { readFilters } from "../pairs.ts";
import { printable } from "../printable.ts";

/** `fairlead events` */
export const events: Command = defineCommand({
  usage: "[FLAGS]",
  minOperands: 0,
  maxOperands: 0,
  options: {
    filter: {
      type: "strings",
      short: "f",
      placeholder: "KEY=VALUE",
      summary: "Print only those that match, e.g. type=container",
    },
    since: { type: "string", placeholder: "TIME", summary: "Begin in the past: a time, or a duration such as 10m" },
    until: { type: "string", placeholder: "TIME", summary: "End at a time, or so long ago" },
  },
  examples: ["fairlead events", "fairlead events --since 1h --filter type=container", "fairlead events --json"],
  async run({ docker, flags, io, json }) {
    const now = Date.now();
    const stream = docker.system.events({
      signal: io.signal,
      filters: readFilters(flags.filter),
      since: readMoment(flags.since, now),
      until: readMoment(flags.until, now),
    });
    for await (const event of stream) {
      await io.stdout.write(`${json ? toJson(event) : eventText(event)}\n`);
    }
  },
});

function eventText({ Type, Action, Actor, time, timeNano }: EventMessage): string {
  const attributes = Object.entries(Actor?.Attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const details = attributes.length === 0 ? "" : ` (${attributes.map(([key, value]) => `${key}=${value}`).join(", ")})`;
  const moment = formatInstant(timeNano ?? BigInt(time ?? 0) * 1_000_000_000n);
  return printable(`${moment} ${Type} ${Action} ${Actor?.ID}${details}`).replaceAll("\n", " ");
}
