import type {
  Call,
  ContainerCreateResponse,
  ContainerInspectResponse,
  ContainerSummary,
  ContainerWaitResponse,
  Docker,
  DockerOptions,
  EngineStream,
  EventMessage,
  Frame,
  Line,
  LogStream,
  ProgressEvent,
  PullResult,
  UpgradedConnection,
} from "../src/index.ts";
import { same } from "./generated.ts";

declare const docker: Docker;
const { containers, images, system } = docker;

/** What `await` gives for a call. */
type Value<C> = C extends PromiseLike<infer T> ? T : never;
/** What an iteration gives. */
type Item<C> = C extends AsyncIterable<infer T> ? T : never;

/** Every call of the first seven, with a switch that the compiler knows to be complete. */
export async function exhaustive(): Promise<string | number | undefined> {
  const listed = await containers.list().outcome();
  switch (listed.kind) {
    case "Succeeded":
      return listed.value[0]?.Id;
    case "BadParameter":
    case "ServerError":
      return listed.error.message;
    default:
      return listed satisfies never;
  }
}

export async function create(): Promise<string> {
  const outcome = await containers.create({ Image: "alpine:3" }).outcome();
  switch (outcome.kind) {
    case "Succeeded":
      same<typeof outcome.status, 201>();
      return outcome.value.Id;
    case "NoSuchImage":
      same<typeof outcome.status, 404>();
      return outcome.error.message;
    case "BadParameter":
    case "Conflict":
    case "ServerError":
      return outcome.error.message;
    default:
      return outcome satisfies never;
  }
}

export async function start(): Promise<string | undefined> {
  const outcome = await containers.start("web").outcome();
  switch (outcome.kind) {
    case "Succeeded":
    case "AlreadyStarted":
      return outcome.value;
    case "BadParameter":
    case "NoSuchContainer":
    case "ServerError":
      return outcome.error.message;
    default:
      return outcome satisfies never;
  }
}

export async function stop(): Promise<string | undefined> {
  const outcome = await containers.stop("web").outcome();
  switch (outcome.status) {
    case 204:
    case 304:
      return outcome.value;
    case 404:
    case 500:
      return outcome.error.message;
    default:
      return outcome satisfies never;
  }
}

export async function wait(): Promise<string | number> {
  const outcome = await containers.wait("web").outcome();
  switch (outcome.kind) {
    case "Succeeded":
      return outcome.value.StatusCode;
    case "BadParameter":
    case "NoSuchContainer":
    case "ServerError":
      return outcome.error.message;
    default:
      return outcome satisfies never;
  }
}

export async function remove(): Promise<string | undefined> {
  const outcome = await containers.remove("web").outcome();
  switch (outcome.kind) {
    case "Succeeded":
      return outcome.value;
    case "BadParameter":
    case "NoSuchContainer":
    case "Conflict":
    case "ServerError":
      return outcome.error.message;
    default:
      return outcome satisfies never;
  }
}

export async function logs(): Promise<string> {
  const outcome = await containers.logs("web").outcome();
  switch (outcome.kind) {
    case "Succeeded":
      return outcome.value.text();
    case "BadParameter":
    case "NoSuchContainer":
    case "ServerError":
    case "NotSupported":
      return outcome.error.message;
    default:
      return outcome satisfies never;
  }
}

/** A case that is forgotten does not compile. */
export async function forgetful(): Promise<string | undefined> {
  const outcome = await containers.start("web").outcome();
  switch (outcome.kind) {
    case "Succeeded":
    case "AlreadyStarted":
      return outcome.value;
    case "BadParameter":
    case "ServerError":
      return outcome.error.message;
    default:
      // @ts-expect-error NoSuchContainer is missing
      return outcome satisfies never;
  }
}

/** A kind that the operation does not document does not compile, nor does a value where there is an error. */
export async function inventive(): Promise<unknown> {
  const outcome = await containers.stop("web").outcome();
  // @ts-expect-error ContainerStop documents no Conflict
  const isConflict = outcome.kind === "Conflict";
  // @ts-expect-error a failure has no value
  return isConflict || (outcome.kind === "NoSuchContainer" && outcome.value);
}

/** What `await` and iterations give: nothing of it is `any`, which is the same as no other type. */
same<Value<ReturnType<typeof containers.list>>, ContainerSummary[]>();
same<Value<ReturnType<typeof containers.create>>, ContainerCreateResponse>();
same<Value<ReturnType<typeof containers.inspect>>, ContainerInspectResponse>();
same<Value<ReturnType<typeof containers.start>>, undefined>();
same<Value<ReturnType<typeof containers.stop>>, undefined>();
same<Value<ReturnType<typeof containers.kill>>, undefined>();
same<Value<ReturnType<typeof containers.remove>>, undefined>();
same<Value<ReturnType<typeof containers.wait>>, ContainerWaitResponse>();
same<Value<ReturnType<typeof containers.logs>>, LogStream>();
same<Item<ReturnType<typeof containers.logs>>, Frame>();
same<Item<ReturnType<ReturnType<typeof containers.logs>["lines"]>>, Line>();
same<Value<ReturnType<ReturnType<typeof containers.logs>["text"]>>, string>();
same<Value<ReturnType<typeof images.pull>>, PullResult>();
same<Item<ReturnType<typeof images.pull>>, ProgressEvent>();
same<Value<ReturnType<typeof system.events>>, EngineStream<EventMessage>>();
same<Item<ReturnType<typeof system.events>>, EventMessage>();
same<EventMessage["timeNano"], bigint>();
containers.start("web").then(() => 1) satisfies Promise<number>;
containers.start("web") satisfies Call<undefined, unknown>;

/** The Engine's `signal` is text; what ends a call is `abortSignal` beside it, and `signal` elsewhere. */
const { signal } = new AbortController();
containers.kill("web", { signal: "SIGINT", abortSignal: signal }) satisfies Promise<undefined>;
containers.stop("web", { t: 0, abortSignal: signal }) satisfies Promise<undefined>;
containers.restart("web", { abortSignal: undefined }) satisfies Promise<undefined>;
containers.start("web", { signal, timeouts: { headersMs: 5 } }) satisfies Promise<undefined>;
// @ts-expect-error an AbortSignal is no signal for a container
containers.kill("web", { signal }) satisfies Promise<undefined>;
// @ts-expect-error other calls have no abortSignal
containers.start("web", { abortSignal: signal }) satisfies Promise<undefined>;

/** Slips of the pen do not compile. */
// @ts-expect-error all
containers.list({ al: true }) satisfies Promise<unknown>;
// @ts-expect-error status
containers.list({ filters: { state: ["exited"] } }) satisfies Promise<unknown>;
// @ts-expect-error a list of texts
containers.list({ filters: { status: "exited" } }) satisfies Promise<unknown>;
// @ts-expect-error Image
containers.create({ Imag: "x" }) satisfies Promise<unknown>;
// @ts-expect-error HostConfig.Memory
containers.create({ Image: "x", HostConfig: { memory: 1 } }) satisfies Promise<unknown>;
// @ts-expect-error signal
containers.kill("web", { signall: "x" }) satisfies Promise<unknown>;
// @ts-expect-error not-running, next-exit or removed
containers.wait("web", { condition: "bad" }) satisfies Promise<unknown>;
// @ts-expect-error name is required
containers.rename("web", {}) satisfies Promise<unknown>;
// @ts-expect-error follow
containers.logs("web", { folow: true }) satisfies Promise<unknown>;
// @ts-expect-error tail is text
containers.logs("web", { tail: 5 }) satisfies Promise<unknown>;
images.pull("alpine:3", { registryAuth: false }) satisfies Promise<PullResult>;
images.build("app", { registryConfig: false }) satisfies Promise<unknown>;
docker.services.create({}, { registryAuth: true }) satisfies Promise<unknown>;
// @ts-expect-error a name alone is no credentials
images.pull("alpine:3", { registryAuth: "ann" }) satisfies Promise<unknown>;
// @ts-expect-error a login has a password
docker.registry.login({ username: "ann" }) satisfies Promise<unknown>;
// @ts-expect-error true is not where credentials are
({ credentials: true }) satisfies DockerOptions;
// @ts-expect-error registryAuth
images.pull("alpine:3", { auth: {} }) satisfies Promise<unknown>;
docker.request("ImageGet", { path: { name: "x" } }) satisfies Promise<AsyncIterable<Uint8Array>>;
docker.request("ContainerAttach", { path: { id: "web" } }) satisfies Promise<UpgradedConnection>;
// @ts-expect-error ContainerList
docker.request("ContainersList") satisfies Promise<unknown>;
