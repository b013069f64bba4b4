/** The ways to get a tar of a path in a container, and to unpack one there. `down` gives how many bytes came. */
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { request } from "node:http";
import { promisify } from "node:util";
import { DockerClient } from "@docker/node-sdk";
import Dockerode from "dockerode";

const run = promisify(execFile);

/** With Fairlead. */
export function withFairlead(docker, id) {
  return {
    down: async (path) => count(await docker.containers.getArchive(id, { path })),
    up: (file, path) => docker.containers.putArchive(id, createReadStream(file), { path }),
  };
}

/** With dockerode. */
export function withDockerode(socketPath, id) {
  const container = new Dockerode({ socketPath }).getContainer(id);
  return {
    down: async (path) => count(await container.getArchive({ path })),
    up: async (file, path) => {
      const answer = await container.putArchive(createReadStream(file), { path });
      await count(answer);
    },
  };
}

/** With @docker/node-sdk, which can only get: it sends a stream as `JSON.stringify` makes it (its lib/http.ts, `put`). */
export async function withSdk(socketPath, id) {
  const sdk = await DockerClient.fromDockerHost(`unix:${socketPath}`);
  return {
    down: async (path) => {
      let bytes = 0;
      const write = (chunk) => {
        bytes += chunk.length;
      };
      await sdk.containerArchive(id, path, new WritableStream({ write }));
      return bytes;
    },
    close: () => sdk.close(),
  };
}

/** With `node:http` alone. */
export function withHttp(socketPath, id) {
  const send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const url = `/containers/${id}/archive?path=${encodeURIComponent(path)}`;
      const message = request({ socketPath, method, path: url }, resolve).on("error", reject);
      body === undefined ? message.end() : body.on("error", reject).pipe(message);
    });
  return {
    down: async (path) => count(await send("GET", path)),
    up: async (file, path) => {
      const answer = await send("PUT", path, createReadStream(file));
      await count(answer);
    },
  };
}

/** With curl, a process for every request. */
export function withCurl(socketPath, id) {
  const curl = async (path, ...options) => {
    const url = `http://localhost/containers/${id}/archive?path=${encodeURIComponent(path)}`;
    const answer = await run("curl", ["--silent", "--fail", "--unix-socket", socketPath, ...options, url]);
    return Number(answer.stdout);
  };
  return {
    down: (path) => curl(path, "--output", "/dev/null", "--write-out", "%{size_download}"),
    // As the others send it: in chunks, without asking first.
    up: (file, path) => curl(path, "--upload-file", file, "-H", "Transfer-Encoding: chunked", "-H", "Expect:"),
  };
}

async function count(chunks) {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
  }
  return bytes;
}
