import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { busybox, type EmbeddedEngine, startEngine } from "../../src/testing/index.ts";
import { type CommandResult, run } from "../support/scripts.ts";

const version = await run("docker", ["--version"]).then(
  ({ stdout }) => stdout.trim(),
  () => undefined,
);
assert.ok(version ?? !process.env["CI"], "CI must try the docker command, and there is none on PATH");
const skip = version === undefined && "not run: there is no docker command on PATH";

describe(`the docker command (${version}) on the embedded engine`, { skip, timeout: 600_000 }, () => {
  let engine: EmbeddedEngine;
  let folder = "";
  let env: NodeJS.ProcessEnv = {};
  before(async () => {
    engine = await startEngine();
    engine.image("box:1", busybox);
    folder = await mkdtemp(join(tmpdir(), "fairlead-docker-"));
    const { DOCKER_CONTEXT: _, ...outer } = process.env;
    env = { ...outer, DOCKER_HOST: engine.host, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: "0", TERM: "xterm" };
  });
  after(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  const docker = (args: readonly string[], input?: string): Promise<CommandResult> =>
    run("docker", args, { env, cwd: folder, ...(input !== undefined && { input }) });
  /** Runs the command, which must succeed, and gives what it wrote, without the last line's end. */
  const says = async (args: readonly string[], input?: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await docker(args, input);
    assert.equal(exitCode, 0, `docker ${args.join(" ")}: ${stderr}`);
    return stdout.replace(/\n$/, "");
  };
  /** The same in a terminal, in which the input is typed. */
  const typed = async (args: readonly string[], input: string): Promise<CommandResult> => {
    const command = ["docker", ...args].map((word) => `'${word}'`).join(" ");
    return run("script", ["-qec", command, "/dev/null"], { env, cwd: folder, input });
  };

  it("tells of the engine", async () => {
    assert.match(await says(["version", "--format", "{{.Server.APIVersion}}"]), /^1\.\d+$/);
    assert.equal(await says(["info", "--format", "{{.OSType}} {{.Images}}"]), "linux 2");
  });

  it("runs containers and removes them: --rm", async () => {
    assert.equal(await says(["run", "--rm", "box:1", "echo", "hello"]), "hello");
    assert.equal((await docker(["run", "--rm", "box:1", "sh", "-c", "echo no >&2; exit 7"])).exitCode, 7);
    assert.equal(await says(["run", "--rm", "-e", "NAME=you", "box:1", "sh", "-c", "echo $NAME"]), "you");
    assert.equal(await says(["ps", "-aq"]), "");
  });

  it("refuses commands and images that are not there as with any engine", async () => {
    assert.equal((await docker(["run", "--rm", "box:1", "no-such-command"])).exitCode, 127);
    const { exitCode, stderr } = await docker(["run", "--rm", "--pull", "never", "no-such-image"]);
    assert.equal(exitCode, 125);
    assert.match(stderr, /No such image/);
  });

  it("passes on standard input, and its end: run -i", async () => {
    assert.equal(await says(["run", "-i", "--rm", "box:1", "cat"], "one\ntwo"), "one\ntwo");
  });

  it("gives a shell in a terminal: run -it", async () => {
    const { exitCode, stdout } = await typed(["run", "-it", "--rm", "box:1"], "echo a$((1+1))b\nexit 3\n");
    assert.equal(exitCode, 3, stdout);
    assert.match(stdout, /a2b\r\n/);
  });

  it("goes through a container's life", async () => {
    const id = await says(["run", "-d", "--name", "life", "-l", "kind=life", "box:1", "sleep", "300"]);
    assert.match(await says(["ps", "--format", "{{.Names}} {{.Image}} {{.Status}}"]), /^life box:1 Up /);
    assert.equal(await says(["inspect", "--format", "{{.Id}}", "life"]), id);
    assert.match(await says(["top", "life"]), /sleep 300/);
    await says(["pause", "life"]);
    assert.match(await says(["ps", "--filter", "status=paused", "-q", "--no-trunc"]), new RegExp(id));
    await says(["unpause", "life"]);
    await says(["rename", "life", "living"]);
    await says(["update", "--restart", "no", "living"]);
    assert.match(await says(["stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}"]), /^living 1$/);
    await says(["restart", "-t", "0", "living"]);
    const waiting = says(["wait", "living"]);
    await says(["kill", "living"]);
    assert.equal(await waiting, "137");
    assert.equal(await says(["ps", "-a", "--filter", "label=kind=life", "--format", "{{.State}}"]), "exited");
    assert.equal((await docker(["rm", "no-such-container"])).exitCode, 1);
    await says(["rm", "living"]);
  });

  it("reads and follows logs: logs -f", async () => {
    await says(["run", "-d", "--name", "talks", "box:1", "sh", "-c", "echo one; sleep 1; echo two; echo three >&2"]);
    const { stdout, stderr } = await docker(["logs", "-f", "talks"]);
    assert.deepEqual([stdout, stderr], ["one\ntwo\n", "three\n"]);
    assert.equal((await says(["logs", "--tail", "2", "talks"])).trim(), "two");
    assert.match(await says(["logs", "-t", "--tail", "3", "talks"]), /^\d{4}-\d\d-\d\dT[\d:.]+Z one\n/);
    await says(["rm", "-f", "talks"]);
  });

  it("runs commands in running containers: exec, exec -i, exec -it", async () => {
    await says(["run", "-d", "--name", "runs", "box:1", "sleep", "300"]);
    assert.equal(await says(["exec", "-e", "A=b", "-w", "/tmp", "runs", "sh", "-c", "echo $A; pwd"]), "b\n/tmp");
    assert.equal((await docker(["exec", "runs", "false"])).exitCode, 1);
    assert.equal(await says(["exec", "-i", "runs", "cat"], "in and out"), "in and out");
    const { exitCode, stdout } = await typed(["exec", "-it", "runs", "sh"], "tty\nexit 5\n");
    assert.equal(exitCode, 5, stdout);
    assert.match(stdout, /\/dev\/(pts|tty|console)/);
    await says(["rm", "-f", "runs"]);
  });

  it("attaches to containers: attach, start -a, start -i", async () => {
    await says(["create", "--name", "greets", "box:1", "echo", "good day"]);
    assert.equal(await says(["start", "-a", "greets"]), "good day");
    await says(["create", "-i", "--name", "echoes", "box:1", "cat"]);
    assert.equal(await says(["start", "-i", "echoes"], "back"), "back");
    let isHeard = false;
    engine.image("speaker:1", async ({ stdout, clock }) => {
      for (; !isHeard; await clock.sleep(20)) await stdout.write("here\n");
      return 4;
    });
    await says(["run", "-d", "--name", "speaks", "speaker:1", "speak"]);
    const onStdout = () => {
      isHeard = true;
    };
    const { exitCode, stdout } = await run("docker", ["attach", "--no-stdin", "speaks"], { env, onStdout });
    assert.equal(exitCode, 4);
    assert.match(stdout, /^(here\n)+$/);
    await says(["rm", "greets", "echoes", "speaks"]);
  });

  it("copies files both ways: cp", async () => {
    await says(["create", "--name", "files", "box:1"]);
    await mkdir(join(folder, "given/deep"), { recursive: true });
    await writeFile(join(folder, "given/deep/note"), "remember");
    await says(["cp", "given", "files:/tmp/taken"]);
    await says(["cp", "files:/tmp/taken/deep/note", "back"]);
    assert.equal(await readFile(join(folder, "back"), "utf8"), "remember");
    assert.match(await says(["cp", "files:/tmp/taken/.", "-"]), /deep\/note/);
    assert.match(await says(["diff", "files"]), /A \/tmp\/taken\/deep\/note/);
    assert.match(await says(["export", "files"]), /tmp\/taken\/deep\/note/);
    await says(["rm", "files"]);
  });

  it("tells what happened: events", async () => {
    const since = String(Date.now() / 1000);
    await says(["run", "--rm", "--name", "happens", "box:1", "true"]);
    const until = String(Date.now() / 1000 + 0.001);
    const format = "{{.Type}} {{.Action}}";
    const told = await says([
      "events",
      "--since",
      since,
      "--until",
      until,
      "-f",
      "container=happens",
      "--format",
      format,
    ]);
    const expected = ["create", "attach", "start", "die", "destroy"].map((action) => `container ${action}`);
    assert.deepEqual(told.split("\n").sort(), expected.sort());
  });

  it("keeps images: build, tag, history, save, load, rmi", async () => {
    await mkdir(join(folder, "context"));
    const dockerfile =
      'FROM box:1\nENV WHO=everybody\nCOPY greeting /etc/greeting\nRUN echo built > /etc/built\nLABEL a=b\nCMD ["sh", "-c", "cat /etc/greeting /etc/built; echo $WHO"]\n';
    await writeFile(join(folder, "context/Dockerfile"), dockerfile);
    await writeFile(join(folder, "context/greeting"), "hello\n");
    assert.match(await says(["build", "-t", "made:1", "context"]), /Successfully tagged made:1/);
    assert.equal(await says(["run", "--rm", "made:1"]), "hello\nbuilt\neverybody");
    await says(["tag", "made:1", "made:2"]);
    assert.match(await says(["history", "--no-trunc", "made:2"]), /echo built/);
    await says(["save", "-o", "made.tar", "made:2"]);
    await says(["rmi", "made:1", "made:2"]);
    assert.match(await says(["load", "-i", "made.tar"]), /Loaded image: made:2/);
    assert.equal(await says(["image", "inspect", "--format", "{{.Config.Labels.a}}", "made:2"]), "b");
    assert.equal(await says(["run", "--rm", "made:2", "cat", "/etc/built"]), "built");
    await says(["run", "--name", "changed", "box:1", "sh", "-c", "echo new > /new"]);
    await says(["commit", "changed", "committed:1"]);
    assert.equal(await says(["run", "--rm", "committed:1", "cat", "/new"]), "new");
    await says(["rm", "changed"]);
    assert.match(await says(["images", "--format", "{{.Repository}}:{{.Tag}}"]), /committed:1/);
    await says(["rmi", "made:2", "committed:1"]);
  });

  it("pulls from the registry within the engine: pull, and run of what is not there", async () => {
    engine.image("hub:1", () => 0, { pulled: false });
    assert.match(await says(["pull", "hub:1"]), /Downloaded newer image for hub:1/);
    await says(["rmi", "hub:1"]);
    await says(["run", "--rm", "hub:1"]);
    assert.equal((await docker(["pull", "no-such-image"])).exitCode, 1);
    await says(["rmi", "hub:1"]);
  });

  it("uses volumes and networks", async () => {
    await says(["volume", "create", "--label", "kind=store", "store"]);
    await says(["run", "--rm", "-v", "store:/data", "box:1", "sh", "-c", "echo kept > /data/file"]);
    assert.equal(await says(["run", "--rm", "-v", "store:/data:ro", "box:1", "cat", "/data/file"]), "kept");
    assert.equal(await says(["volume", "ls", "-q", "--filter", "label=kind=store"]), "store");
    await says(["volume", "rm", "store"]);
    await says(["network", "create", "--subnet", "10.9.8.0/24", "wire"]);
    await says(["run", "-d", "--name", "wired", "--network", "wire", "-p", "8080:80", "box:1", "sleep", "300"]);
    const format = '{{(index .NetworkSettings.Networks "wire").IPAddress}}';
    assert.match(await says(["inspect", "--format", format, "wired"]), /^10\.9\.8\.\d+$/);
    assert.match(await says(["port", "wired"]), /80\/tcp -> 0\.0\.0\.0:8080/);
    await says(["network", "disconnect", "wire", "wired"]);
    await says(["rm", "-f", "wired"]);
    await says(["network", "rm", "wire"]);
    assert.match(await says(["system", "df"]), /^TYPE +TOTAL/);
    await says(["system", "prune", "-f"]);
  });

  it("runs a swarm of one node", async () => {
    await says(["swarm", "init"]);
    await says(["secret", "create", "password", "-"], "open sesame");
    await says(["config", "create", "settings", "-"], "a=b");
    const service = [
      "service",
      "create",
      "--name",
      "web",
      "--secret",
      "password",
      "--config",
      "settings",
      "--replicas",
      "2",
    ];
    await says([...service, "box:1", "sh", "-c", "cat /run/secrets/password /settings; echo; sleep 300"]);
    assert.equal(await says(["service", "ls", "--format", "{{.Name}} {{.Replicas}}"]), "web 2/2");
    assert.match(await says(["service", "logs", "--raw", "web"]), /open sesamea=b/);
    await says(["service", "scale", "web=1"]);
    assert.match(await says(["service", "ps", "web", "--format", "{{.CurrentState}}"]), /Running/);
    assert.match(await says(["node", "ls"]), /Leader/);
    await says(["service", "rm", "web"]);
    await says(["swarm", "leave", "--force"]);
  });
});
