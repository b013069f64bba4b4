import { changed } from "../changed.ts";
import { type Command, defineCommand } from "../command.ts";
import { forEachOperand } from "../each.ts";

/** `fairlead kill` */
export const kill: Command = defineCommand({
  usage: "[FLAGS] CONTAINER [CONTAINER...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {
    signal: { type: "string", short: "s", placeholder: "SIGNAL", summary: "The signal to send. Default: KILL" },
  },
  examples: ["fairlead kill web", "fairlead kill --signal HUP web"],
  async run(context) {
    const { docker, flags, io } = context;
    const options = { abortSignal: io.signal, signal: flags.signal };
    await forEachOperand(context, "together", (container) =>
      changed(container, docker.containers.kill(container, options)),
    );
  },
});
