import { changed } from "./changed.ts";
import { type Command, defineCommand } from "./command.ts";
import { forEachOperand } from "./each.ts";

/** Defines `stop` or `restart`, which differ in what they call. */
export function defineStopping(method: "stop" | "restart", examples: readonly string[]): Command {
  return defineCommand({
    usage: "[FLAGS] CONTAINER [CONTAINER...]",
    minOperands: 1,
    maxOperands: Number.POSITIVE_INFINITY,
    options: {
      timeout: {
        type: "integer",
        short: "t",
        placeholder: "SECONDS",
        summary: "How long to wait before killing; -1 is for ever",
      },
      time: { type: "integer", placeholder: "SECONDS", summary: "The same, as docker before 28 calls it" },
      signal: {
        type: "string",
        short: "s",
        placeholder: "SIGNAL",
        summary: "The signal to send instead of the container's own",
      },
    },
    examples,
    async run(context) {
      const { docker, flags, io } = context;
      const options = { abortSignal: io.signal, signal: flags.signal, t: flags.timeout ?? flags.time };
      await forEachOperand(context, "together", (container) =>
        changed(container, docker.containers[method](container, options)),
      );
    },
  });
}
