import { type Command, defineCommand } from "../command.ts";

/** `fairlead rename` */
export const rename: Command = defineCommand({
  usage: "CONTAINER NEW_NAME",
  minOperands: 2,
  maxOperands: 2,
  options: {},
  examples: ["fairlead rename web web-old"],
  async run({ docker, io, operands: [container = "", name = ""] }) {
    await docker.containers.rename(container, { name, signal: io.signal });
  },
});
