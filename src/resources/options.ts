import type { CallOptions, SignallingCallOptions } from "../engine/call-options.ts";
import type { CallInput } from "../engine/request.ts";

/** Parts the options of a call into the Engine's parameters and our own. */
export function split(options: CallOptions): CallInput {
  const { signal, timeouts, ...parameters } = options;
  return { signal, timeouts, parameters };
}

/** The same for calls whose parameters have a `signal` of their own. */
export function splitSignalling(options: SignallingCallOptions): CallInput {
  const { abortSignal, timeouts, ...parameters } = options;
  return { signal: abortSignal, timeouts, parameters };
}
