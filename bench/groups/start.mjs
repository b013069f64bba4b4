/** Loading the library, and starting the command: elapsed time beside that of an empty program. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { interleave, median, ratio, row, wallMs } from "../measure.mjs";

const rounds = 31;
const program = (name) => [fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url))];

const elapsed = await interleave(
  {
    empty: program("empty"),
    fairlead: program("import-fairlead"),
    dockerode: program("import-dockerode"),
    sdk: program("import-node-sdk"),
    command: [fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)), "--version"],
  },
  rounds,
  (args) => wallMs(() => run(args)),
);

export const rows = [
  row('import "fairlead", over an empty program', difference("fairlead"), "ms", { atMost: 15 }),
  row('  import "dockerode"', difference("dockerode"), "ms"),
  row('  import "@docker/node-sdk"', difference("sdk"), "ms"),
  row("the command's start, to an empty program", ratio(elapsed.command, elapsed.empty), "x", { atMost: 1.6 }),
];

function difference(name) {
  return median(elapsed[name].map((value, round) => value - elapsed.empty[round]));
}

function run(args) {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  }
}
