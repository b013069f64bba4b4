import { type Command, defineCommand } from "../command.ts";
import { forEachOperand } from "../each.ts";

/** `fairlead wait` */
export const wait: Command = defineCommand({
  usage: "CONTAINER [CONTAINER...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {},
  examples: ["fairlead wait backup"],
  async run(context) {
    const { docker, io } = context;
    await forEachOperand(context, "together", async (name) => {
      const answer = await docker.containers.wait(name, { signal: io.signal });
      return { text: `${answer.StatusCode}`, data: { name, ...answer } };
    });
  },
});
