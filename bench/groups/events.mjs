/**
 * 100,000 engine events from an engine in another process: processor time. @docker/node-sdk cannot take part: it sends
 * its options as `params=[object Object]`, so the events never end.
 */
import Dockerode from "dockerode";
import { Docker } from "../../dist/index.js";
import { cpuMs, interleave, ratio, row, scaled, withServer } from "../measure.mjs";

const rounds = 5;
const events = scaled(100) * 1000;

export const rows = await withServer(async (socketPath) => {
  const docker = new Docker({ host: `unix://${socketPath}` });
  const dockerode = new Dockerode({ socketPath });
  const cpu = await interleave(
    {
      fairlead: () => count(docker.system.events({ until: events })),
      dockerode: async () => parse(await dockerode.getEvents({ until: events })),
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
  const name = `${events} engine events, CPU, to`;
  return [
    row(`${name} dockerode, split by newline and JSON.parse`, ratio(cpu.fairlead, cpu.dockerode), "x", { atMost: 1.3 }),
  ];
});

async function count(iterable) {
  let seen = 0;
  for await (const _ of iterable) {
    seen += 1;
  }
  return seen;
}

/** dockerode gives the bytes; what follows is what its users write. */
function parse(stream) {
  return new Promise((resolve, reject) => {
    let rest = "";
    let seen = 0;
    stream.on("data", (chunk) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        JSON.parse(line);
        seen += 1;
      }
    });
    stream.on("end", () => resolve(seen));
    stream.on("error", reject);
  });
}
