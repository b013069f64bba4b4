import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Garbage is no leak: when it goes is V8's own affair, and differs from one version and machine to the next. */
export const collectGarbage: () => void = runInNewContext("gc"); // the flag shows in contexts that are made later

/** The bytes of JavaScript's own heap that are in use, without garbage. */
export function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** What the process holds in JavaScript's heap and in buffers, without garbage. */
export function heldBytes(): number {
  collectGarbage();
  return usedBytes();
}

/** What the process holds, of which some may be garbage. */
export function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
