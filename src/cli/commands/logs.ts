import type { LogsCall } from "../../index.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Io } from "../io.ts";
import { toJson } from "../json.ts";
import { readMoment } from "../moment.ts";

/** `fairlead logs` */
export const logs: Command = defineCommand({
  usage: "[FLAGS] CONTAINER",
  minOperands: 1,
  maxOperands: 1,
  options: {
    follow: { type: "boolean", short: "f", summary: "Go on with what the container goes on to print" },
    since: { type: "string", placeholder: "TIME", summary: "Begin at a time, or a duration ago such as 10m" },
    tail: {
      type: "string",
      short: "n",
      placeholder: "COUNT",
      summary: "Begin so many lines before the end. Default: all",
    },
    timestamps: { type: "boolean", short: "t", summary: "Put the time before each line" },
    until: { type: "string", placeholder: "TIME", summary: "End at a time, or a duration ago" },
  },
  examples: ["fairlead logs --follow --tail 20 web", "fairlead logs --since 10m --timestamps web"],
  async run({ docker, flags, io, json, operands: [container = ""] }) {
    const now = Date.now();
    const call = docker.containers.logs(container, {
      signal: io.signal,
      follow: flags.follow,
      since: readMoment(flags.since, now),
      tail: flags.tail,
      timestamps: flags.timestamps,
      until: readMoment(flags.until, now),
    });
    await (json ? printLines(call, io) : printBytes(call, io));
  },
});

/** The bytes as they are, each stream to its own: what a container prints is for the terminal, escapes and all. */
async function printBytes(call: LogsCall, io: Io): Promise<void> {
  for await (const { stream, data } of call) {
    await (stream === "stderr" ? io.stderr : io.stdout).write(data);
  }
}

async function printLines(call: LogsCall, io: Io): Promise<void> {
  for await (const line of call.lines()) {
    await io.stdout.write(`${toJson(line)}\n`);
  }
}
