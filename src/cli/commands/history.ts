import { type Command, defineCommand } from "../command.ts";
import { formatAge, formatSize, shortId } from "../format.ts";
import { toPrettyJson } from "../json.ts";
import { formatTable } from "../table.ts";
import { fitText } from "../text-width.ts";

/** `fairlead history` */
export const history: Command = defineCommand({
  usage: "[FLAGS] IMAGE",
  minOperands: 1,
  maxOperands: 1,
  options: { "no-trunc": { type: "boolean", summary: "Do not shorten ids and commands" } },
  examples: ["fairlead history alpine:3"],
  async run({ docker, flags, io, json, operands: [image = ""] }) {
    const layers = await docker.images.history(image, { signal: io.signal });
    const rows = layers.map(({ Id, Created, CreatedBy, Size, Comment }) => [
      flags["no-trunc"] ? Id : shortId(Id),
      formatAge(Created, Date.now() / 1000),
      flags["no-trunc"] ? CreatedBy : fitText(CreatedBy, 45),
      formatSize(Size),
      Comment,
    ]);
    const text = formatTable(["IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"], rows);
    await io.stdout.write(json ? `${toPrettyJson(layers)}\n` : text);
  },
});
