import { changed } from "../changed.ts";
import { type Command, defineCommand } from "../command.ts";
import { forEachOperand } from "../each.ts";

/** `fairlead start` */
export const start: Command = defineCommand({
  usage: "CONTAINER [CONTAINER...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {},
  examples: ["fairlead start web"],
  async run(context) {
    const { docker, io } = context;
    // In turn: a container may need one that was named before it.
    await forEachOperand(context, "in turn", (container) =>
      changed(container, docker.containers.start(container, { signal: io.signal })),
    );
  },
});
