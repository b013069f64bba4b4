import { type Command, defineCommand } from "../command.ts";
import { containerOptions, readSpec } from "../container-spec.ts";
import { toPrettyJson } from "../json.ts";
import { printable } from "../printable.ts";

/** `fairlead create` */
export const create: Command = defineCommand({
  usage: "[FLAGS] IMAGE [COMMAND] [ARGUMENT...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  passThrough: true,
  options: containerOptions,
  examples: [
    "fairlead create --name web --publish 8080:80 --restart unless-stopped nginx:1",
    "fairlead create --rm --env GREETING=hello alpine:3 sh -c 'echo $GREETING'",
  ],
  async run({ docker, flags, io, json, operands }) {
    const spec = readSpec(flags, operands, io.env);
    const { name, platform } = flags;
    const created = await docker.containers.create(spec, { name, platform, signal: io.signal });
    for (const warning of json ? [] : (created.Warnings ?? [])) {
      await io.stderr.write(`fairlead: warning: ${printable(warning)}\n`);
    }
    await io.stdout.write(json ? `${toPrettyJson(created)}\n` : `${created.Id}\n`);
  },
});
