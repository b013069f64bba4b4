import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type * as parameters from "../generated/parameters.ts";
import { readTaskLogs, type TaskLogsCall, type TaskLogsOptions } from "./logs.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * The tasks of a swarm: each is one run of a service's container on one node. `id` is always a task's id, an unambiguous
 * beginning of it, or its name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents: `NotInSwarm`
 * if the engine is no manager of a swarm. All of them throw an `InvalidRequestError` before anything is sent if an
 * argument cannot be sent.
 */
export class Tasks {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists tasks, those that have ended too.
   *
   * `GET /tasks`, since API 1.40.
   *
   * @example
   * const filters = { service: ["web"], "desired-state": ["running"] };
   * for (const { ID, Status } of await docker.tasks.list({ filters })) {
   *   console.log(ID, Status.State, Status.Err);
   * }
   */
  list(options: CallOptions & parameters.TaskListParameters = {}): OperationCall<"TaskList"> {
    return this.#engine.call("TaskList", split(options));
  }

  /**
   * Gives everything that the swarm knows of a task.
   *
   * `GET /tasks/{id}`, since API 1.40.
   */
  inspect(id: string, options: CallOptions = {}): OperationCall<"TaskInspect"> {
    return this.#engine.call("TaskInspect", { ...split(options), path: { id } });
  }

  /**
   * Reads what a task has printed, and with `follow: true` what it goes on to print.
   *
   * `GET /tasks/{id}/logs`, since API 1.40. An engine that speaks less than API 1.42 does not say whether the task has a
   * terminal: then it is inspected too, unless `tty` says so.
   *
   * @param options `stdout` and `stderr` choose the streams (default: both); `details` begins each line with the node,
   *   service and task; `since`, `tail` and `timestamps` as the Engine has them
   * @returns a call that may be iterated for frames of bytes, or read with `lines()` or `text()`
   * @throws (the stream) ResponseError if it breaks off; EngineStreamError if the engine reports that it cannot go on
   */
  logs(id: string, options: TaskLogsOptions = {}): TaskLogsCall {
    return readTaskLogs(this.#engine, id, options);
  }
}
