/**
 * A gibibyte as a tar out of a container of the engine at DOCKER_HOST and into it: throughput, and how far the resident
 * memory rises.
 */
import { Docker } from "../../dist/index.js";
import { interleave, median, ratio, row, scaled, wallMs } from "../measure.mjs";
import { withContainer } from "../real-container.mjs";
import { withCurl, withDockerode, withFairlead, withHttp, withSdk } from "../tar-candidates.mjs";
import { withTarFile } from "../tar-file.mjs";

const rounds = 9;
const mebibyte = 1024 * 1024;
const mebibytes = scaled(1024);
const bytes = mebibytes * mebibyte;
const host = process.env.DOCKER_HOST;
/** In memory, so that no disk is measured; it has room for the file that is sent, the other is sparse. */
const volume = {
  Type: "volume",
  Target: "/data",
  VolumeOptions: {
    DriverConfig: { Name: "local", Options: { type: "tmpfs", device: "tmpfs", o: `size=${mebibytes + 64}m` } },
  },
};

export const rows = host?.startsWith("unix://") ? await measure(host.slice("unix://".length)) : toRows();

function toRows({ down, up } = {}) {
  const [out, into] = ["out of", "into"].map((direction) => `${mebibytes} MiB of tar ${direction} a container`);
  const sdk = down && ratio(down.ms.sdk, down.ms.fairlead);
  return [
    ...toRowsOf(out, down),
    row(`${out}, throughput, to @docker/node-sdk`, sdk, "x", { atLeast: 1 }),
    ...toRowsOf(into, up),
  ];
}

function toRowsOf(what, figures) {
  const compare = (other) => figures && ratio(figures.ms[other], figures.ms.fairlead);
  const speed = (name) => figures && mebibytes / (median(figures.ms[name]) / 1000);
  return [
    row(`${what}, throughput, to curl`, compare("curl"), "x", { atLeast: 0.6 }),
    row(`${what}, throughput, to hand-written node:http`, compare("http"), "x", { atLeast: 0.9 }),
    row(`${what}, throughput, to dockerode`, compare("dockerode"), "x", { atLeast: 0.9 }),
    row("  Fairlead", speed("fairlead"), "MiB/s"),
    row("  curl", speed("curl"), "MiB/s"),
    row(`${what}, RSS over the start`, figures?.riseMiB, "MiB", { atMost: 64 }),
  ];
}

async function measure(socketPath) {
  const docker = new Docker({ host });
  try {
    return await withContainer(
      docker,
      async (id) => {
        await docker.containers.exec(id, ["truncate", "-s", String(bytes), "/data/down"]);
        return toRows(await withTarFile("up", bytes, (file) => transfer({ docker, socketPath, id, file })));
      },
      { Mounts: [volume] },
    );
  } finally {
    await docker.close();
  }
}

async function transfer({ docker, socketPath, id, file }) {
  const fairlead = withFairlead(docker, id);
  const sdk = await withSdk(socketPath, id);
  const candidates = {
    fairlead,
    curl: withCurl(socketPath, id),
    http: withHttp(socketPath, id),
    dockerode: withDockerode(socketPath, id),
  };
  const down = async (client) => {
    const received = await client.down("/data/down");
    // Before and behind the file there are its header and the end of the tar.
    if (received < bytes || received > bytes + 16 * 1024) {
      throw new Error(`${received} bytes came instead of ${bytes}`);
    }
  };
  const up = (client) => client.up(file, "/data");
  // The memory first: nobody else's garbage is there yet.
  const rises = { down: await rise(() => down(fairlead)), up: await rise(() => up(fairlead)) };
  await expectUpload(docker, id);
  const elapsed = (clients, send) => interleave(clients, rounds, (client) => wallMs(() => send(client)));
  const figures = {
    down: { ms: await elapsed({ ...candidates, sdk }, down), riseMiB: rises.down },
    up: { ms: await elapsed(candidates, up), riseMiB: rises.up },
  };
  await sdk.close();
  return figures;
}

/** The highest resident size during `work` over that before it, in MiB, after it was done once to warm up. */
async function rise(work) {
  await work();
  const start = process.memoryUsage.rss();
  let peak = start;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  await work();
  clearInterval(timer);
  return (peak - start) / mebibyte;
}

async function expectUpload(docker, id) {
  const { size } = await docker.containers.statPath(id, { path: "/data/up" });
  if (size !== bytes) {
    throw new Error(`${size} bytes were unpacked instead of ${bytes}`);
  }
}
