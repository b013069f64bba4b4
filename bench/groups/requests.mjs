/** A small request to an engine in another process: processor time. */
import { DockerClient } from "@docker/node-sdk";
import Dockerode from "dockerode";
import { Docker } from "../../dist/index.js";
import { HttpCaller, SocketCaller } from "../hand-written.mjs";
import { cpuMs, interleave, ratio, row, withServer } from "../measure.mjs";

const rounds = 21;
const requests = 300;

export const rows = await withServer(async (socketPath) => {
  const http = new HttpCaller(socketPath);
  const socket = new SocketCaller(socketPath);
  const docker = new Docker({ host: `unix://${socketPath}` });
  const dockerode = new Dockerode({ socketPath });
  const sdk = await DockerClient.fromDockerHost(`unix:${socketPath}`);
  const candidates = {
    fairlead: () => docker.system.version(),
    http: () => http.json("/v1.51/version"),
    socket: () => socket.json("/v1.51/version"),
    dockerode: () => dockerode.version(),
    sdk: () => sdk.systemVersion(),
  };
  const cpu = await interleave(candidates, rounds, (call) => cpuMs(() => repeat(call, requests)));
  http.close();
  socket.close();
  await Promise.all([docker.close(), sdk.close()]);
  return [
    row("small request, CPU, to hand-written node:http", ratio(cpu.fairlead, cpu.http), "x", { atMost: 1.15 }),
    row("small request, CPU, to dockerode", ratio(cpu.fairlead, cpu.dockerode), "x", { atMost: 0.95 }),
    row("small request, CPU, to @docker/node-sdk", ratio(cpu.fairlead, cpu.sdk), "x", { atMost: 0.5 }),
    row("small request, CPU, to a bare socket", ratio(cpu.fairlead, cpu.socket), "x"),
  ];
});

async function repeat(call, times) {
  for (let count = 0; count < times; count += 1) {
    await call();
  }
}
