import { type Command, defineCommand } from "../command.ts";

/** `fairlead tag` */
export const tag: Command = defineCommand({
  usage: "IMAGE NAME[:TAG]",
  minOperands: 2,
  maxOperands: 2,
  options: {},
  examples: ["fairlead tag app:latest registry.example:5000/app:1.2"],
  async run({ docker, io, operands: [image = "", name = ""] }) {
    const [, repo = name, tagName] = /^(.+?)(?::([^/:]+))?$/.exec(name) ?? [];
    await docker.images.tag(image, { repo, tag: tagName, signal: io.signal });
  },
});
