import { type Command, defineCommand } from "../command.ts";
import { toJson } from "../json.ts";
import { printChanges, printEvents, showBars } from "../pull-progress.ts";
import { UsageError } from "../usage-error.ts";

/** `fairlead push` */
export const push: Command = defineCommand({
  usage: "[FLAGS] NAME[:TAG]",
  minOperands: 1,
  maxOperands: 1,
  options: {
    platform: { type: "string", placeholder: "OS/ARCH", summary: "Push the image of that platform alone" },
    quiet: { type: "boolean", short: "q", summary: "Print only the image's name, when it is pushed" },
  },
  examples: ["fairlead push registry.example:5000/team/app:1"],
  async run({ docker, flags, io, json, operands: [image = ""] }) {
    const platform = flags.platform === undefined ? undefined : platformOf(flags.platform);
    const call = docker.images.push(image, { platform, signal: io.signal });
    if (flags.quiet) {
      const result = await call;
      await io.stdout.write(`${json ? toJson(result) : result.image}\n`);
    } else {
      const print = json ? printEvents : io.isTTY ? showBars : printChanges;
      await print(call, io);
    }
  },
});

function platformOf(text: string): { os: string; architecture: string; variant?: string } {
  const [os, architecture, variant, ...more] = text.split("/");
  if (!os || !architecture || more.length > 0) {
    throw new UsageError(`--platform takes OS/ARCH or OS/ARCH/VARIANT, not "${text}"`);
  }
  return { os, architecture, ...(variant && { variant }) };
}
