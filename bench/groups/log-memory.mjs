/** A gibibyte of logs, read at full speed and slowly: how far the resident memory rises over its start. */
import { setTimeout } from "node:timers/promises";
import { Docker } from "../../dist/index.js";
import { row, withServer } from "../measure.mjs";

const mebibyte = 1024 * 1024;
const atMost = 64;

export const rows = await withServer(async (socketPath) => {
  const docker = new Docker({ host: `unix://${socketPath}` });
  await docker.system.version();
  const slowReader = await peakRise(docker, "frames-of-16384-1024", (mebibytes) =>
    mebibytes === 1 ? setTimeout(1000) : setTimeout(1),
  );
  const lines = await peakRise(docker, "frames-of-100-1024", () => undefined);
  const blocks = await peakRise(docker, "frames-of-16384-1024", () => undefined);
  await docker.close();
  return [
    row("1 GiB of log frames of 16 KiB to a slow reader, RSS over the start", slowReader, "MiB", { atMost }),
    row("1 GiB of log frames of 100 bytes, RSS over the start", lines, "MiB", { atMost }),
    row("1 GiB of log frames of 16 KiB, RSS over the start", blocks, "MiB", { atMost }),
  ];
});

/** `pause` is awaited after every mebibyte. */
async function peakRise(docker, id, pause) {
  const start = process.memoryUsage.rss();
  let peak = start;
  let bytes = 0;
  let mebibytes = 0;
  for await (const { data } of docker.containers.logs(id)) {
    bytes += data.length;
    if (bytes >= (mebibytes + 1) * mebibyte) {
      mebibytes += 1;
      peak = Math.max(peak, process.memoryUsage.rss());
      await pause(mebibytes);
    }
  }
  return (peak - start) / mebibyte;
}
