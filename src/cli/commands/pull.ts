import { type Command, defineCommand } from "../command.ts";
import { toJson } from "../json.ts";
import { printChanges, printEvents, showBars } from "../pull-progress.ts";

/** `fairlead pull` */
export const pull: Command = defineCommand({
  usage: "[FLAGS] NAME[:TAG|@DIGEST]",
  minOperands: 1,
  maxOperands: 1,
  options: {
    platform: { type: "string", placeholder: "OS/ARCH", summary: "The platform to pull, e.g. linux/arm64" },
    quiet: { type: "boolean", short: "q", summary: "Print only the image's name, when it is pulled" },
  },
  examples: ["fairlead pull alpine:3", "fairlead pull --platform linux/arm64 alpine:3"],
  async run({ docker, flags, io, json, operands: [image = ""] }) {
    const call = docker.images.pull(image, { platform: flags.platform, signal: io.signal });
    if (flags.quiet) {
      const result = await call;
      await io.stdout.write(`${json ? toJson(result) : result.image}\n`);
    } else {
      const print = json ? printEvents : io.isTTY ? showBars : printChanges;
      await print(call, io);
    }
  },
});
