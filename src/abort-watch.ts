/** Those who wait for one signal, and the one listener that tells them. */
interface Watch {
  readonly waiting: Set<() => void>;
  readonly tell: () => void;
}

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Calls `aborted` when the signal is aborted. However many calls share a signal, it gets one listener: Node warns of a
 * leak at the eleventh.
 */
export function watchAbort(signal: AbortSignal, aborted: () => void): void {
  const watch = watches.get(signal) ?? startWatch(signal);
  watch.waiting.add(aborted);
}

/** Takes back `watchAbort`. The last to leave removes the listener from the signal. */
export function unwatchAbort(signal: AbortSignal, aborted: () => void): void {
  const watch = watches.get(signal);
  if (watch?.waiting.delete(aborted) && watch.waiting.size === 0) {
    signal.removeEventListener("abort", watch.tell);
    watches.delete(signal);
  }
}

function startWatch(signal: AbortSignal): Watch {
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const aborted of waiting) {
      aborted();
    }
  };
  signal.addEventListener("abort", tell);
  const watch = { waiting, tell };
  watches.set(signal, watch);
  return watch;
}
