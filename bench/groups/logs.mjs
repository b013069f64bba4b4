/** Logs from an engine in another process: throughput. */
import { once } from "node:events";
import { Writable } from "node:stream";
import Dockerode from "dockerode";
import { Docker } from "../../dist/index.js";
import { HttpCaller } from "../hand-written.mjs";
import { interleave, median, ratio, row, wallMs, withServer } from "../measure.mjs";

const rounds = 7;

export const rows = await withServer(async (socketPath) => {
  const http = new HttpCaller(socketPath);
  const docker = new Docker({ host: `unix://${socketPath}` });
  const dockerode = new Dockerode({ socketPath });

  const fairlead = async (id) => {
    let bytes = 0;
    for await (const { data } of docker.containers.logs(id)) {
      bytes += data.length;
    }
    return bytes;
  };
  const fairleadLines = async (id) => {
    let bytes = 0;
    for await (const { text } of docker.containers.logs(id).lines()) {
      bytes += text.length + 1;
    }
    return bytes;
  };
  const demuxStream = async (id) => {
    let bytes = 0;
    const count = () =>
      new Writable({
        write: (chunk, _, done) => {
          bytes += chunk.length;
          done();
        },
      });
    const stream = await dockerode.getContainer(id).logs({ follow: true, stdout: true, stderr: true });
    dockerode.modem.demuxStream(stream, count(), count());
    await once(stream, "end");
    return bytes;
  };
  const bareRead = async (id) => {
    let bytes = 0;
    const response = await http.open(`/v1.51/containers/${id}/logs?stdout=1&stderr=1`);
    response.on("data", (chunk) => {
      bytes += chunk.length;
    });
    await once(response, "end");
    return bytes;
  };
  /** Elapsed time is turned into mebibytes of output for each second. */
  const speeds = (candidates) =>
    interleave(candidates, rounds, async ([read, id]) => {
      let bytes = 0;
      const elapsed = await wallMs(async () => {
        bytes = await read(id);
      });
      return bytes / 1024 / 1024 / (elapsed / 1000);
    });

  const lines = await speeds({
    fairlead: [fairlead, "frames-of-100-64"],
    asLines: [fairleadLines, "frames-of-100-32"],
    demuxStream: [demuxStream, "frames-of-100-4"],
  });
  const blocks = await speeds({
    fairlead: [fairlead, "frames-of-16384-256"],
    bareRead: [bareRead, "frames-of-16384-256"],
  });
  http.close();
  await docker.close();
  return [
    row("log frames of 100 bytes, throughput, to docker-modem", ratio(lines.fairlead, lines.demuxStream), "x", {
      atLeast: 20,
    }),
    row("  Fairlead, frames", median(lines.fairlead), "MiB/s"),
    row("  Fairlead, as lines of text", median(lines.asLines), "MiB/s"),
    row("  docker-modem's demuxStream", median(lines.demuxStream), "MiB/s"),
    row("log frames of 16 KiB, throughput, to a bare node:http read", ratio(blocks.fairlead, blocks.bareRead), "x", {
      atLeast: 0.8,
    }),
    row("  Fairlead", median(blocks.fairlead), "MiB/s"),
    row("  node:http", median(blocks.bareRead), "MiB/s"),
  ];
});
