import assert from "node:assert/strict";
import { it } from "node:test";
import { answerTo } from "../support/engine-request.ts";
import { forEachEngine, testImage, testLabels } from "../support/engines.ts";
import { nobody, useWorkbench } from "./support.ts";

/** A request that Docker 28.5 refuses, and its answer. `{running}` and such stand for the ids of containers. */
type Refusal = readonly [request: string, body: object | undefined, status: number, message: string];
/** The same for a request that is known. */
type Mistake<T = object> = readonly [mistake: T, status: number, message: string];

/** The API version of the engines that speak so; others word it otherwise, or take what these refuse. */
const apiVersion = "1.51";
const goSyntax = (parser: string, text: string) => `strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`;
const noMoment = 'failed to parse value as time or duration: "bogus"';
const noContainer = `No such container: ${nobody}`;
const noImage = "No such image: no-such-image:latest";
const noName = (name: string) => `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`;
const noReference = "invalid reference format: repository name (library/Bad) must be lowercase";

/** Requests without a body. */
const bare: readonly Mistake<string>[] = [
  ["POST /containers/{running}/kill?signal=BOGUS", 400, "cannot kill container: {running}: invalid signal: BOGUS"],
  [`POST /containers/${nobody}/kill?signal=BOGUS`, 400, `cannot kill container: ${nobody}: invalid signal: BOGUS`],
  [`POST /containers/${nobody}/kill`, 404, `cannot kill container: ${nobody}: ${noContainer}`],
  ["POST /containers/{created}/kill", 409, "cannot kill container: {created}: container {created} is not running"],
  ["POST /containers/{running}/stop?signal=BOGUS", 500, "cannot stop container: {running}: invalid signal: BOGUS"],
  ["POST /containers/{running}/restart?signal=BOGUS", 500, "Cannot restart container {running}: invalid signal: BOGUS"],
  ["POST /containers/{running}/restart?t=x", 500, goSyntax("Atoi", "x")],
  [`POST /containers/${nobody}/stop?t=x`, 500, goSyntax("Atoi", "x")],
  [`POST /containers/${nobody}/restart`, 404, noContainer],
  ["POST /containers/{paused}/pause", 409, "Container {paused} is already paused"],
  ["POST /containers/{created}/pause", 409, "container {created} is not running"],
  ["POST /containers/{running}/unpause", 500, "Container {running} is not paused"],
  ["POST /containers/{paused}/start", 409, "cannot start a paused container, try unpause instead"],
  ["POST /containers/{running}/resize?h=x&w=1", 400, 'invalid resize height "x": invalid syntax'],
  ["POST /containers/{running}/resize?h=1", 400, 'invalid resize width "": invalid syntax'],
  ["POST /containers/{created}/resize?h=1&w=1", 409, "container {created} is not running"],
  ["GET /containers/{created}/top", 409, "container {created} is not running"],
  ["POST /containers/{running}/wait?condition=bogus", 400, 'invalid condition: "bogus"'],
  [
    "DELETE /containers/{running}",
    409,
    'cannot remove container "{running}": container is running: stop the container before removing or force remove',
  ],
  [
    "DELETE /containers/{paused}",
    409,
    'cannot remove container "{paused}": container is paused and must be unpaused first',
  ],
  ["GET /containers/{running}/logs", 400, "Bad parameters: you must choose at least one stream"],
  ["GET /containers/{running}/logs?stdout=1&since=x", 500, goSyntax("ParseInt", "x")],
  ["GET /containers/{running}/archive?path=", 400, "bad parameter: pathcannot be empty"],
  ["GET /containers/{running}/archive?path=/x", 404, "Could not find the file /x in container {running}"],
  ["POST /containers/{created}/rename?name=", 400, "Neither old nor new names may be empty"],
  ["POST /containers/{created}/rename?name=bad%20name", 400, `Error when allocating new name: ${noName("/bad name")}`],
  ["GET /exec/bogus/json", 404, "No such exec instance: bogus"],
  ["GET /containers/json?filters=nonsense", 400, "invalid filter"],
  ["GET /containers/json?limit=x", 500, goSyntax("Atoi", "x")],
  ["GET /events?since=bogus", 500, goSyntax("ParseInt", "bogus")],
  ["DELETE /networks/bridge", 403, "bridge is a pre-defined network and cannot be removed"],
  ["DELETE /networks/no-such-network", 404, "network no-such-network not found"],
  ["DELETE /volumes/no-such-volume", 404, "get no-such-volume: no such volume"],
  ["DELETE /images/no-such-image", 404, noImage],
  ["DELETE /images/Bad", 400, noReference],
  ["POST /images/no-such-image/tag?repo=x", 404, noImage],
  [`POST /images/${testImage}/tag?repo=Bad`, 400, noReference],
  ["POST /images/create?fromImage=Bad", 400, noReference],
  ["GET /images/no-such-image/history", 404, noImage],
  [`POST /commit?container=${nobody}`, 404, noContainer],
  ["POST /commit?container={created}&changes=BOGUS", 400, "BOGUS is not a valid change command"],
  ["POST /commit?container={created}&repo=Bad", 400, noReference],
  ["GET /no-such-page", 404, "page not found"],
];

/** Filters: the path with its method, and what it is asked to filter by. */
const filters: readonly (readonly [request: string, ...Mistake])[] = [
  ["GET /containers/json", { bogus: ["x"] }, 400, "invalid filter 'bogus'"],
  [
    "GET /containers/json",
    { status: ["bogus"] },
    400,
    "invalid filter 'status=bogus': invalid value for state (bogus): must be one of created, running, paused, restarting, removing, exited, dead",
  ],
  [
    "GET /containers/json",
    { health: ["bogus"] },
    400,
    "invalid filter 'health=bogus': invalid value for health (bogus): must be one of none, starting, healthy, unhealthy",
  ],
  ["GET /containers/json", { exited: ["x"] }, 400, `invalid filter 'exited=x': ${goSyntax("Atoi", "x")}`],
  ["GET /containers/json", { "is-task": ["bogus"] }, 400, "invalid filter 'is-task=[bogus]'"],
  [
    "GET /containers/json",
    { publish: ["x"] },
    500,
    `error while looking up for publish x: ${goSyntax("ParseUint", "x")}`,
  ],
  [
    "GET /containers/json",
    { expose: ["x"] },
    500,
    `error while looking up for expose x: ${goSyntax("ParseUint", "x")}`,
  ],
  ["GET /containers/json", { before: [nobody] }, 404, noContainer],
  ["GET /images/json", { dangling: ["bogus"] }, 400, "invalid filter 'dangling=[bogus]'"],
  ["GET /images/json", { until: ["bogus"] }, 500, noMoment],
  ["GET /images/json", { before: ["no-such-image"] }, 404, noImage],
  ["GET /volumes", { dangling: ["bogus"] }, 400, "invalid filter 'dangling=[bogus]'"],
  ["GET /volumes", { bogus: ["x"] }, 400, "invalid filter 'bogus'"],
  [
    "GET /networks",
    { dangling: ["bogus"] },
    400,
    `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`,
  ],
  ["GET /networks", { type: ["bogus"] }, 500, "invalid filter: 'type'='bogus'"],
  ["POST /containers/prune", { until: ["bogus"] }, 400, noMoment],
  ["POST /images/prune", { until: ["bogus"] }, 500, noMoment],
  ["POST /networks/prune", { until: ["bogus"] }, 400, noMoment],
  ["POST /volumes/prune", { all: ["bogus"] }, 400, `invalid filter 'all': ${goSyntax("ParseBool", "bogus")}`],
];

/** What neither a new container can have nor one that is updated. */
const limits: readonly Mistake[] = [
  [
    { RestartPolicy: { Name: "bogus" } },
    400,
    "invalid restart policy: unknown policy 'bogus'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
  ],
  [
    { RestartPolicy: { Name: "always", MaximumRetryCount: 3 } },
    400,
    "invalid restart policy: maximum retry count can only be used with 'on-failure'",
  ],
  [
    { RestartPolicy: { Name: "always", MaximumRetryCount: -3 } },
    400,
    "invalid restart policy: maximum retry count can only be used with 'on-failure' and cannot be negative",
  ],
  [
    { RestartPolicy: { Name: "on-failure", MaximumRetryCount: -1 } },
    400,
    "invalid restart policy: maximum retry count cannot be negative",
  ],
  [{ Memory: 1e6 }, 400, "Minimum memory limit allowed is 6MB"],
  [{ MemoryReservation: 1e6 }, 400, "Minimum memory reservation allowed is 6MB"],
  [{ Memory: 64e6, MemorySwap: 32e6 }, 400, "Minimum memoryswap limit should be larger than memory limit, see usage"],
  [
    { Memory: 64e6, MemoryReservation: 128e6 },
    400,
    "Minimum memory limit can not be less than memory reservation limit, see usage",
  ],
  [{ NanoCpus: 1e9, CpuPeriod: 100_000 }, 400, "Conflicting options: Nano CPUs and CPU Period cannot both be set"],
  [{ NanoCpus: 1e9, CpuQuota: 100_000 }, 400, "Conflicting options: Nano CPUs and CPU Quota cannot both be set"],
  [{ CpuPeriod: 10 }, 400, "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"],
  [{ CpuQuota: 10 }, 400, "CPU cfs quota can not be less than 1ms (i.e. 1000)"],
];

/** What the `HostConfig` of a new container cannot have. */
const hostConfigs: readonly Mistake[] = [
  ...limits,
  [{ MemorySwap: 64e6 }, 400, "You should always set the Memory limit when using Memoryswap limit, see usage"],
  [{ CpuShares: -1 }, 400, "invalid CPU shares (-1): value must be a positive integer"],
  [
    { AutoRemove: true, RestartPolicy: { Name: "always" } },
    400,
    "can't create 'AutoRemove' container with restart policy",
  ],
  [{ Runtime: "bogus" }, 400, "unknown or invalid runtime name: bogus"],
  [{ IpcMode: "bogus" }, 400, "invalid IPC mode: bogus"],
  [{ PidMode: "bogus" }, 400, "invalid PID mode: bogus"],
  [{ UTSMode: "bogus" }, 400, "invalid UTS mode: bogus"],
  [{ CgroupnsMode: "bogus" }, 400, "invalid cgroup namespace mode: bogus"],
  [{ CapAdd: ["BOGUS"] }, 400, 'invalid CapAdd: unknown capability: "CAP_BOGUS"'],
  [{ CapDrop: ["BOGUS"] }, 400, 'invalid CapDrop: unknown capability: "CAP_BOGUS"'],
  [{ Links: [nobody] }, 400, `could not get container for ${nobody}: ${noContainer}`],
  [
    { Links: [nobody], NetworkMode: "host" },
    400,
    "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
  ],
  [{ PortBindings: { "80/tcp": [{ HostPort: "x" }] } }, 400, 'invalid port specification: "x"'],
  [{ PortBindings: { "x/tcp": [{ HostPort: "" }] } }, 400, 'invalid port specification: "x"'],
  [{ ExtraHosts: ["bogus"] }, 400, 'bad format for add-host: "bogus"'],
  [{ ShmSize: -1 }, 400, "SHM size can not be less than 0"],
  [{ OomScoreAdj: 5000 }, 400, "Invalid value 5000, range for oom score adj is [-1000, 1000]"],
  [{ VolumesFrom: [nobody] }, 400, noContainer],
  [
    { Binds: ["/x:rel"] },
    500,
    `invalid volume specification: '/x:rel': invalid mount config for type "bind": invalid mount path: 'rel' mount path must be absolute`,
  ],
  [{ LogConfig: { Type: "bogus" } }, 400, 'error looking up logging plugin bogus: plugin "bogus" not found'],
];

/** What a new container cannot have else. */
const configs: readonly Mistake[] = [
  [{ Image: "" }, 400, "no command specified"],
  [{ Image: "no-such-image" }, 404, noImage],
  [{ Entrypoint: [""] }, 400, "no command specified"],
  [{ WorkingDir: "rel" }, 400, "the working directory 'rel' is invalid, it needs to be an absolute path"],
  [{ Env: ["=x"] }, 400, "invalid environment variable: =x"],
  [{ StopSignal: "BOGUS" }, 400, "invalid signal: BOGUS"],
  [{ Healthcheck: { Interval: 1 } }, 400, "Interval in Healthcheck cannot be less than 1ms"],
  [{ Healthcheck: { Timeout: 1 } }, 400, "Timeout in Healthcheck cannot be less than 1ms"],
  [{ Healthcheck: { StartPeriod: 1 } }, 400, "StartPeriod in Healthcheck cannot be less than 1ms"],
  [{ Healthcheck: { Retries: -1 } }, 400, "Retries in Healthcheck cannot be negative"],
];

const withBodies: readonly Refusal[] = [
  ["POST /containers/create?name=bad%20name", { Image: testImage }, 400, noName("bad name")],
  [
    "POST /containers/create?platform=linux/s390x",
    { Image: testImage },
    404,
    `image with reference ${testImage} was found but its platform (linux/amd64) does not match the specified platform (linux/s390x)`,
  ],
  [
    "POST /containers/create?platform=bogus",
    { Image: testImage },
    400,
    '"bogus": unknown operating system or architecture: invalid argument',
  ],
  [`POST /containers/${nobody}/update`, { Memory: 1e6 }, 400, "Minimum memory limit allowed is 6MB"],
  [`POST /containers/${nobody}/update`, {}, 404, noContainer],
  ["POST /containers/{created}/exec", { Cmd: ["true"] }, 409, "container {created} is not running"],
  [
    "POST /containers/{paused}/exec",
    { Cmd: ["true"] },
    409,
    "Container {paused} is paused, unpause the container before exec",
  ],
  ["POST /containers/{running}/exec", { Cmd: [] }, 400, "No exec command specified"],
  [
    "POST /containers/{running}/exec",
    { Cmd: ["true"], User: "bogus" },
    400,
    "unable to find user bogus: no matching entries in passwd file",
  ],
  [
    "POST /containers/{running}/exec",
    { Cmd: ["true"], User: "root:bogus" },
    400,
    "unable to find group bogus: no matching entries in group file",
  ],
  ["POST /exec/bogus/start", {}, 404, "No such exec instance: bogus"],
  ["POST /networks/create", { Name: "" }, 400, "invalid name: name is empty"],
  ["POST /networks/no-such-network/disconnect", { Container: nobody }, 404, noContainer],
  ["POST /networks/bridge/connect", { Container: nobody }, 404, noContainer],
  [
    "POST /volumes/create",
    { Name: "a b" },
    400,
    'create a b: "a b" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
  ],
];

const made = { Image: testImage, Labels: testLabels };
const refusals: readonly Refusal[] = [
  ...bare.map(([request, ...answer]): Refusal => [request, undefined, ...answer]),
  ...filters.map(
    ([request, asked, ...answer]): Refusal => [
      `${request}?filters=${encodeURIComponent(JSON.stringify(asked))}`,
      undefined,
      ...answer,
    ],
  ),
  ...limits.map(([body, ...answer]): Refusal => ["POST /containers/{created}/update", body, ...answer]),
  ...hostConfigs.map(
    ([HostConfig, ...answer]): Refusal => ["POST /containers/create", { ...made, HostConfig }, ...answer],
  ),
  ...configs.map(([config, ...answer]): Refusal => ["POST /containers/create", { ...made, ...config }, ...answer]),
  ...withBodies,
];

forEachEngine("a request that is refused", (engine) => {
  const { create, start } = useWorkbench(engine);

  it("is told why, in the words of Docker 28.5", async () => {
    const facts = await engine.facts();
    if (!facts.isEmbedded && facts.apiVersion !== apiVersion) return;
    const [created, running, paused] = await Promise.all([create(), start(), start()]);
    const ids = Object.entries({ created, running, paused });
    const withIds = (text: string) => ids.reduce((filled, [name, id]) => filled.replaceAll(`{${name}}`, id), text);
    await answerTo(engine.host, "POST", `/containers/${paused}/pause`);
    const answers: unknown[] = [];
    for (const [request, body] of refusals) {
      const [method = "", path = ""] = request.split(" ", 2);
      const ask = () => answerTo(engine.host, method, `/v${apiVersion}${withIds(path)}`, body);
      let { status, text } = await ask();
      while (/a prune operation is already running/.test(text)) {
        ({ status, text } = await ask()); // that of another test
      }
      answers.push([request, body, status, JSON.parse(text)]);
    }
    assert.deepEqual(
      answers,
      refusals.map(([request, body, status, message]) => [request, body, status, { message: withIds(message) }]),
    );
  });
});
