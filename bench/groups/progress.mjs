/** Progress events from an engine in another process: processor time, and memory over a million of them. */
import { Docker } from "../../dist/index.js";
import { HttpCaller } from "../hand-written.mjs";
import { cpuMs, interleave, ratio, row, withServer } from "../measure.mjs";

const rounds = 41;
const events = 50_000;
const mebibyte = 1024 * 1024;

export const rows = await withServer(async (socketPath) => {
  const http = new HttpCaller(socketPath);
  const docker = new Docker({ host: `unix://${socketPath}` });
  const cpu = await interleave(
    {
      fairlead: () => count(docker.images.pull(`bench/${events}`)),
      handWritten: () => count(splitAndParse(http, `/v1.51/images/create?fromImage=bench/${events}`)),
      onEvent: () => onEvent(http, `/v1.51/images/create?fromImage=bench/${events}`),
    },
    rounds,
    (read) =>
      cpuMs(async () => {
        const seen = await read();
        if (seen !== events) {
          throw new Error(`${seen} events came instead of ${events}`);
        }
      }),
  );
  const pull = await heapGrowth((million) => docker.images.pull(`bench/${million}`));
  const follow = await heapGrowth((million) => docker.system.events({ until: million }));
  http.close();
  await docker.close();
  const name = "progress events, CPU, to split by newline and JSON.parse";
  return [
    row(`${name}, in a data listener`, ratio(cpu.fairlead, cpu.onEvent), "x", { atMost: 1.3 }),
    row(`${name}, iterated`, ratio(cpu.fairlead, cpu.handWritten), "x"),
    row("a million progress events, heap growth after the first 100,000", pull, "MiB", { atMost: 2 }),
    row("a million engine events, heap growth after the first 100,000", follow, "MiB", { atMost: 2 }),
  ];
});

/** The simplest program that iterates events, wrong only where lines are cut between chunks inside a character. */
async function* splitAndParse(http, path) {
  let rest = "";
  for await (const chunk of await http.open(path)) {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      yield JSON.parse(line);
    }
  }
}

/** The least there is: no iteration, no backpressure. */
function onEvent(http, path) {
  return new Promise((resolve, reject) => {
    let rest = "";
    let seen = 0;
    http.open(path).then((response) => {
      response.on("data", (chunk) => {
        const lines = (rest + chunk.toString()).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          JSON.parse(line);
          seen += 1;
        }
      });
      response.on("end", () => resolve(seen));
    }, reject);
  });
}

async function count(iterable) {
  let seen = 0;
  for await (const _ of iterable) {
    seen += 1;
  }
  return seen;
}

async function heapGrowth(open) {
  let seen = 0;
  let start = 0;
  for await (const _ of open(1_000_000)) {
    seen += 1;
    if (seen === 100_000) {
      start = usedHeap();
    }
    if (seen === 1_000_000) {
      return (usedHeap() - start) / mebibyte;
    }
  }
  throw new Error(`The stream ended after ${seen} events`);
}

/** Collects twice, since the first collection may only end one that had begun and left what came after. */
function usedHeap() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
