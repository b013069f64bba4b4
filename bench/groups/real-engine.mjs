/** A small request to the engine at DOCKER_HOST: elapsed time. */
import Dockerode from "dockerode";
import { Docker } from "../../dist/index.js";
import { HttpCaller, SocketCaller } from "../hand-written.mjs";
import { interleave, ratio, row, wallMs } from "../measure.mjs";

const rounds = 21;
const requests = 30;
const name = "to a real engine, elapsed, to";
const host = process.env.DOCKER_HOST;

export const rows = host?.startsWith("unix://") ? await measure(host.slice("unix://".length)) : skipped();

async function measure(socketPath) {
  const http = new HttpCaller(socketPath);
  const socket = new SocketCaller(socketPath);
  const docker = new Docker({ host });
  const dockerode = new Dockerode({ socketPath });
  const version = await elapsed({
    fairlead: () => docker.system.version(),
    socket: () => socket.json("/version"),
    http: () => http.json("/version"),
    dockerode: () => dockerode.version(),
  });
  const ping = await elapsed({
    fairlead: () => docker.system.ping(),
    socket: () => socket.head("/_ping"),
    http: () => http.head("/_ping"),
    dockerode: () => dockerode.ping(),
  });
  http.close();
  socket.close();
  await docker.close();
  return [
    row(`version() ${name} a bare socket`, ratio(version.fairlead, version.socket), "x", { atMost: 1.15 }),
    row(`version() ${name} hand-written node:http`, ratio(version.fairlead, version.http), "x"),
    row(`version() ${name} dockerode`, ratio(version.fairlead, version.dockerode), "x"),
    row(`ping() ${name} a bare socket`, ratio(ping.fairlead, ping.socket), "x"),
    row(`ping() ${name} hand-written node:http`, ratio(ping.fairlead, ping.http), "x"),
    row(`ping() ${name} dockerode`, ratio(ping.fairlead, ping.dockerode), "x"),
  ];
}

function elapsed(candidates) {
  return interleave(candidates, rounds, (call) => wallMs(() => repeat(call)));
}

function skipped() {
  return [row(`version() ${name} a bare socket`, undefined, "x", { atMost: 1.15 })];
}

async function repeat(call) {
  for (let count = 0; count < requests; count += 1) {
    await call();
  }
}
