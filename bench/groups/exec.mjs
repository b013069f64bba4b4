/** A command run in a container of the engine at DOCKER_HOST, from its creation to its exit code. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { DockerClient } from "@docker/node-sdk";
import Dockerode from "dockerode";
import { Docker } from "../../dist/index.js";
import { HttpCaller } from "../hand-written.mjs";
import { interleave, ratio, row, scaled, wallMs } from "../measure.mjs";
import { withContainer } from "../real-container.mjs";

const rounds = scaled(15);
const name = "exec of echo in a real engine, elapsed, to";
const host = process.env.DOCKER_HOST;
const config = { Cmd: ["echo", "ok"], AttachStdout: true, AttachStderr: true };
const start = { Detach: false, Tty: false };

export const rows = toRows(host?.startsWith("unix://") ? await measure(host.slice("unix://".length)) : undefined);

function toRows(elapsed) {
  const compare = (other) => elapsed && ratio(elapsed.fairlead, elapsed[other]);
  return [
    row(`${name} hand-written node:http`, compare("http"), "x", { atMost: 1.15 }),
    row(`${name} dockerode`, compare("dockerode"), "x", { atMost: 1.15 }),
    row(`${name} @docker/node-sdk`, compare("sdk"), "x"),
  ];
}

async function measure(socketPath) {
  const docker = new Docker({ host });
  const dockerode = new Dockerode({ socketPath });
  const http = new HttpCaller(socketPath);
  const sdk = await DockerClient.fromDockerHost(`unix:${socketPath}`);
  const elapsed = await withContainer(docker, (id) =>
    interleave(
      {
        fairlead: async () => (await docker.containers.exec(id, ["echo", "ok"])).exitCode,
        dockerode: () => withDockerode(dockerode, id),
        sdk: () => withSdk(sdk, id),
        http: () => byHand(http, id),
      },
      rounds,
      (exec) => wallMs(() => repeat(exec)),
    ),
  );
  http.close();
  await sdk.close();
  await docker.close();
  return elapsed;
}

async function withDockerode(dockerode, id) {
  const exec = await dockerode.getContainer(id).exec(config);
  const stream = await exec.start({ hijack: true, stdin: false });
  dockerode.modem.demuxStream(stream, new PassThrough().resume(), new PassThrough().resume());
  await once(stream, "end");
  return exitCode(() => exec.inspect());
}

async function withSdk(sdk, id) {
  const { Id } = await sdk.containerExec(id, config);
  await sdk.execStart(Id, new PassThrough().resume(), new PassThrough().resume(), start);
  return exitCode(() => sdk.execInspect(Id));
}

async function byHand(http, id) {
  const { Id } = await http.json(`/containers/${id}/exec`, "POST", config);
  const socket = await http.upgrade(`/exec/${Id}/start`, start);
  await once(socket.resume(), "end");
  socket.destroy();
  return exitCode(() => http.json(`/exec/${Id}/json`));
}

/** The output may end before the engine knows of the end. */
async function exitCode(inspect) {
  for (;;) {
    const { Running, ExitCode } = await inspect();
    if (!Running) {
      return ExitCode;
    }
  }
}

async function repeat(exec) {
  for (let count = 0; count < 3; count += 1) {
    const code = await exec();
    if (code !== 0) {
      throw new Error(`The command ended with ${code}`);
    }
  }
}
