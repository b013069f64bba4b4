/** Many log streams followed at once: elapsed time and memory. Each candidate has a process of its own. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { interleave, median, ratio, row, scaled, withServer } from "../measure.mjs";

const rounds = 7;
const streams = scaled(500);
const lines = 200;
const program = fileURLToPath(new URL("../log-streams-process.mjs", import.meta.url));

const samples = await withServer((socketPath) =>
  interleave({ fairlead: "fairlead", dockerode: "dockerode", sdk: "sdk" }, rounds, (name) => follow(name, socketPath)),
);
const of = (name, figure) => samples[name].map((sample) => sample[figure]);
const compare = (figure, other) => ratio(of("fairlead", figure), of(other, figure));
const what = `${streams} log streams of ${lines} lines at once`;

export const rows = [
  row(`${what}, first line of all, to dockerode`, compare("firstMs", "dockerode"), "x", { atMost: 1.3 }),
  row(`${what}, elapsed, to dockerode`, compare("allMs", "dockerode"), "x", { atMost: 0.6 }),
  row(`${what}, first line of all, to @docker/node-sdk`, compare("firstMs", "sdk"), "x", { atMost: 0.7 }),
  row(`${what}, elapsed, to @docker/node-sdk`, compare("allMs", "sdk"), "x", { atMost: 0.6 }),
  row(`${what}, RSS over the start`, median(of("fairlead", "rssMiB")), "MiB", { atMost: 64 }),
  row("  dockerode", median(of("dockerode", "rssMiB")), "MiB"),
  row("  @docker/node-sdk", median(of("sdk", "rssMiB")), "MiB"),
];

function follow(name, socketPath) {
  return new Promise((resolve, reject) => {
    const child = fork(program, [name, socketPath, String(streams), String(lines)]);
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code} and no figures`)));
  });
}
