import { type Command, defineCommand } from "../command.ts";
import { forEachOperand } from "../each.ts";

/** `fairlead rmi` */
export const rmi: Command = defineCommand({
  usage: "[FLAGS] IMAGE [IMAGE...]",
  minOperands: 1,
  maxOperands: Number.POSITIVE_INFINITY,
  options: {
    force: { type: "boolean", short: "f", summary: "Remove images that stopped containers use" },
    "no-prune": { type: "boolean", summary: "Keep untagged parents" },
  },
  examples: ["fairlead rmi app:1.2"],
  async run(context) {
    const { docker, flags, io } = context;
    const options = { signal: io.signal, force: flags.force, noprune: flags["no-prune"] };
    // In turn: images share layers, and the engine refuses to remove one twice at a time.
    await forEachOperand(context, "in turn", async (name) => {
      const removed = await docker.images.remove(name, options);
      const lines = removed.map(({ Untagged, Deleted }) =>
        Untagged ? `Untagged: ${Untagged}` : `Deleted: ${Deleted}`,
      );
      return { text: lines.join("\n"), data: { name, removed } };
    });
  },
});
