import assert from "node:assert/strict";
import { it } from "node:test";
import { type Docker, type OperationId, UnexpectedStatusError } from "../../src/index.ts";
import { forEachEngine, testImage } from "../support/engines.ts";
import { isLacking, nobody, useWorkbench } from "./support.ts";

type Input = Parameters<Docker["request"]>[1];

/** What an engine may answer: a kind and its status, several ways in a row, or the status of an undocumented answer. */
type Ways = string | number;

const id = { path: { id: nobody } };
const name = { path: { name: nobody } };
const UPPER = { path: { name: "UPPER" } };
const badFilter = { parameters: { filters: { "no-such-filter": ["x"] } } };
/** A registry where nobody listens. */
const remote = "127.0.0.1:1/x";
const noise = Buffer.from("this is no tar");

const noContainer = "NoSuchContainer 404";
const noImage = "NoSuchImage 404";
const noPlugin = "NoSuchPlugin 404";
const badParameter = "BadParameter 400";
const serverError = "ServerError 500";
/** Docker 20.10 has 500 for some mistakes of the caller, and Podman for most. */
const badOrError = `${badParameter}, ${serverError}`;
const absent = 404;

/** What the embedded engine has not. */
const lacking: readonly OperationId[] = ["PluginCreate", "PluginPull", "PluginPush", "PluginUpgrade"];

/** Requests that no engine can fulfil, with what Docker and Podman answer. */
const refusals: readonly (readonly [why: string, operation: OperationId, input: Input, docker: Ways, podman: Ways])[] =
  [
    ["the processes of nobody", "ContainerTop", id, noContainer, noContainer],
    ["the terminal of nobody", "ContainerResize", { ...id, parameters: { h: 1, w: 1 } }, noContainer, noContainer],
    ["nobody going on", "ContainerUnpause", id, noContainer, noContainer],
    ["the files of nobody", "ContainerExport", id, noContainer, noContainer],
    [
      "logs of no stream",
      "ContainerLogs",
      { ...id, parameters: { stdout: false, stderr: false } },
      badParameter,
      badParameter,
    ],
    ["a limit that is no number", "ContainerUpdate", { ...id, body: { Memory: "x" } }, badOrError, noContainer],
    ["an empty name", "ContainerRename", { ...id, parameters: { name: "" } }, badParameter, noContainer],
    [
      "keys that there are not",
      "ContainerAttach",
      { ...id, parameters: { detachKeys: "nonsense" } },
      badParameter,
      noContainer,
    ],
    [
      "keys that there are not",
      "ContainerAttachWebsocket",
      { ...id, parameters: { detachKeys: "nonsense" } },
      badParameter,
      noContainer,
    ],
    ["no path", "ContainerArchiveInfo", { ...id, parameters: { path: "" } }, badParameter, badParameter],
    ["no path", "ContainerArchive", { ...id, parameters: { path: "" } }, badParameter, badParameter],
    [
      "a condition that there is not",
      "ContainerWait",
      { ...id, parameters: { condition: "x" } },
      `${badParameter}, ${noContainer}`,
      badParameter,
    ],
    ["a filter that there is not", "ContainerList", badFilter, badParameter, serverError],
    ["a filter that there is not", "ContainerPrune", badFilter, badParameter, serverError],
    ["a filter that there is not", "ImageList", badFilter, badParameter, serverError],
    ["a filter that there is not", "ImagePrune", badFilter, badParameter, serverError],
    [
      "a filter that there is not",
      "ImageSearch",
      { parameters: { term: "x", ...badFilter.parameters } },
      badParameter,
      serverError,
    ],
    ["a filter that there is not", "NetworkList", badFilter, badParameter, serverError],
    ["a filter that there is not", "NetworkPrune", badFilter, badParameter, serverError],
    ["a filter that there is not", "VolumeList", badFilter, badParameter, serverError],
    ["a filter that there is not", "VolumePrune", badFilter, badParameter, serverError],
    ["a filter that there is not", "PluginList", badFilter, badParameter, absent],
    ["a filter that there is not", "BuildPrune", badFilter, badParameter, absent],
    ["a name in upper case", "ImageCreate", { parameters: { fromImage: "UPPER" } }, badParameter, serverError],
    ["a name in upper case", "ImageInspect", UPPER, badParameter, serverError],
    ["a name in upper case", "ImageHistory", UPPER, badParameter, serverError],
    ["a name in upper case", "ImagePush", UPPER, badOrError, badParameter],
    ["a name in upper case", "ImageDelete", UPPER, badParameter, serverError],
    ["a name in upper case", "ImageGet", UPPER, badOrError, serverError],
    [
      "a name in upper case",
      "ImageTag",
      { path: { name: testImage }, parameters: { repo: "UPPER" } },
      badOrError,
      serverError,
    ],
    [
      "a name in upper case",
      "ImageCommit",
      { parameters: { container: nobody, repo: "UPPER" } },
      `${badParameter}, ${noContainer}`,
      `${noContainer}, ${serverError}`,
    ],
    ["a name in upper case", "DistributionInspect", UPPER, badParameter, noImage],
    ["a name in upper case", "PluginCreate", { parameters: { name: "UPPER" }, body: noise }, serverError, absent],
    ["an image that there is not", "ImageTag", { ...name, parameters: { repo: "a" } }, noImage, noImage],
    [
      "a registry that does not answer",
      "ImageCreate",
      { parameters: { fromImage: remote, tag: "1" } },
      serverError,
      // Podman 4 tells in the progress.
      `${serverError}, Succeeded 200`,
    ],
    ["a registry that does not answer", "DistributionInspect", { path: { name: remote } }, serverError, noImage],
    ["a registry that does not answer", "PluginPull", { parameters: { remote }, body: [] }, serverError, absent],
    [
      "a registry that does not answer",
      "SystemAuth",
      { body: { username: "a", password: "b", serveraddress: "127.0.0.1:1" } },
      serverError,
      serverError,
    ],
    ["a context that is no tar", "ImageBuild", { body: noise }, serverError, serverError],
    [
      "a time that ends before it begins",
      "SystemEvents",
      { parameters: { since: "2", until: "1" } },
      badParameter,
      "Succeeded 200",
    ],
    [
      "an exec that there is not",
      "ExecResize",
      { ...id, parameters: { h: 1, w: 1 } },
      "NoSuchExec 404",
      "NoSuchExec 404",
    ],
    ["an exec that there is not", "ExecStart", { ...id, body: { Detach: true } }, "NoSuchExec 404", "NoSuchExec 404"],
    ["a session that is none", "Session", {}, badParameter, absent],
    ["checkpoints of nobody", "CheckpointList", id, "NotSupported 501", noContainer],
    ["a plugin that there is not", "PluginInspect", name, noPlugin, noPlugin],
    ["a plugin that there is not", "PluginPush", name, noPlugin, noPlugin],
    ["a plugin that there is not", "PluginSet", { ...name, body: ["a=b"] }, noPlugin, noPlugin],
    ["a plugin that there is not", "PluginUpgrade", { ...name, parameters: { remote }, body: [] }, noPlugin, noPlugin],
    [
      "nobody in a network",
      "NetworkDisconnect",
      { path: { id: "host" }, body: { Container: nobody } },
      "NoSuchNetworkOrContainer 404",
      "NoSuchNetworkOrContainer 404",
    ],
    ["a name with a slash", "VolumeCreate", { body: { Name: "a/b" } }, badParameter, serverError],
  ];

forEachEngine("what cannot be done", (engine) => {
  const { docker } = useWorkbench(engine);

  for (const [why, operation, input, ofDocker, ofPodman] of refusals) {
    it(`is refused by ${operation}: ${why}`, async () => {
      const { isPodman } = await engine.facts();
      if (lacking.includes(operation) && (await isLacking(engine, () => docker.request(operation, input)))) {
        return;
      }
      const ways = isPodman ? ofPodman : ofDocker;
      const call = docker.request(operation, input);
      if (typeof ways === "number") {
        await assert.rejects(
          call.outcome(),
          (error) => error instanceof UnexpectedStatusError && error.status === ways,
        );
        return;
      }
      const outcome: { readonly kind: string; readonly status: number; readonly value?: unknown } =
        await call.outcome();
      assert.ok(ways.split(", ").includes(`${outcome.kind} ${outcome.status}`), `${outcome.kind} ${outcome.status}`);
      await leave(outcome.value);
    });
  }

  it("opens a session for whoever asks in HTTP/2", async () => {
    const { isPodman } = await engine.facts();
    const call = docker.request("Session", { headers: { Upgrade: "h2c" } });
    if (isPodman) {
      await assert.rejects(call.outcome(), UnexpectedStatusError);
      return;
    }
    const outcome = await call.outcome();
    assert.equal(outcome.kind, "Upgraded");
    assert.ok("value" in outcome);
    (outcome.value as { destroy(): void }).destroy(); // an upgraded connection
  });

  it("answers a ping that wants a body", async () => {
    const outcome = await docker.request("SystemPing").outcome();
    assert.deepEqual([outcome.kind, outcome.status], ["Succeeded", 200]);
  });
});

/** Reads a stream to its end, so that its connection is free. */
async function leave(value: unknown): Promise<void> {
  if (typeof value === "object" && value !== null && Symbol.asyncIterator in value) {
    for await (const _ of value as AsyncIterable<unknown>) {
      // Only the end counts.
    }
  }
}
