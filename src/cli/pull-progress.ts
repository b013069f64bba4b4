import { type ProgressEvent, ProgressTracker } from "../index.ts";
import type { Io } from "./io.ts";
import { toJson } from "./json.ts";
import { printable } from "./printable.ts";
import { progressLines } from "./progress-bars.ts";
import { Screen } from "./screen.ts";

/** How long a frame stands at least, in milliseconds. */
const frameMs = 100;

type Events = AsyncIterable<ProgressEvent>;

/** Prints each event as a line of JSON. */
export async function printEvents(events: Events, io: Io): Promise<void> {
  for await (const event of events) {
    await io.stdout.write(`${toJson(event)}\n`);
  }
}

/** Prints a line whenever a layer, or the whole, comes to something new. */
export async function printChanges(events: Events, io: Io): Promise<void> {
  const statuses = new Map<string, string>();
  for await (const { id, status } of events) {
    if (status !== undefined && (id === undefined || statuses.get(id) !== status)) {
      if (id !== undefined) {
        statuses.set(id, status);
      }
      await io.stdout.write(`${printable(id === undefined ? status : `${id}: ${status}`)}\n`);
    }
  }
}

/** Shows the layers' progress in a terminal, and below it what the engine says at the end. */
export async function showBars(events: Events, io: Io): Promise<void> {
  const bars = new Bars(io);
  try {
    for await (const event of events) {
      bars.add(event);
    }
    await bars.finish();
  } finally {
    await bars.leave();
  }
}

class Bars {
  readonly #io: Io;
  readonly #screen: Screen;
  readonly #tracker = new ProgressTracker();
  /** What the engine said of the whole before the first layer, and is not drawn yet. */
  readonly #opening: string[] = [];
  /** What it said of the whole later. */
  readonly #closing: string[] = [];
  #status: string | undefined;
  #isStale = false;
  #timer: NodeJS.Timeout | undefined;
  #drawing: Promise<void> = Promise.resolve();

  constructor(io: Io) {
    this.#io = io;
    this.#screen = new Screen(io.stdout);
  }

  add(event: ProgressEvent): void {
    this.#tracker.add(event);
    const { status, layers } = this.#tracker.summarize();
    if (status !== undefined && status !== this.#status) {
      this.#status = status;
      (layers.length === 0 ? this.#opening : this.#closing).push(printable(status));
    }
    this.#isStale = true;
    if (this.#timer === undefined) {
      this.#draw();
      this.#timer = setInterval(() => this.#draw(), frameMs);
    }
  }

  /** Prints the engine's closing words below the last frame. */
  async finish(): Promise<void> {
    this.#draw();
    await this.#drawing;
    for (const line of this.#closing) {
      await this.#io.stdout.write(`${line}\n`);
    }
  }

  /** Draws what has come since the last frame, and gives the cursor back. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    this.#draw();
    await this.#drawing;
    await this.#screen.leave();
  }

  #draw(): void {
    if (!this.#isStale) {
      return;
    }
    this.#isStale = false;
    const { columns, rows } = this.#io;
    const lines = progressLines(this.#tracker.summarize(), { columns, rows });
    const above = this.#opening.splice(0);
    this.#drawing = this.#drawing.then(() => this.#screen.draw(lines, above));
    // A reader that left is told of where the drawing is awaited.
    this.#drawing.catch(() => {});
  }
}
