import type { ProgressEvent } from "./progress.ts";

/** How far one layer has come. */
export interface LayerProgress {
  readonly id: string;
  /** The engine's word for what happens to it, e.g. `Extracting`. */
  readonly status: string;
  /** How many bytes of it have been transferred. */
  readonly currentBytes: number;
  /** How many bytes it has; undefined until the engine says so. */
  readonly totalBytes: number | undefined;
  /** Whether nothing is left to do for it. */
  readonly done: boolean;
}

/** How far a pull, push or load has come. */
export interface ProgressSummary {
  /** The layers in the order of their first report. */
  readonly layers: readonly LayerProgress[];
  /** How many of the layers are done. */
  readonly layersDone: number;
  /** How many bytes have been transferred. */
  readonly currentBytes: number;
  /** How many bytes the layers have, as far as the engine has said. */
  readonly totalBytes: number;
  /** The mean of the layers' progress, 0 to 100 and whole; 100 only when every layer is done, 0 if there is none. */
  readonly percent: number;
  /** The last report that was not about a layer, e.g. `Status: Downloaded newer image for alpine:3`. */
  readonly status: string | undefined;
}

/** Adds up the progress of a pull, push or load. Its memory is bounded by the number of layers. */
export class ProgressTracker {
  readonly #layers = new Map<string, LayerProgress>();
  #status: string | undefined;

  /** Takes the next event in. */
  add(event: ProgressEvent): void {
    const { id, status } = event;
    if (status === undefined) {
      return;
    }
    // The first report of a pull names the tag as its id.
    if (id === undefined || status.startsWith("Pulling from ")) {
      this.#status = id === undefined ? status : `${id}: ${status}`;
      return;
    }
    this.#layers.set(id, advance(this.#layers.get(id), id, status, event));
  }

  /** How far everything has come by now. */
  summarize(): ProgressSummary {
    const layers = [...this.#layers.values()];
    const layersDone = layers.filter((layer) => layer.done).length;
    return {
      layers,
      layersDone,
      currentBytes: sum(layers, (layer) => layer.currentBytes),
      totalBytes: sum(layers, (layer) => layer.totalBytes ?? 0),
      percent: percentOf(layers, layersDone),
      status: this.#status,
    };
  }
}

/** Reports that count bytes on their way; those of `Extracting` count them a second time. */
const transferring: ReadonlySet<string> = new Set(["Downloading", "Pushing", "Loading layer"]);

/** Reports after which every byte has been transferred. */
const transferred: ReadonlySet<string> = new Set(["Verifying Checksum", "Download complete", "Extracting"]);

/**
 * Reports that end a layer. A push that finds the layer in another repository says `Mounted from NAME`; a load has no
 * such report, and a layer of it ends with its last byte. Those of plugins end with `Complete` and `Upload complete`.
 */
const final = /^(?:Pull complete|Complete|Upload complete|Already exists|Pushed|Layer already exists|Mounted from .*)$/;

function advance(layer: LayerProgress | undefined, id: string, status: string, event: ProgressEvent): LayerProgress {
  const { current = 0, total = 0 } = transferring.has(status) ? (event.progressDetail ?? {}) : {};
  const totalBytes = total > 0 ? total : layer?.totalBytes;
  // A plugin's layer that is complete is reported as downloaded afterwards.
  const done = layer?.done || final.test(status) || (status === "Loading layer" && total > 0 && current >= total);
  const isWhole = done || transferred.has(status);
  const currentBytes = isWhole ? (totalBytes ?? layer?.currentBytes ?? 0) : Math.max(current, layer?.currentBytes ?? 0);
  return { id, status, currentBytes, totalBytes, done };
}

function percentOf(layers: readonly LayerProgress[], layersDone: number): number {
  if (layers.length === 0) {
    return 0;
  }
  const mean = sum(layers, fractionOf) / layers.length;
  return layersDone === layers.length ? 100 : Math.min(99, Math.floor(mean * 100));
}

function fractionOf({ done, currentBytes, totalBytes }: LayerProgress): number {
  return done ? 1 : totalBytes === undefined ? 0 : Math.min(1, currentBytes / totalBytes);
}

function sum(layers: readonly LayerProgress[], value: (layer: LayerProgress) => number): number {
  return layers.reduce((total, layer) => total + value(layer), 0);
}
