import type { CallOptions } from "../engine/call-options.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import { EngineStreamError } from "../errors/engine-stream-error.ts";
import type { ContainerWaitOutcome } from "../generated/outcomes.ts";

/** How long an engine may take to say that it waits, in milliseconds: the limit of the headers, which come before. */
const headersMs = 30_000;

/**
 * Resolves when the engine waits for the container's next end, so that the container may be started then and no end be
 * missed (moby:daemon/server/router/container/container_routes.go:409-472). Not `removed`: Podman 4.3 then forgets the
 * exit code.
 */
export async function watchExit(
  engine: Engine,
  id: string,
  { signal, timeouts }: CallOptions,
): Promise<{ readonly code: Promise<number> }> {
  let begun: () => void = () => {};
  const answered = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const input = {
    signal,
    timeouts: { headersMs, ...timeouts },
    path: { id },
    parameters: { condition: "next-exit" },
  };
  const code = exitCode(engine.outcome<ContainerWaitOutcome>("ContainerWait", input, undefined, () => begun()));
  // Whoever stops to wait for the code, because something else failed, has that failure.
  code.catch(() => {});
  await Promise.race([answered, code]);
  return { code };
}

async function exitCode(waiting: Promise<ContainerWaitOutcome>): Promise<number> {
  const { StatusCode, Error: failure } = unwrapper("ContainerWait")(await waiting);
  // A wait that fails on the engine's side has answered 200 already.
  if (failure?.Message) {
    throw new EngineStreamError(failure.Message, { operation: "ContainerWait" });
  }
  return StatusCode;
}
