import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BuildError, type BuildOptions, Docker } from "../../src/index.ts";
import { type EmbeddedEngine, type Program, startEngine } from "../../src/testing/index.ts";
import { leakCheck } from "../support/leaks.ts";
import { tarOf } from "../support/tar.ts";

/** Understands `write PATH TEXT`, `show PATH`, `env NAME` and `fail CODE`. */
const shell: Program = async ({ cmd, env, files, stdout, stderr }) => {
  const [verb, first = "", second = ""] = (cmd[2] ?? "").split(" ");
  if (verb === "write") files.writeFile(first, second);
  if (verb === "show") await stdout.write(files.readFile(first));
  if (verb === "env") await stdout.write(`${env[first]}\n`);
  if (verb === "fail") await stderr.write("bad\n");
  return verb === "fail" ? Number(first) : 0;
};

async function withEngine(body: (docker: Docker, engine: EmbeddedEngine) => Promise<void>): Promise<void> {
  await using engine = await startEngine();
  engine.image("base", shell, { config: { Cmd: ["/bin/sh"] }, files: { "/etc/base": "here" } });
  await using docker = new Docker({ host: engine.host });
  await body(docker, engine);
}

async function build(docker: Docker, dockerfile: string, options: BuildOptions = {}): Promise<string> {
  const context = tarOf(
    { name: "Dockerfile", body: dockerfile },
    { name: "a", body: "one\n" },
    { name: "dir/b", body: "two\n" },
    { name: "dir/c.txt", body: "three\n" },
  );
  const text: string[] = [];
  for await (const event of docker.images.build(context, { ...options, version: "1" })) {
    if (event.type === "output") text.push(event.text);
  }
  return text.join("").replaceAll(/\b[0-9a-f]{12}\b/g, "ID");
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => assert.fail("it was not refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error);
  return error instanceof BuildError ? error.engineMessage : error.message;
}

describe("builds on an embedded engine", () => {
  leakCheck();

  it("tell their steps as dockerd does, and use what was built before", () =>
    withEngine(async (docker) => {
      const dockerfile = "FROM base\nRUN write /x hi\nCOPY a /b/\nCMD echo hi\n";
      const text = await build(docker, dockerfile, { t: ["built:1"] });
      assert.equal(
        text,
        [
          ...["Step 1/4 : FROM base", " ---> ID", "Step 2/4 : RUN write /x hi", " ---> Running in ID"],
          ...[" ---> Removed intermediate container ID", " ---> ID", "Step 3/4 : COPY a /b/", " ---> ID"],
          ...["Step 4/4 : CMD echo hi", " ---> Running in ID", " ---> Removed intermediate container ID", " ---> ID"],
          ...["Successfully built ID", "Successfully tagged built:1", ""],
        ].join("\n"),
      );
      const { Id, Config, RootFS } = await docker.images.inspect("built:1");
      assert.deepEqual([Config.Cmd, RootFS.Layers?.length], [["/bin/sh", "-c", "echo hi"], 3]);
      assert.match(await build(docker, dockerfile), /( ---> Using cache\n ---> ID\n(Step.*\n)?){3}Successfully/);
      assert.equal((await docker.images.inspect("built:1")).Id, Id);
      const history = await docker.images.history("built:1");
      assert.deepEqual(
        history.map(({ CreatedBy, Size }) => [CreatedBy.replace(/:[0-9a-f]+/, ":…"), Size]),
        [
          ['/bin/sh -c #(nop)  CMD ["/bin/sh" "-c" "echo hi"]', 0],
          ["/bin/sh -c #(nop) COPY file:… in /b/ ", 4],
          ["/bin/sh -c write /x hi", 2],
          ["program base:latest", 4],
        ],
      );
    }));

  it("copy files, folders, patterns, and from other stages", () =>
    withEngine(async (docker) => {
      const dockerfile = [
        ...["FROM base AS first", "RUN write /made text", "FROM base", "COPY dir /all", "COPY dir/*.txt a /some/"],
        ...["COPY --from=first /made /etc/base /etc2/", "WORKDIR /work", "COPY a .", "RUN show /some/c.txt"],
        ...["RUN show /etc2/made", "RUN show /work/a", "RUN show /all/b"],
      ].join("\n");
      const text = await build(docker, dockerfile);
      assert.deepEqual(text.match(/^(one|two|three|text.*)$/gm), [
        "three",
        "text ---> Removed intermediate container ID",
        "one",
        "two",
      ]);
    }));

  it("set the configuration, with arguments and variables", () =>
    withEngine(async (docker) => {
      const dockerfile = [
        ...["ARG tag=latest", "FROM base:$tag", "ARG who=you", 'ENV A=1 B="two $who"', "LABEL l=$who m='$who'"],
        ...["EXPOSE 80 53/udp", "USER me", "VOLUME /v", 'ENTRYPOINT ["x"]', "STOPSIGNAL SIGINT", "MAINTAINER somebody"],
        ...["HEALTHCHECK --interval=5s --retries=2 CMD true", "RUN env who", "WORKDIR /a", "WORKDIR b"],
      ].join("\n");
      const options = { t: ["set"], buildargs: { who: "me", other: "x" }, labels: { more: "a b" } };
      const text = await build(docker, dockerfile, options);
      assert.match(text, /One or more build-args \[other\] were not consumed/);
      assert.match(text, /^me$/m);
      const { Config, Author } = await docker.images.inspect("set");
      const { Env, Labels, ExposedPorts, User, Volumes, Entrypoint, StopSignal, Healthcheck, WorkingDir } = Config;
      const usualPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
      assert.deepEqual([Env, Labels], [[usualPath, "A=1", "B=two me"], { l: "me", m: "$who", more: "a b" }]);
      assert.deepEqual([ExposedPorts, Volumes], [{ "80/tcp": {}, "53/udp": {} }, { "/v": {} }]);
      assert.deepEqual([User, Entrypoint, StopSignal, WorkingDir, Author], ["me", ["x"], "SIGINT", "/a/b", "somebody"]);
      assert.deepEqual(Healthcheck, { Test: ["CMD-SHELL", "true"], Interval: 5e9, Retries: 2 });
    }));

  it("keep the container of a step that fails, unless they are told otherwise", () =>
    withEngine(async (docker) => {
      for (const forcerm of [false, true]) {
        const context = tarOf({ name: "Dockerfile", body: "FROM base\nRUN fail 3\n" });
        const text: string[] = [];
        await assert.rejects(async () => {
          for await (const event of docker.images.build(context, { version: "1", forcerm })) {
            if (event.type === "output") text.push(event.text);
          }
        }, BuildError);
        assert.equal(text.join("").includes("Removed intermediate container"), forcerm);
      }
    }));

  it("fail in dockerd's words", () =>
    withEngine(async (docker) => {
      const cases: readonly (readonly [string, string])[] = [
        ["FROM base\nRUN fail 3", "The command '/bin/sh -c fail 3' returned a non-zero code: 3"],
        [
          "FROM base\nCOPY none /x",
          "COPY failed: file not found in build context or excluded by .dockerignore: stat none: file does not exist",
        ],
        ["FROM scratch", "No image was generated. Is your Dockerfile empty?"],
        ["FROM base\nEXPOSE abc", "Invalid containerPort: abc"],
        [
          "FROM nothing",
          "pull access denied for nothing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        ],
        ["FRO base", "dockerfile parse error on line 1: unknown instruction: FRO (did you mean FROM?)"],
        ["FROM base\nBLAH", "dockerfile parse error on line 2: unknown instruction: BLAH"],
        ["FROM base\nENV a", "failed to parse Dockerfile: ENV must have two arguments"],
        ["FROM base\nCOPY --bad=x a b", "dockerfile parse error on line 2: unknown flag: --bad"],
        ["RUN x", "no build stage in current context"],
        ["# nothing", "failed to parse Dockerfile: file with no instructions"],
      ];
      for (const [dockerfile, message] of cases) {
        const said = await refusal(build(docker, dockerfile));
        assert.ok(said.includes(message), `${dockerfile}: ${said}`);
      }
      assert.match(await refusal(build(docker, "FROM base", { target: "x" })), /target stage "x" could not be found/);
    }));

  it("run what the base image has for them", () =>
    withEngine(async (docker) => {
      await build(docker, "FROM base\nONBUILD RUN write /t yes", { t: ["trigger"] });
      const text = await build(docker, "FROM trigger\nRUN show /t");
      assert.match(text, /# Executing 1 build trigger\n[\s\S]*yes/);
    }));

  it("are told in BuildKit's form to who asks for it", () =>
    withEngine(async (docker) => {
      const context = tarOf({ name: "Dockerfile", body: "FROM base\nRUN env PATH\nRUN fail 7\n" });
      const names = new Set<string>();
      const printed: string[] = [];
      const read = async () => {
        for await (const event of docker.images.build(context, { version: "2" })) {
          if (event.type === "vertex") names.add(event.name);
          if (event.type === "log") printed.push(`${event.source}: ${Buffer.from(event.data)}`);
        }
      };
      await assert.rejects(read, { name: "BuildError", message: /returned a non-zero code: 7/ });
      assert.deepEqual([...names], ["FROM base", "RUN env PATH", "RUN fail 7"]);
      assert.deepEqual(
        printed.map((text) => text.replace(/\/.*\n/, "…")),
        ["stdout: …", "stderr: bad\n"],
      );
    }));

  it("pull the image that they begin with", () =>
    withEngine(async (docker, engine) => {
      engine.image("far", shell, { files: { "/f": "from afar\n" }, pulled: false });
      assert.match(await build(docker, "FROM far\nRUN show /f"), /^from afar$/m);
    }));
});
