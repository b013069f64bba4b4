import type { Trial } from "../../test/faults/expected.ts";

/** One cell of the matrix, and what was wrong with it. */
export interface Tried {
  readonly way: string;
  readonly trial: Trial;
  readonly error: string | undefined;
}

/** Writes the page: the promises, and how often each was tried. */
export function printReliability(tried: readonly Tried[]): string {
  const ways = unique(tried.map(({ way }) => way));
  const kinds = unique(tried.map(({ trial }) => trial.kind.name));
  const faults = unique(tried.map(({ trial }) => trial.fault.name));
  const cancellations = unique(tried.map(({ trial }) => trial.cancellation.name));
  const rows = faults.map((fault) => [
    fault,
    ...kinds.map((kind) => summary(tried, ({ trial }) => trial.fault.name === fault && trial.kind.name === kind)),
  ]);
  return `${[
    introduction,
    `Tried: ${tried.length} cells, ${tried.filter(({ error }) => error === undefined).length} as promised. They are all
combinations of

- ${ways.length} ways to the engine: ${ways.join(", ")};
- ${kinds.length} kinds of calls: ${kinds.join(", ")};
- ${faults.length} faults: ${faults.join(", ")};
- ${cancellations.length} ends by the caller: ${cancellations.join(", ")}. A plain call has no loop.

Where the fault comes before the moment of the caller's end, the fault is what the caller is told. The table has the
cells that were as promised, of those that were tried, over all ways.`,
    table(["fault", ...kinds], rows),
    ending,
  ].join("\n\n")}\n`;
}

function summary(tried: readonly Tried[], belongs: (cell: Tried) => boolean): string {
  const cells = tried.filter(belongs);
  return `${cells.filter(({ error }) => error === undefined).length} of ${cells.length}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

const introduction = `# Reliability

<!-- Written by scripts/reliability/main.ts from what it tried. -->

## What is promised

1. Every call ends: with its answer, with an error of one of the [documented classes](errors.md), or when its caller
   ends it. A call that has no limits waits for a silent engine until its signal or \`docker.close()\` ends it.
2. The error says what happened. Nothing was sent: \`ConnectError\`. The connection broke before the answer's headers
   were whole: \`RequestError\`. It broke inside the answer: \`ResponseError\`. Too slow: \`TimeoutError\` with the name of
   the limit. Ended by the caller: \`AbortError\` with the signal's reason as \`cause\`. Each holds the operation and the
   path, and the platform's error as \`cause\` where there is one.
3. For a signal that is aborted already no connection is made.
4. When a call has ended, its connection is closed or back in the pool, its timers are cleared, its signal has no
   listeners, and the source of an upload has been told that nobody reads it.
5. The client works on after each failure, over a new connection.

## What was tried`;

const ending = `A server that writes exact bytes plays the engine, since no engine does these things on demand. In each cell it is
checked how the call ended and within what time, the error's class, operation, path and cause, that the client closed
the connection and left no socket, timer, process or listener, and that the next call succeeds.`;
