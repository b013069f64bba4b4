import { changed } from "../changed.ts";
import { type Command, defineCommand } from "../command.ts";
import { forEachOperand } from "../each.ts";

/** `fairlead unpause` */
export const unpause: Command = defineCommand({
  usage: "CONTAINER [CONTAINER...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {},
  examples: ["fairlead unpause web"],
  async run(context) {
    const { docker, io } = context;
    await forEachOperand(context, "together", (container) =>
      changed(container, docker.containers.unpause(container, { signal: io.signal })),
    );
  },
});
