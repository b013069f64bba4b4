import assert from "node:assert/strict";
import { it } from "node:test";
import { freshName, useWorkbench } from "../contract/support.ts";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { fairlead, type Result } from "./support.ts";

const [[key, value]] = Object.entries(testLabels) as [[string, string]]; // one label
const label = `${key}=${value}`;
const nobody = "no-such-container";

forEachEngine("fairlead", (engine) => {
  const { docker, create, start, run } = useWorkbench(engine);
  const cli = (...args: string[]): Promise<Result> => fairlead(["-H", engine.host, ...args]);
  const done = (stdout: string): Result => ({ exitCode: 0, stdout, stderr: "" });

  it("creates a container as its flags say", async (t) => {
    const name = freshName();
    t.after(() => docker.containers.remove(name, { force: true }).outcome());
    const flags = [
      "--name",
      name,
      "-l",
      label,
      "-e",
      "A=b=c",
      "-e",
      "HERE",
      "-w",
      "/tmp",
      "-p",
      "127.0.0.1::80",
      "-v",
      "/data",
    ];
    const restart = ["--restart", "on-failure:3", "--entrypoint", "sh", "--tty"];
    const { stdout, exitCode } = await fairlead(
      ["-H", engine.host, "create", ...flags, ...restart, testImage, "-c", "exit 3"],
      { env: { HERE: "from here" } },
    );
    assert.equal(exitCode, 0);
    const { Id, Config, HostConfig } = await docker.containers.inspect(name);
    assert.equal(stdout, `${Id}\n`);
    assert.deepEqual([Config?.Entrypoint, Config?.Cmd, Config?.WorkingDir], [["sh"], ["-c", "exit 3"], "/tmp"]);
    assert.deepEqual([Config?.Tty, Config?.Labels?.[key]], [true, value]);
    assert.ok(Config?.Env?.includes("A=b=c") && Config.Env.includes("HERE=from here"));
    assert.equal(HostConfig?.PortBindings?.["80/tcp"]?.[0]?.HostIp, "127.0.0.1");
    assert.deepEqual(HostConfig?.RestartPolicy, { Name: "on-failure", MaximumRetryCount: 3 });
  });

  it("says how to get an image that is missing", async () => {
    const { exitCode, stdout, stderr } = await cli("create", "fairlead/no-such-image:1");
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.match(stderr, /^fairlead: .*no.such.image.*; `fairlead pull` it first\n$/i);
  });

  it("starts, stops, kills and removes, and prints each name", async () => {
    const [one, other] = [await create(), await create()];
    assert.deepEqual(await cli("start", one, other), done(`${one}\n${other}\n`));
    assert.deepEqual(await cli("start", one), done(`${one}\n`));
    assert.deepEqual(await cli("restart", "-t", "0", one), done(`${one}\n`));
    assert.deepEqual(await cli("stop", "-t", "0", one), done(`${one}\n`));
    assert.deepEqual(await cli("kill", "-s", "KILL", other), done(`${other}\n`));
    await docker.containers.wait(other);
    assert.deepEqual(await cli("rm", one, other), done(`${one}\n${other}\n`));
    assert.equal((await docker.containers.inspect(one).outcome()).kind, "NoSuchContainer");
  });

  it("handles every container that is named, and fails when one is not there", async () => {
    const container = await create();
    const { exitCode, stdout, stderr } = await cli("rm", nobody, container, "nor-this-one");
    assert.deepEqual([exitCode, stdout], [1, `${container}\n`]);
    const lines = stderr.trimEnd().split("\n");
    assert.equal(lines.length, 2, stderr);
    assert.match(lines[0] ?? "", /^fairlead: .*no-such-container/);
    assert.match(lines[1] ?? "", /^fairlead: .*nor-this-one/);
  });

  it("tells programs what came of each", async () => {
    const container = await start();
    const { exitCode, stdout, stderr } = await cli("--json", "start", container, nobody);
    assert.equal(exitCode, 1);
    assert.deepEqual(JSON.parse(stdout), [{ name: container, kind: "AlreadyStarted" }]);
    const { name, operation, kind, status, message } = JSON.parse(stderr);
    assert.deepEqual([name, operation, kind, status], ["StatusError", "ContainerStart", "NoSuchContainer", 404]);
    assert.match(message, /no-such-container/);
  });

  it("waits for the end, and prints the exit codes in the order of the names", async () => {
    const [slow, quick] = [await start({ Cmd: ["sh", "-c", "sleep 1; exit 3"] }), await run("exit 4")];
    assert.deepEqual(await cli("wait", slow, quick), done("3\n4\n"));
    const { stdout } = await cli("wait", "--json", slow);
    assert.equal(JSON.parse(stdout)[0].StatusCode, 3);
  });

  it("lists containers in a table, as ids, and as JSON", async () => {
    const name = freshName();
    const container = await start();
    await docker.containers.rename(container, { name });
    const list = (...args: string[]): Promise<Result> => cli("ps", "-f", `label=${label}`, ...args);
    const [header = "", row = "", ...rest] = (await list()).stdout.split("\n");
    assert.match(header, /^CONTAINER ID {3}IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES$/);
    assert.ok(row.startsWith(`${container.slice(0, 12)}   `) && row.endsWith(` ${name}`), row);
    assert.match(row, /"sleep 300" +(\d+ seconds?|Less than a second|About a minute) ago +Up /);
    assert.deepEqual(rest, [""]);
    assert.deepEqual(await list("-q", "--no-trunc"), done(`${container}\n`));
    assert.equal(JSON.parse((await list("--json")).stdout)[0].Id, container);
    assert.deepEqual(await list("-q", "-a", "-f", "status=exited"), done(""));
    assert.match((await list("-a", "-s")).stdout, /SIZE\n.* \d+(\.\d+)?k?B/);
  });

  it("lists images in a table, as ids, and as JSON", async () => {
    const [repository, tag] = testImage.split(":") as [string, string];
    const { stdout } = await cli("images", testImage);
    const [header = "", row = "", ...rest] = stdout.split("\n");
    assert.match(header, /^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE$/);
    assert.match(row, new RegExp(`${repository} +${tag} +[0-9a-f]{12} +.* ago +[\\d.]+MB$`));
    assert.deepEqual(rest, [""]);
    const [image] = JSON.parse((await cli("images", "--json", testImage)).stdout);
    assert.deepEqual(await cli("images", "-q", "--no-trunc", testImage), done(`${image.Id}\n`));
  });

  it("prints both streams of a log apart, and only its end when asked", async () => {
    const container = await run("echo one; echo two >&2; sleep 1; echo three");
    assert.deepEqual(await cli("logs", container), { exitCode: 0, stdout: "one\nthree\n", stderr: "two\n" });
    assert.equal((await cli("logs", "-f", "-n", "1", container)).stdout, "three\n");
    assert.match((await cli("logs", "-t", container)).stdout, /^20\d\d-[^ ]+ one\n20\d\d-[^ ]+ three\n$/);
    const lines = (await cli("logs", "--json", container)).stdout.trimEnd().split("\n");
    const sorted = lines.map((line) => JSON.parse(line)).sort((a, b) => (a.text < b.text ? -1 : 1));
    assert.deepEqual(sorted, [
      { stream: "stdout", text: "one" },
      { stream: "stdout", text: "three" },
      { stream: "stderr", text: "two" },
    ]);
  });

  it("passes the bytes of a log on as they are", async () => {
    const container = await run("printf '\\033[31m\\001'");
    assert.equal((await cli("logs", container)).stdout, "\u001b[31m\u0001");
  });

  it("prints events as text and as JSON, with all digits of their time", async () => {
    const container = await run("true");
    const followed = async (...flags: string[]): Promise<string> => {
      const interrupt = new AbortController();
      let printed = "";
      const write = async (data: string | Uint8Array): Promise<void> => {
        printed += data;
        interrupt.abort("SIGINT");
      };
      const args = ["events", "--since", "10m", "-f", `container=${container}`, "-f", "event=create", ...flags];
      const { exitCode } = await fairlead(["-H", engine.host, ...args], {
        signal: interrupt.signal,
        stdout: { write },
      });
      assert.equal(exitCode, 130);
      return printed;
    };
    assert.match(
      await followed(),
      new RegExp(`^\\d{4}-[^ ]+\\.\\d{9}(Z|[+-]\\d\\d:\\d\\d) container create ${container} \\(.*name=.*\\)\\n$`),
    );
    const { Action, Actor, timeNano } = JSON.parse(await followed("--json"));
    assert.deepEqual([Action, Actor.ID], ["create", container]);
    assert.match(timeNano, /^\d{19}$/);
  });

  it("ends with the events of the past when it has an end", async () => {
    assert.equal((await cli("events", "--since", "10m", "--until", "0s")).exitCode, 0);
  });

  it("prints the versions of both sides", async () => {
    const { version } = await engine.facts();
    const { stdout } = await cli("version");
    assert.match(stdout, /^Client:\n Version: +\S+\n[\s\S]*\nServer:\n/);
    assert.ok(stdout.includes(version));
    const { Client, Server } = JSON.parse((await cli("version", "--json")).stdout);
    assert.deepEqual([typeof Client.Version, Server.Version], ["string", version]);
  });

  it("inspects containers and images, and reports what is neither", async () => {
    const container = await create();
    const { exitCode, stdout, stderr } = await cli("inspect", container, testImage, nobody);
    const [first, second, ...rest] = JSON.parse(stdout);
    assert.deepEqual([exitCode, first.Id, rest], [1, container, []]);
    assert.ok(second.RepoTags.some((tag: string) => tag.endsWith(testImage)));
    assert.match(stderr, /no-such-container/);
  });

  it("renames, freezes, lists processes, tags and untags", async (t) => {
    const [name, tag] = [freshName(), `fairlead/${freshName()}:1`];
    const container = await start();
    t.after(() => docker.images.remove(tag).outcome());
    assert.deepEqual(await cli("rename", container, name), done(""));
    assert.deepEqual(await cli("pause", name), done(`${name}\n`));
    assert.deepEqual(await cli("unpause", name), done(`${name}\n`));
    assert.match((await cli("top", name)).stdout, /PID[\s\S]*sleep 300/);
    assert.deepEqual(await cli("tag", testImage, tag), done(""));
    assert.match((await cli("rmi", tag)).stdout, new RegExp(`^Untagged: .*${tag}\n$`));
    assert.match((await cli("history", testImage)).stdout, /^IMAGE +CREATED +CREATED BY +SIZE +COMMENT\n\S/);
    assert.match((await cli("info")).stdout, /^Name: .*\nServer version: \d/);
  });

  it("reports a pull that fails", async () => {
    const { exitCode, stdout, stderr } = await cli("pull", "127.0.0.1:1/fairlead:1");
    assert.deepEqual([exitCode, stdout.includes("Pulling fs layer")], [1, false]);
    assert.match(stderr, /^fairlead: .*(127\.0\.0\.1:1|connection refused)/);
  });
});
