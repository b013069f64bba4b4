import assert from "node:assert/strict";
import { after, afterEach } from "node:test";
import { type Call, type ContainerCreateRequest, Docker, StatusError, UnexpectedStatusError } from "../../src/index.ts";
import { request } from "../support/engine-request.ts";
import { type TestEngine, testImage, testLabels } from "../support/engines.ts";
import { leakCheck } from "../support/leaks.ts";

/** What the tests of one suite share: a client, and containers that are removed after each test; no test may leak. */
export interface Workbench {
  readonly docker: Docker;
  /** Creates a container of the test image and gives its id. Default: one that sleeps. */
  create(spec?: Partial<ContainerCreateRequest>): Promise<string>;
  /** The same, and starts it. */
  start(spec?: Partial<ContainerCreateRequest>): Promise<string>;
  /** The same for a shell script, and waits until it has ended. */
  run(script: string, spec?: Partial<ContainerCreateRequest>): Promise<string>;
}

/** Sets up a workbench inside the body of `forEachEngine`. */
export function useWorkbench(engine: TestEngine): Workbench {
  const docker = new Docker({ host: engine.host });
  const made = new Set<string>();
  const create: Workbench["create"] = async (spec) => {
    const { Id } = await docker.containers.create({ ...sleeper, ...spec });
    made.add(Id);
    return Id;
  };
  const start: Workbench["start"] = async (spec) => {
    const id = await create(spec);
    await docker.containers.start(id);
    return id;
  };
  const run: Workbench["run"] = async (script, spec) => {
    const id = await start({ Cmd: ["sh", "-c", script], ...spec });
    await docker.containers.wait(id);
    if ((await engine.facts()).isPodman) {
      await until(() => isCleanedUp(engine, id), "Podman has cleaned up after the container");
    }
    return id;
  };
  afterEach(async () => {
    await Promise.all([...made].map((id) => docker.containers.remove(id, { force: true, v: true }).outcome()));
    made.clear();
  });
  leakCheck();
  after(() => docker.close());
  return { docker, create, start, run };
}

/**
 * Podman unmounts a container's files some time after it has ended, when its state, which only its own API tells, goes from
 * `stopped` to `exited`; an archive that is read at that moment is empty (observed on 5.4).
 */
async function isCleanedUp({ host }: TestEngine, id: string): Promise<boolean> {
  const { State } = await request<{ State: { Status: string } }>(host, "GET", `/v4.0.0/libpod/containers/${id}/json`);
  return State.Status !== "stopped";
}

/** A container that does nothing until it is ended, which `SIGTERM` does not do. */
export const sleeper: ContainerCreateRequest = {
  Image: testImage,
  Cmd: ["sleep", "300"],
  Labels: testLabels,
  StopSignal: "SIGKILL",
};

/** An id that no container has. */
export const nobody: string = "no-such-container";

/** A name that no other test uses. */
export function freshName(): string {
  return `fairlead-${process.pid}-${Math.random().toString(36).slice(2)}`;
}

interface AnyOutcome {
  readonly kind: string;
  /** Undefined for what is told of an engine that gave no answer. */
  readonly status: number | undefined;
}

/** Takes both views of a call that must succeed as `kind`, checks that they agree, and gives the value. */
export async function succeeds<T, O extends AnyOutcome>(
  call: Call<T, O>,
  kind: O["kind"],
  status?: number,
): Promise<T> {
  const [value, outcome] = await Promise.all([call, call.outcome()]);
  assert.equal(outcome.kind, kind);
  assert.equal(outcome.status, status ?? outcome.status);
  assert.ok("value" in outcome && !("error" in outcome));
  assert.equal(outcome.value, value);
  return value;
}

/** Takes both views of a call that must fail as `kind`, and checks that they say the same. */
export async function fails<T, O extends AnyOutcome>(
  call: Call<T, O>,
  kind: O["kind"],
  status: number,
  message: RegExp = /./,
): Promise<void> {
  const outcome = await call.outcome();
  const said = messageOf(outcome);
  assert.deepEqual([outcome.kind, outcome.status], [kind, status], said);
  assert.match(said, message);
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof StatusError);
    assert.deepEqual([error.kind, error.status, error.engineMessage], [kind, status, said]);
    assert.ok(error.message.includes(said));
    return true;
  });
}

/** The same for a call that fails in one of several ways, where engines of one kind differ among themselves. */
export async function failsInOneWay<T, O extends AnyOutcome>(
  call: Call<T, O>,
  ways: readonly (readonly [kind: O["kind"], status: number])[],
  message: RegExp = /./,
): Promise<void> {
  const { kind, status } = await call.outcome();
  const way = ways.find((each) => each[0] === kind && each[1] === status);
  assert.ok(way, `${kind} ${status} is not among ${JSON.stringify(ways)}`);
  await fails(call, ...way, message);
}

/** Checks that both views of a call throw an answer that its operation does not document. */
export async function failsUndocumented<T, O>(call: Call<T, O>, status: number, message: RegExp): Promise<void> {
  for (const view of [call.outcome(), call]) {
    await assert.rejects(view, (error) => {
      assert.ok(error instanceof UnexpectedStatusError);
      assert.deepEqual([error.status, error.response.status], [status, status], error.message);
      assert.match(error.engineMessage, message);
      assert.ok(error.response.body.byteLength > 0);
      return true;
    });
  }
}

/** Whether the engine is the embedded one, which has not what the call wants, and must say so. */
export async function isLacking(engine: TestEngine, call: () => PromiseLike<unknown>): Promise<boolean> {
  const { isEmbedded } = await engine.facts();
  if (isEmbedded) {
    await assert.rejects(
      async () => await call(),
      (error) =>
        error instanceof UnexpectedStatusError &&
        error.status === 501 &&
        error.engineMessage.endsWith("is not implemented by Fairlead's embedded engine"),
    );
  }
  return isEmbedded;
}

/** Whether the engine is a Podman before 5, which answers in ways of its own. */
export async function isOldPodman(engine: TestEngine): Promise<boolean> {
  const { isPodman, version } = await engine.facts();
  return isPodman && Number.parseInt(version, 10) < 5;
}

/**
 * Types keys until a stream has ended that they let go. Podman recognizes them if they come one by one; one that is busy may
 * take all at once, and then they are typed again.
 */
export async function typeUntil(
  ended: Promise<unknown>,
  keys: string,
  type: (key: string) => Promise<unknown> | unknown,
): Promise<void> {
  let isOver = false;
  const over = ended.finally(() => {
    isOver = true;
  });
  for (let pauseMs = 200; !isOver; pauseMs *= 2) {
    for (const key of keys) {
      await Promise.resolve(type(key)).catch((error: unknown) => assert.ok(isOver, String(error)));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  await over;
}

/**
 * Polls until the condition holds; fails after 20 seconds, or as many milliseconds as are given. The client closes idle
 * connections after 30: who waits that long for a connection to be closed learns nothing.
 */
export async function until(
  condition: () => Promise<boolean> | boolean,
  what: string,
  limitMs: number = 20_000,
): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await condition()); ) {
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function messageOf(outcome: AnyOutcome): string {
  const { error } = outcome as { readonly error?: { readonly message: string } }; // what a Failure holds
  return error?.message ?? `it succeeded as ${outcome.kind}`;
}
