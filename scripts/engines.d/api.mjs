// What scripts/engines asks of an engine, with nothing but Node: `node api.mjs COMMAND HOST [REF [TAR]]`.
import { createReadStream } from "node:fs";
import { request } from "node:http";
import { text } from "node:stream/consumers";

const [command, host, ref, tar] = process.argv.slice(2);
const commands = {
  ping,
  "has-image": hasImage,
  "import-image": importImage,
  "pull-image": pullImage,
  "remove-image": removeImage,
};

try {
  await commands[command]();
} catch (error) {
  if (command !== "ping" && command !== "has-image") process.stderr.write(`engines: ${host}: ${error.message}\n`);
  process.exitCode = 1;
}

async function ping() {
  await call("GET", "/_ping", 2000);
}

async function hasImage() {
  await call("GET", `/images/${ref}/json`, 10_000);
}

/** REF goes whole into `repo`: Podman 4.3 ignores `tag` here. */
async function importImage() {
  const changes = encodeURIComponent('CMD ["/bin/sh"]');
  const path = `/images/create?fromSrc=-&repo=${encodeURIComponent(ref)}&changes=${changes}`;
  await call("POST", path, 60_000, createReadStream(tar));
}

async function pullImage() {
  await call("POST", "/images/create?fromImage=docker.io/library/busybox&tag=latest", 120_000);
  const [repo, tag] = ref.split(":");
  await call(
    "POST",
    `/images/docker.io/library/busybox:latest/tag?repo=${encodeURIComponent(repo)}&tag=${tag}`,
    10_000,
  );
}

async function removeImage() {
  await call("DELETE", `/images/${ref}`, 30_000);
}

async function call(method, path, timeout, body) {
  const response = await send({ ...endpoint(), method, path, timeout, agent: false }, body);
  const answer = await text(response);
  // Podman 4.3 and a pull report failures inside a successful answer.
  if (response.statusCode >= 400 || answer.includes('"errorDetail"')) {
    throw new Error(`${method} ${path}: ${response.statusCode} ${answer.trim()}`);
  }
}

function send(options, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, headers: body ? { "Content-Type": "application/x-tar" } : {} }, resolve);
    outgoing.on("error", reject);
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    if (body) body.on("error", reject).pipe(outgoing);
    else outgoing.end();
  });
}

function endpoint() {
  const { protocol, hostname, port, pathname } = new URL(host);
  if (protocol === "unix:") return { socketPath: decodeURIComponent(pathname) };
  if (protocol === "tcp:" || protocol === "http:") return { hostname, port };
  throw new Error("only unix:// and tcp:// (without TLS) can be used here");
}
