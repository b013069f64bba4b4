import { createHash } from "node:crypto";
import { type Applet, AppletError, attempt, pathOf, readOptions, readSize } from "./applet.ts";
import { forEachInput } from "./text.ts";

/** `md5sum`, `sha1sum`, `sha256sum` and `sha512sum` of files, or of what is piped in. */
export const checksum: Applet = (run) =>
  forEachInput(run, run.args, async (input, name) => {
    const hash = createHash(run.name.replace("sum", ""));
    for await (const bytes of input) {
      await run.session.pace.step();
      hash.update(bytes);
    }
    await run.stdout.write(`${hash.digest("hex")}  ${name}\n`);
  });

/** `base64 [-d] [-w COLUMNS] FILE` */
export const base64: Applet = (run) => {
  const options = readOptions(run.args, "dw:");
  const columns = Number(options.get("w") ?? 76);
  return forEachInput(run, options.names, async (input) => {
    const bytes = await input.readAll();
    const text = bytes.toString("base64");
    const lines = columns > 0 ? text.replace(new RegExp(`.{${columns}}(?=.)`, "g"), "$&\n") : text;
    await run.stdout.write(
      options.has("d") ? Buffer.from(bytes.toString(), "base64") : `${lines}${columns > 0 ? "\n" : ""}`,
    );
  });
};

/** `dd [if=FILE] [of=FILE] [bs=SIZE] [count=BLOCKS]` */
export const dd: Applet = async (run) => {
  const given = new Map(run.args.map((arg) => [arg.replace(/=.*/s, ""), arg.replace(/^[^=]*=/, "")] as const));
  for (const name of given.keys()) {
    if (!["if", "of", "bs", "count", "status", "conv", "oflag"].includes(name))
      throw new AppletError(`invalid argument '${name}'`);
  }
  const [from, to] = [given.get("if"), given.get("of")];
  const input =
    from === undefined ? run.stdin : attempt("can't open", from, () => run.session.open.read(pathOf(run, from)));
  const output =
    to === undefined ? run.stdout : attempt("can't open", to, () => run.session.open.write(pathOf(run, to), false));
  const blockBytes = readSize(given.get("bs") ?? "512");
  const limit = given.has("count") ? blockBytes * Number(given.get("count")) : Number.POSITIVE_INFINITY;
  let copied = 0;
  while (copied < limit) {
    const bytes = await input.read();
    if (bytes === undefined) break;
    const some = bytes.subarray(0, limit - copied);
    await output.write(some);
    copied += some.length;
  }
  if (given.get("status") !== "none") {
    const blocks = `${Math.floor(copied / blockBytes)}+${Number(copied % blockBytes > 0)}`;
    await run.stderr.write(`${blocks} records in\n${blocks} records out\n`);
  }
};
