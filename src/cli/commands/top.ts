import { type Command, defineCommand } from "../command.ts";
import { toPrettyJson } from "../json.ts";
import { formatTable } from "../table.ts";

/** `fairlead top` */
export const top: Command = defineCommand({
  usage: "CONTAINER [PS_FLAGS...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  passThrough: true,
  options: {},
  examples: ["fairlead top web", "fairlead top web -o pid,comm"],
  async run({ docker, io, json, operands: [container = "", ...psFlags] }) {
    const ps_args = psFlags.length === 0 ? undefined : psFlags.join(" ");
    const answer = await docker.containers.top(container, { signal: io.signal, ps_args });
    const text = formatTable(answer.Titles ?? [], answer.Processes ?? []);
    await io.stdout.write(json ? `${toPrettyJson(answer)}\n` : text);
  },
});
