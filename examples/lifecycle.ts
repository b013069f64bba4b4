/**
 * A container's whole life, step by step: list, create, start, logs, wait, stop, remove.
 *
 * Run it with: npx tsx examples/lifecycle.ts [IMAGE]    (default: busybox)
 */
import { Docker } from "fairlead";

const image = process.argv[2] ?? "busybox";

await using docker = new Docker();

const { Version, ApiVersion } = await docker.system.version();
console.log(`engine   version ${Version}, API ${ApiVersion}`);

const before = await docker.containers.list({ all: true });
console.log(`list     ${before.length} containers`);

const { Id } = await docker.containers.create({
  Image: image,
  Cmd: ["sh", "-c", 'echo "hello from $HOSTNAME"; sleep 1; exit 3'],
});
console.log(`create   ${Id.slice(0, 12)}`);

try {
  const waiting = docker.containers.wait(Id, { condition: "next-exit" });

  const first = await docker.containers.start(Id).outcome();
  const second = await docker.containers.start(Id).outcome();
  console.log(`start    ${first.kind}, and once more: ${second.kind}`);

  for await (const { stream, text } of docker.containers.logs(Id, { follow: true }).lines()) {
    console.log(`logs     ${stream}: ${text}`);
  }

  const { StatusCode } = await waiting;
  console.log(`wait     exit code ${StatusCode}`);

  const stopped = await docker.containers.stop(Id).outcome();
  console.log(`stop     ${stopped.kind}`);
} finally {
  const removed = await docker.containers.remove(Id, { force: true }).outcome();
  console.log(`remove   ${removed.kind}`);
}

const after = await docker.containers.inspect(Id).outcome();
console.log(`inspect  ${after.kind}`);
