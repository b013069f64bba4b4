import { BuildError } from "../errors/build-error.ts";
import type { EngineStreamError } from "../errors/engine-stream-error.ts";
import type { BuildEvent } from "./build-events.ts";
import { LastLines } from "./last-lines.ts";
import type { BuildVertex } from "./trace.ts";

/** Watches a build, to know more of its failure than the engine says in the end. */
export class BuildFailure {
  /** What BuildKit's steps printed that run by now, or have failed. */
  readonly #logs = new Map<string, LastLines>();
  #failed: BuildVertex | undefined;
  #step: string | undefined;
  #output = new LastLines();

  /** Takes the next event in. */
  add(event: BuildEvent): void {
    switch (event.type) {
      case "output":
        this.#addOutput(event.text);
        break;
      case "vertex":
        this.#addVertex(event);
        break;
      case "log":
        this.#logOf(event.vertex).add(event.data);
        break;
      default:
    }
  }

  /** The engine's report together with what is known of it. */
  explain(error: EngineStreamError): BuildError {
    const { operation, method, path } = error;
    const step = this.#failed?.name ?? this.#step;
    const lines = this.#failed === undefined ? this.#output : this.#logs.get(this.#failed.digest);
    return new BuildError(error, { step, lastLines: lines?.get() ?? [] }, { operation, method, path, cause: error });
  }

  #addOutput(text: string): void {
    // The classic builder writes `Step 2/3 : RUN make`, and Podman `STEP 2/3: RUN make`.
    if (/^step \d+\/\d+ ?: /i.test(text)) {
      this.#step = text.trim();
      this.#output = new LastLines();
    } else if (!ownWords.test(text)) {
      this.#output.add(text);
    }
  }

  #addVertex(vertex: BuildVertex): void {
    if (vertex.error === undefined) {
      if (vertex.completed !== undefined) {
        this.#logs.delete(vertex.digest);
      }
    } else if (this.#failed === undefined && !/context canceled/.test(vertex.error)) {
      // When one step fails, those that run beside it are cancelled.
      this.#failed = vertex;
    }
  }

  #logOf(digest: string): LastLines {
    const lines = this.#logs.get(digest) ?? new LastLines();
    this.#logs.set(digest, lines);
    return lines;
  }
}

/** What the classic builder says around what a command prints, e.g. ` ---> Running in 0264df5b588d`. */
const ownWords = /^(?: ---> |Removing intermediate container )/;
