/**
 * 100,000 engine events from an engine in another process: processor time. @docker/node-sdk cannot take part: it sends
 * its options as `params=[object Object]`, so the events never end.
 */
import Dockerode from "dockerode";
import { Docker } from "../../dist/index.js";
import { cpuMs, interleave, ratio, row, scaled, withServer } from "../measure.mjs";

const rounds = 21;
const events = scaled(100) * 1000;

export const rows = await withServer(async (socketPath) => {
  const docker = new Docker({ host: `unix://${socketPath}` });
  const dockerode = new Dockerode({ socketPath });
  const cpu = await interleave(
    {
      fairlead: () => count(docker.system.events({ until: events })),
      rounded: async () => parse(await dockerode.getEvents({ until: events }), JSON.parse),
      exact: async () => parse(await dockerode.getEvents({ until: events }), parseExactly),
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
  await docker.close();
  const name = `${events} engine events, CPU, to dockerode`;
  return [
    row(`${name} and JSON.parse, timeNano exact`, ratio(cpu.fairlead, cpu.exact), "x", { atMost: 1.3 }),
    row(`${name} and JSON.parse, timeNano rounded`, ratio(cpu.fairlead, cpu.rounded), "x"),
  ];
});

async function count(iterable) {
  let seen = 0;
  for await (const _ of iterable) {
    seen += 1;
  }
  return seen;
}

/** JSON.parse rounds `timeNano`, which has more digits than a number. */
function parseExactly(line) {
  const event = JSON.parse(line);
  const digits = /"timeNano":(\d+)/.exec(line)?.[1];
  if (digits !== undefined) {
    event.timeNano = BigInt(digits);
  }
  return event;
}

/** dockerode gives the bytes; what follows is what its users write. */
function parse(stream, parseLine) {
  return new Promise((resolve, reject) => {
    let rest = "";
    let seen = 0;
    stream.on("data", (chunk) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        parseLine(line);
        seen += 1;
      }
    });
    stream.on("end", () => resolve(seen));
    stream.on("error", reject);
  });
}
