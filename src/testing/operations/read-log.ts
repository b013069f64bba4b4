import type { Container } from "../state/container.ts";
import type { LogEntry } from "../state/container-log.ts";
import { goTime } from "../state/timestamps.ts";

/** Which part of a log is wanted, and how it is written. */
export interface LogQuery {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** How many of the last entries; undefined for all. */
  readonly tail: number | undefined;
  /** What precedes each entry, such as the container's labels; undefined for nothing. */
  readonly details: string | undefined;
  readonly signal: AbortSignal;
}

/** Reads what a container has printed, and with `follow` what it prints until it ends. */
export async function* readLog(container: Container, query: LogQuery): AsyncGenerator<LogEntry> {
  const { log } = container;
  const wanted = (entry: LogEntry) =>
    query[entry.stream] && entry.timeMs >= query.sinceMs && entry.timeMs <= query.untilMs;
  let place = log.end;
  yield* tailOf(log.kept().entries.filter(wanted), query.tail).map((entry) => written(entry, query));
  while (query.follow && !query.signal.aborted) {
    for (; place < log.end; place += 1) {
      const entry = log.at(place);
      if (entry !== undefined && wanted(entry)) {
        yield written(entry, query);
      }
    }
    if (!container.isRunning || query.untilMs < Number.POSITIVE_INFINITY) {
      return;
    }
    await more(container, place, query.signal);
  }
}

function tailOf<T>(entries: readonly T[], count: number | undefined): readonly T[] {
  return count === undefined ? entries : count === 0 ? [] : entries.slice(-count);
}

function written(entry: LogEntry, { timestamps, details }: LogQuery): LogEntry {
  const prefix = `${timestamps ? `${goTime(entry.timeMs)} ` : ""}${details === undefined ? "" : `${details} `}`;
  return prefix === "" ? entry : { ...entry, bytes: Buffer.concat([Buffer.from(prefix), entry.bytes]) };
}

/** Resolves when there is more to read than up to `place`, or the container has ended, or on the signal. */
async function more(container: Container, place: number, signal: AbortSignal): Promise<void> {
  if (container.log.end > place) {
    return;
  }
  await new Promise<void>((resolve) => {
    const settle = () => {
      unlisten();
      signal.removeEventListener("abort", settle);
      resolve();
    };
    const unlisten = container.log.listen(settle);
    signal.addEventListener("abort", settle);
  });
}
