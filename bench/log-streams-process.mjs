// Follows many log streams at once with one client, in a process of its own, and tells how long it took to the first
// line of all and to the last, and how far the resident memory rose over its start.
import { get } from "node:http";
import { Writable } from "node:stream";

const [name, socketPath, streams, lines] = process.argv.slice(2);
const id = "lines";

const clients = {
  async fairlead() {
    const { Docker } = await import("../dist/index.js");
    const docker = new Docker({ host: `unix://${socketPath}` });
    await docker.system.version();
    return async (onLines) => {
      for await (const _ of docker.containers.logs(id, { follow: true }).lines()) {
        onLines(1);
      }
    };
  },
  async dockerode() {
    const { default: Dockerode } = await import("dockerode");
    const docker = new Dockerode({ socketPath });
    await docker.version();
    return async (onLines) => {
      const stream = await docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true });
      docker.modem.demuxStream(stream, countLines(onLines), countLines(onLines));
      await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject));
    };
  },
  async sdk() {
    const { DockerClient } = await import("@docker/node-sdk");
    const docker = await DockerClient.fromDockerHost(`unix:${socketPath}`);
    await docker.systemVersion();
    const options = { follow: true, stdout: true, stderr: true };
    return (onLines) => docker.containerLogs(id, countLines(onLines), countLines(onLines), options);
  },
};

/** Looks for line ends: less than Fairlead's `lines()` does. */
function countLines(onLines) {
  return new Writable({
    write: (chunk, _, done) => {
      onLines(chunk.toString().split("\n").length - 1);
      done();
    },
  });
}

const follow = await clients[name]();
const startRss = process.memoryUsage.rss();
const start = performance.now();
let peakRss = startRss;
let begun = 0;
let seen = 0;
let firstMs = 0;
await Promise.all(
  Array.from({ length: Number(streams) }, () => {
    let first = true;
    return follow((count) => {
      if (first) {
        first = false;
        begun += 1;
        if (begun === Number(streams)) {
          firstMs = performance.now() - start;
          get({ socketPath, path: `/release/${Number(lines) - 1}` });
        }
      }
      if (Math.floor((seen + count) / 500) > Math.floor(seen / 500)) {
        peakRss = Math.max(peakRss, process.memoryUsage.rss());
      }
      seen += count;
    });
  }),
);
const allMs = performance.now() - start;
if (begun !== Number(streams) || seen !== streams * lines) {
  throw new Error(`${seen} lines came in ${begun} streams`);
}
process.send?.({ firstMs, allMs, rssMiB: (peakRss - startRss) / 1024 / 1024 }, () => process.exit());
