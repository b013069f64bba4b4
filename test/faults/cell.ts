import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Docker } from "../../src/index.ts";
import { assertNothingLeft, liveResources } from "../support/leaks.ts";
import type { RawServer } from "../support/raw-server.ts";
import { type Caller, type KindOfCall, kindsOfCall } from "./calls.ts";
import { assertEnding, reason, type Trial, waitsForEver } from "./expected.ts";
import { cancellations, comesFirst, type Fault, faults } from "./faults.ts";
import { Misbehaviour } from "./misbehaviour.ts";
import { Source } from "./source.ts";
import type { Way } from "./ways.ts";

/** How long a call may take to end once there is a reason for it. */
const patienceMs = 10_000;

/** All trials of one fault of one kind of call. A plain call has no loop that could be left. */
export function trialsOf(kind: KindOfCall, fault: Fault): readonly Trial[] {
  return cancellations
    .filter(({ how }) => how !== "leave" || kind.iterated)
    .map((cancellation) => ({ kind, fault, cancellation }));
}

/** All trials that are made over each way. */
export const trials: readonly Trial[] = kindsOfCall.flatMap((kind) => faults.flatMap((fault) => trialsOf(kind, fault)));

/** Makes the trial over that way; rejects if anything is not as promised. */
export async function runCell(way: Way, trial: Trial): Promise<void> {
  const before = liveResources();
  await inPlace(way, trial);
  await assertNothingLeft(before);
}

async function inPlace(way: Way, trial: Trial): Promise<void> {
  await using place = await way.open();
  const controller = new AbortController();
  const misbehaviour = new Misbehaviour(trial, controller);
  const listen = () => place.listen((connection) => misbehaviour.serve(connection));
  let server = trial.fault.at === "connect" ? undefined : await listen();
  const docker = new Docker({ ...place.options, apiVersion: "1.51" });
  try {
    assertEnding(trial, await ending(docker, trial, { way, misbehaviour, controller }));
    await server?.clientLeft();
    await assertUnheard(controller.signal);
    if (trial.cancellation.at === "call") {
      assert.equal(server?.connections.length ?? 0, 0, "no connection is made for a call that is aborted already");
    }
    server ??= await listen();
    misbehaviour.over = true;
    await assertWorks(docker, server, waitsForEver(trial));
  } finally {
    await docker.close();
    await server?.close();
  }
}

/** Nobody listens to the signal any more; a connection that was taken over leaves it when it has closed. */
async function assertUnheard(signal: AbortSignal): Promise<void> {
  const listeners = () => getEventListeners(signal, "abort").length;
  for (let waitedMs = 0; listeners() > 0 && waitedMs < 1_000; waitedMs += 5) {
    await delay(5);
  }
  assert.equal(listeners(), 0, "nobody listens to the signal any more");
}

/** Makes the call, and resolves with what it throws. */
async function ending(
  docker: Docker,
  trial: Trial,
  { way, misbehaviour, controller }: { way: Way; misbehaviour: Misbehaviour; controller: AbortController },
): Promise<unknown> {
  const { kind, fault, cancellation } = trial;
  if (cancellation.at === "call") {
    controller.abort(reason);
  }
  const source = new Source(cancellation.at === "request");
  const ended = kind.run(docker, callerOf(trial, way, source, controller)).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (waitsForEver(trial)) {
    await within(misbehaviour.stalled, `${fault.name}: the engine was not reached`);
    assert.equal(await Promise.race([ended, delay(20, "pending")]), "pending", "nothing ends the call by itself");
    await docker.close();
  }
  const error = await within(ended, "the call does not end");
  await within(source.left, "the source of the upload is not told that it is over");
  return error;
}

function callerOf(
  { fault, cancellation }: Trial,
  { limitMs }: Way,
  source: Source,
  controller: AbortController,
): Caller {
  const now = cancellation.at === "piece" && comesFirst(cancellation, fault);
  const onPiece = () => {
    if (now && cancellation.how === "abort") {
      controller.abort(reason);
    }
    return now && cancellation.how === "leave" ? "leave" : "stay";
  };
  const timeouts = { connectMs: patienceMs, headersMs: limitMs, idleMs: limitMs };
  const limits = cancellation.how === "limit" ? { timeouts } : {};
  return { options: { signal: controller.signal, ...limits }, onPiece, source: source.pieces() };
}

/** The client works on, unless it was closed. */
async function assertWorks(docker: Docker, server: RawServer, closed: boolean): Promise<void> {
  if (closed) {
    await assert.rejects(Promise.resolve(docker.system.ping()), /The client was closed/);
    return;
  }
  const madeBefore = server.connections.length;
  await docker.system.ping();
  assert.equal(server.connections.length, madeBefore + 1, "a connection that failed is not used again");
}

async function within<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  const late = new AbortController();
  const timer = delay(patienceMs, undefined, { signal: late.signal }).then(
    () => assert.fail(`${otherwise} within ${patienceMs} ms`),
    () => promise,
  );
  try {
    return await Promise.race([promise, timer]);
  } finally {
    late.abort();
  }
}
