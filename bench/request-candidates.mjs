/** The ways to send a small request; each is loaded only where it is measured. */
import { HttpCaller, SocketCaller } from "./hand-written.mjs";

const candidates = {
  async fairlead(socketPath) {
    const { Docker } = await import("../dist/index.js");
    const docker = new Docker({ host: `unix://${socketPath}` });
    return () => docker.system.version();
  },
  async http(socketPath) {
    const http = new HttpCaller(socketPath);
    return () => http.json("/v1.51/version");
  },
  async socket(socketPath) {
    const socket = new SocketCaller(socketPath);
    return () => socket.json("/v1.51/version");
  },
  async dockerode(socketPath) {
    const { default: Dockerode } = await import("dockerode");
    const docker = new Dockerode({ socketPath });
    return () => docker.version();
  },
  async sdk(socketPath) {
    const { DockerClient } = await import("@docker/node-sdk");
    const docker = await DockerClient.fromDockerHost(`unix:${socketPath}`);
    return () => docker.systemVersion();
  },
};

/** The names of all candidates. */
export const names = Object.keys(candidates);

/** Gives the function that sends one request in the named way. */
export function openCandidate(name, socketPath) {
  return candidates[name](socketPath);
}
