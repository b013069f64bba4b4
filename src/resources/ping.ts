import { Call } from "../call.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import { Lifetime } from "../engine/lifetime.ts";
import { ConnectError } from "../errors/connect-error.ts";
import { RequestError } from "../errors/request-error.ts";
import { ResponseError } from "../errors/response-error.ts";
import { TimeoutError } from "../errors/timeout-error.ts";
import type { SystemPingResponse } from "../generated/models.ts";
import type { Answer } from "../generated/outcome.ts";
import type { SystemPingHeadOutcome } from "../generated/outcomes.ts";

/** Options of `docker.ping`. */
export interface PingOptions {
  /** How long the engine may take, from the dial to the answer, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Ends the call with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/** An engine that is up, as it describes itself in one short answer. */
export interface PingResult {
  /** `Docker` or `Podman`; undefined if the engine, or what stands before it, does not say. */
  readonly product: string | undefined;
  /** The engine's own version, e.g. `28.5.2`; undefined if it does not say. */
  readonly version: string | undefined;
  /** The newest API version that it speaks, e.g. `1.51`; undefined if it does not say. */
  readonly apiVersion: string | undefined;
  /** The operating system of its containers, e.g. `linux`; undefined if it does not say. */
  readonly os: string | undefined;
  /** How long the answer took, in milliseconds, the connection included if one had to be opened. */
  readonly tookMs: number;
}

/** The engine gave no answer: it is down, or there is no way to it, or it is not well. */
export interface Unreachable {
  readonly kind: "Unreachable";
  /** There was no answer, and so no status. */
  readonly status: undefined;
  /** What `await` throws. */
  readonly error: ConnectError | TimeoutError | RequestError | ResponseError;
}

/** What `docker.ping` may come to. */
export type PingOutcome =
  | Answer<"Succeeded", 200, PingResult>
  | Exclude<SystemPingHeadOutcome, { readonly value: unknown }>
  | Unreachable;

/** A running `docker.ping`. */
export type PingCall = Call<PingResult, PingOutcome>;

const defaultTimeoutMs = 5_000;

/** Does what `docker.ping` says. */
export function ping(engine: Engine, options: PingOptions): PingCall {
  return new Call<PingResult, PingOutcome>(outcomeOf(engine, options), (outcome) => {
    if (outcome.kind === "Unreachable") {
      throw outcome.error;
    }
    return unwrapper("SystemPingHead")(outcome);
  });
}

async function outcomeOf(engine: Engine, { signal, timeoutMs = defaultTimeoutMs }: PingOptions): Promise<PingOutcome> {
  const lifetime = new Lifetime({ signal, timeoutMs });
  try {
    lifetime.check();
    return await ask(engine, lifetime.signal);
  } catch (cause) {
    const error = lifetime.reason(cause);
    if (isUnreachable(error)) {
      return { kind: "Unreachable", status: undefined, error };
    }
    throw error;
  } finally {
    lifetime.dispose();
  }
}

async function ask(engine: Engine, signal: AbortSignal): Promise<PingOutcome> {
  const startedMs = performance.now();
  let server: string | undefined;
  const outcome = await engine.outcome<SystemPingHeadOutcome>("SystemPingHead", { signal }, undefined, (response) => {
    server = response.headers["server"]?.toString();
  });
  return outcome.kind === "Succeeded"
    ? { ...outcome, value: describe(outcome.value, server, performance.now() - startedMs) }
    : outcome;
}

function isUnreachable(error: unknown): error is Unreachable["error"] {
  return [ConnectError, TimeoutError, RequestError, ResponseError].some((kind) => error instanceof kind);
}

/** `Server` is like `Docker/28.5.2 (linux)` (moby:daemon/server/middleware/version.go:69) or `Libpod/5.4.2 (linux)`. */
function describe(headers: SystemPingResponse, server: string | undefined, tookMs: number): PingResult {
  const [, name, version] = /^(\w+)\/(\d+(?:\.\d+)*)/.exec(server ?? "") ?? [];
  return {
    product: name === "Libpod" ? "Podman" : name,
    version,
    apiVersion: headers["Api-Version"],
    os: headers.Ostype,
    tookMs,
  };
}
