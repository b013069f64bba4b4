import type { Docker } from "../../index.ts";
import { type Command, defineCommand } from "../command.ts";
import { toPrettyJson } from "../json.ts";

/** `fairlead inspect` */
export const inspect: Command = defineCommand({
  usage: "NAME [NAME...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {},
  examples: ["fairlead inspect web", "fairlead inspect alpine:3"],
  async run({ docker, io, operands, report }) {
    const found: unknown[] = [];
    for (const name of operands) {
      try {
        found.push(await inspectAny(docker, name, io.signal));
      } catch (failure) {
        await report(failure);
      }
    }
    await io.stdout.write(`${toPrettyJson(found)}\n`);
  },
});

/** A container of that name, else an image of that name. */
async function inspectAny(docker: Docker, name: string, signal: AbortSignal): Promise<unknown> {
  const outcome = await docker.containers.inspect(name, { signal }).outcome();
  if (outcome.kind === "Succeeded") {
    return outcome.value;
  }
  return docker.images.inspect(name, { signal });
}
