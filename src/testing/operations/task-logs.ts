import { encodeFrame } from "../http/frames.ts";
import type { ByteReply, EngineRequest } from "../http/handler.ts";
import { Refusal } from "../http/refusal.ts";
import type { LogEntry } from "../state/container-log.ts";
import type { Task } from "../swarm/task.ts";
import type { TaskStore } from "../swarm/task-store.ts";
import { logQuery, streamType } from "./logs.ts";
import { readLog } from "./read-log.ts";

/** What the containers of some tasks have printed, as an answer; raw if one of them has a terminal. */
export function taskLogsReply(
  tasks: TaskStore,
  choose: (task: Task) => boolean,
  request: EngineRequest,
  nowMs: number,
): ByteReply {
  const { parameters, version } = request;
  if (parameters["stdout"] !== true && parameters["stderr"] !== true) {
    throw new Refusal(500, "Bad parameters: you must choose at least one stream");
  }
  const raw = tasks.all().some((task) => choose(task) && (task.spec.ContainerSpec?.TTY ?? false));
  const bytes = encoded(new TaskLogs(tasks, choose, request, nowMs), raw);
  return { contentType: streamType(raw, version), bytes };
}

async function* encoded(logs: TaskLogs, raw: boolean): AsyncGenerator<Uint8Array> {
  for await (const { stream, bytes } of logs.read()) {
    yield raw ? bytes : encodeFrame(stream, bytes);
  }
}

/** Reads the logs of several tasks into one, also of tasks that come while it follows. */
class TaskLogs {
  readonly #tasks: TaskStore;
  readonly #choose: (task: Task) => boolean;
  readonly #request: EngineRequest;
  readonly #nowMs: number;
  readonly #seen = new Set<Task>();
  readonly #queue: LogEntry[] = [];
  readonly #done = new AbortController();
  #reading = 0;
  #wake = () => {};

  constructor(tasks: TaskStore, choose: (task: Task) => boolean, request: EngineRequest, nowMs: number) {
    this.#tasks = tasks;
    this.#choose = choose;
    this.#request = request;
    this.#nowMs = nowMs;
  }

  async *read(): AsyncGenerator<LogEntry> {
    const { signal, parameters } = this.#request;
    const follow = parameters["follow"] === true;
    const wake = () => this.#wake();
    const unlisten = follow ? this.#tasks.listen(() => this.#begin()) : () => {};
    signal.addEventListener("abort", wake);
    try {
      this.#begin();
      while (!signal.aborted && (this.#queue.length > 0 || this.#reading > 0 || follow)) {
        yield* this.#queue.splice(0);
        await this.#more(signal);
      }
    } finally {
      unlisten();
      signal.removeEventListener("abort", wake);
      this.#done.abort();
    }
  }

  #more(signal: AbortSignal): Promise<void> | undefined {
    const follow = this.#request.parameters["follow"] === true;
    if (signal.aborted || this.#queue.length > 0 || (this.#reading === 0 && !follow)) {
      return undefined;
    }
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Begins to read the logs of the tasks that have a container by now. */
  #begin(): void {
    for (const task of this.#tasks.all()) {
      if (task.container !== undefined && !this.#seen.has(task) && this.#choose(task)) {
        this.#seen.add(task);
        this.#reading += 1;
        void this.#readTask(task);
      }
    }
  }

  async #readTask(task: Task): Promise<void> {
    const { container } = task;
    if (container !== undefined) {
      // Without its reader's signal it would follow a container that prints nothing for ever.
      const signal = AbortSignal.any([this.#request.signal, this.#done.signal]);
      const query = logQuery(container, { ...this.#request, signal }, this.#nowMs);
      const details = this.#request.parameters["details"] === true ? detailsOf(task) : undefined;
      for await (const entry of readLog(container, { ...query, details })) {
        this.#queue.push(entry);
        this.#wake();
      }
    }
    this.#reading -= 1;
    this.#wake();
  }
}

function detailsOf({ ID, nodeId, service }: Task): string {
  const prefix = "com.docker.swarm";
  return `${prefix}.node.id=${nodeId},${prefix}.service.id=${service.ID},${prefix}.task.id=${ID}`;
}
