// A day's work with dockerode as its documentation shows it: `node dockerode.mjs SOCKET IMAGE`. Fails if the engine answers
// otherwise than an engine does, and ends by itself.
import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";

const [socketPath, Image] = process.argv.slice(2);
const docker = new Docker({ socketPath });

assert.equal((await docker.ping()).toString(), "OK");
assert.match((await docker.version()).ApiVersion, /^1\.\d+$/);
assert.ok((await docker.listImages()).some(({ RepoTags }) => RepoTags?.includes(Image)));

const container = await docker.createContainer({
  Image,
  Cmd: ["sh", "-c", "echo one; sleep 1; echo two >&2; exit 3"],
  Labels: { client: "dockerode" },
});
try {
  await assert.rejects(docker.getContainer("no-such-container").inspect(), { statusCode: 404 });
  const attached = await container.attach({ stream: true, stdout: true, stderr: true });
  const waiting = container.wait({ condition: "next-exit" });
  await container.start();
  await assert.rejects(container.remove(), { statusCode: 409 });
  assert.deepEqual(await separate(attached), { stdout: "one\n", stderr: "two\n" });
  assert.equal((await waiting).StatusCode, 3);
  const log = await container.logs({ stdout: true, stderr: true, follow: true });
  assert.deepEqual(await separate(log), { stdout: "one\n", stderr: "two\n" });
  const { State, Config } = await container.inspect();
  assert.deepEqual([State.Status, State.ExitCode, Config.Labels.client], ["exited", 3, "dockerode"]);
} finally {
  await container.remove({ force: true });
}

const sleeper = await docker.createContainer({ Image, Cmd: ["sleep", "300"], StopSignal: "SIGKILL" });
try {
  await sleeper.start();
  assert.deepEqual(await exec(["sh", "-c", "cat; echo err >&2"], "hello"), { stdout: "hello", stderr: "err\n" });
  const [sample] = [await sleeper.stats({ stream: false })];
  assert.ok(sample.read);
  await sleeper.pause();
  assert.equal((await sleeper.inspect()).State.Paused, true);
  await sleeper.unpause();
  const { Processes, Titles } = await sleeper.top();
  assert.equal(Processes.length, 1);
  assert.ok(Titles.includes("CMD"));
  assert.ok((await docker.listContainers()).some(({ Id }) => Id === sleeper.id));
  await sleeper.stop();
  assert.equal((await sleeper.inspect()).State.Running, false);
} finally {
  await sleeper.remove({ force: true });
}

const output = new PassThrough();
const collected = text(output);
const [{ StatusCode }, ran] = await docker.run(Image, ["echo", "ran"], output, { Tty: true });
output.end();
assert.deepEqual([StatusCode, await collected], [0, "ran\r\n"]);
await ran.remove();

const volume = await docker.createVolume({ Labels: { client: "dockerode" } });
await docker.getVolume(volume.name).remove();
const network = await docker.createNetwork({ Name: `dockerode-${process.pid}` });
await network.remove();

/** Runs a command in the container with something to read, whose end it sees. */
async function exec(Cmd, input) {
  const made = await sleeper.exec({ Cmd, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await made.start({ hijack: true, stdin: true });
  stream.end(input);
  const written = await separate(stream);
  assert.equal((await made.inspect()).ExitCode, 0);
  return written;
}

/** What came on either of the two streams, when all is over. */
async function separate(stream) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, stdout, stderr);
  const texts = Promise.all([text(stdout), text(stderr)]);
  await once(stream, "end");
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { stdout: out, stderr: err };
}
