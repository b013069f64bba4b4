import { changed } from "../changed.ts";
import { type Command, defineCommand } from "../command.ts";
import { forEachOperand } from "../each.ts";

/** `fairlead rm` */
export const rm: Command = defineCommand({
  usage: "[FLAGS] CONTAINER [CONTAINER...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {
    force: { type: "boolean", short: "f", summary: "Kill running containers first" },
    volumes: { type: "boolean", short: "v", summary: "Remove their anonymous volumes too" },
  },
  examples: ["fairlead rm web", "fairlead rm --force --volumes web worker"],
  async run(context) {
    const { docker, flags, io } = context;
    const options = { signal: io.signal, force: flags.force, v: flags.volumes };
    await forEachOperand(context, "together", (container) =>
      changed(container, docker.containers.remove(container, options)),
    );
  },
});
