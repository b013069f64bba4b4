import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { it } from "node:test";
import type { Io } from "../../src/cli/io.ts";
import { freshName, typeUntil, until, useWorkbench } from "../contract/support.ts";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { fairlead, type Result, Written } from "./support.ts";

const [[key, value]] = Object.entries(testLabels) as [[string, string]]; // one label
const label = ["--label", `${key}=${value}`];

/** A terminal: what is typed there, and how often it was told to pass on every key. */
function terminal() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  return { input, modes };
}

forEachEngine("fairlead run and exec", (engine) => {
  const { docker, start } = useWorkbench(engine);
  const cli = (args: readonly string[], io: Partial<Io> = {}): Promise<Result> =>
    fairlead(["-H", engine.host, ...args], io);
  const run = (args: readonly string[], io: Partial<Io> = {}): Promise<Result> => cli(["run", ...label, ...args], io);

  /** Podman would wait ten seconds for a process that ends on no SIGTERM. */
  const discard = async (name: string): Promise<void> => {
    await docker.containers.kill(name).outcome();
    await docker.containers.remove(name, { force: true }).outcome();
  };

  it("runs a command, passes on what it prints, and ends as it does", async (t) => {
    const name = freshName();
    t.after(() => discard(name));
    const script = "echo out; echo err >&2; exit 7";
    assert.deepEqual(await run(["--name", name, testImage, "sh", "-c", script]), {
      exitCode: 7,
      stdout: "out\n",
      stderr: "err\n",
    });
    const { State } = await docker.containers.inspect(name);
    assert.deepEqual([State?.Status, State?.ExitCode], ["exited", 7]);
  });

  it("passes its input on to the end, and removes the container", async () => {
    const name = freshName();
    const stdin = () => Readable.from([Buffer.from("one two\n"), Buffer.from("three\n")]);
    const { exitCode, stdout } = await run(["--rm", "-i", "--name", name, testImage, "cat"], { stdin });
    assert.deepEqual([exitCode, stdout], [0, "one two\nthree\n"]);
    await until(async () => (await docker.containers.inspect(name).outcome()).kind === "NoSuchContainer", "it is gone");
  });

  it("lets a container run, and prints its id", async (t) => {
    const { exitCode, stdout } = await run(["-d", testImage, "sleep", "60"]);
    t.after(() => discard(stdout.trim()));
    assert.equal(exitCode, 0);
    assert.equal((await docker.containers.inspect(stdout.trim())).State?.Status, "running");
  });

  it("says by its exit code why nothing ran", async () => {
    const codes = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await run(["--rm", ...args]);
      assert.equal(stdout, "");
      assert.match(stderr, /^fairlead: /);
      return exitCode;
    };
    assert.equal(await codes(testImage, "no-such-program"), 127);
    assert.equal(await codes("--pull", "never", "fairlead/no-such-image:1"), 125);
    assert.equal(await codes("--pull", "sometimes", testImage), 2);
    assert.equal(await codes("-it", testImage), 2);
  });

  it("connects the terminal, until its keys to let go are typed", async (t) => {
    const { input, modes } = terminal();
    const [name, stdout] = [freshName(), new Written()];
    t.after(() => discard(name));
    const io = { stdin: () => input, stdout, isTTY: true, columns: 91, rows: 31 };
    const ended = run(["-it", "--name", name, testImage, "cat"], io);
    await until(async () => (await docker.containers.list({ filters: { name: [name] } })).length > 0, "it runs");
    input.write("hello\r");
    await until(async () => stdout.text.includes("hello\r\nhello\r\n"), "it answers");
    await typeUntil(ended, "\u0010\u0011", (key) => input.write(key));
    assert.equal((await ended).exitCode, 0);
    assert.deepEqual(modes, [true, false]);
    assert.equal((await docker.containers.inspect(name)).State?.Running, true);
  });

  it("executes a command in a running container, and ends as it does", async () => {
    const container = await start();
    const script = "echo out $A; echo err >&2; exit 5";
    assert.deepEqual(await cli(["exec", "-e", "A", container, "sh", "-c", script], { env: { A: "here" } }), {
      exitCode: 5,
      stdout: "out here\n",
      stderr: "err\n",
    });
    const stdin = () => Readable.from([Buffer.from("typed\n")]);
    assert.equal((await cli(["exec", "-i", container, "cat"], { stdin })).stdout, "typed\n");
    const { input, modes } = terminal();
    const size = await cli(["exec", "-it", container, "tty"], { stdin: () => input, isTTY: true });
    assert.match(size.stdout, /^\/dev\/pts\/\d+\r\n$/);
    assert.deepEqual([size.exitCode, modes], [0, [true, false]]);
    assert.deepEqual(await cli(["exec", "-d", container, "true"]), { exitCode: 0, stdout: "", stderr: "" });
    const nobody = await cli(["exec", "no-such-container", "true"]);
    assert.equal(nobody.exitCode, 1);
    assert.match(nobody.stderr, /^fairlead: .*no.such.container/i);
  });

  it("passes an interrupt on, and waits for what comes of it", async () => {
    const interrupt = new AbortController();
    const stdout = new Written();
    const script = "trap 'echo caught; exit 9' INT; echo ready; while true; do sleep 0.05; done";
    const io = { stdout, signal: interrupt.signal };
    const ended = run(["--rm", testImage, "sh", "-c", script], io);
    await until(async () => stdout.text === "ready\n", "it is ready");
    interrupt.abort("SIGINT");
    assert.deepEqual([(await ended).exitCode, stdout.text], [9, "ready\ncaught\n"]);
  });
});
