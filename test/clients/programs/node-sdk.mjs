// A day's work with @docker/node-sdk: `node node-sdk.mjs SOCKET IMAGE`. Fails if the engine answers otherwise than an engine
// does, and ends by itself.
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { DockerClient } from "@docker/node-sdk";

const [socket, Image] = process.argv.slice(2);
const docker = await DockerClient.fromDockerHost(`unix:${socket}`);

assert.match(await docker.systemPing(), /^1\.\d+$/);
assert.equal((await docker.systemInfo()).OSType, "linux");
assert.ok((await docker.imageList()).some(({ RepoTags }) => RepoTags?.includes(Image)));
assert.deepEqual((await docker.imageInspect(Image)).RepoTags.includes(Image), true);

const { Id } = await docker.containerCreate({
  Image,
  Cmd: ["sh", "-c", "echo one; echo two >&2; sleep 300"],
  StopSignal: "SIGKILL",
  Labels: { client: "node-sdk" },
});
try {
  await assert.rejects(docker.containerInspect("no-such-container"));
  await docker.containerStart(Id);
  assert.equal((await docker.containerInspect(Id)).State.Running, true);
  const { Id: exec } = await docker.containerExec(Id, {
    Cmd: ["sh", "-c", "echo out; echo err >&2; exit 4"],
    AttachStdout: true,
    AttachStderr: true,
  });
  const written = await collect((stdout, stderr) => docker.execStart(exec, stdout, stderr));
  assert.deepEqual(written, { stdout: "out\n", stderr: "err\n" });
  assert.equal((await docker.execInspect(exec)).ExitCode, 4);
  assert.equal((await docker.containerTop(Id)).Processes.length > 0, true);
  assert.deepEqual(
    (await docker.containerList()).filter((each) => each.Id === Id).map(({ State }) => State),
    ["running"],
  );
  await docker.containerPause(Id);
  await docker.containerUnpause(Id);
  await docker.containerRename(Id, `renamed-${process.pid}`);
  assert.equal((await docker.containerInspect(Id)).Name, `/renamed-${process.pid}`);
  const waiting = docker.containerWait(Id);
  await docker.containerKill(Id);
  assert.equal((await waiting).StatusCode, 137);
  assert.ok(Array.isArray((await docker.containerChanges(Id)) ?? []));
} finally {
  await docker.containerStop(Id);
  await docker.containerDelete(Id);
}

const { Name } = await docker.volumeCreate({ Labels: { client: "node-sdk" } });
assert.equal((await docker.volumeInspect(Name)).Labels.client, "node-sdk");
await docker.volumeDelete(Name);
const network = await docker.networkCreate({ Name: `node-sdk-${process.pid}` });
assert.equal((await docker.networkInspect(network.Id)).Driver, "bridge");
await docker.networkDelete(network.Id);
await docker.close();

/** What is written to the two streams that a call gets. */
async function collect(call) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  await call(stdout, stderr);
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { stdout: out, stderr: err };
}
