import type { CallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { ExecConfig } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import { type ExecStartCall, type ExecStartOptions, startExec } from "./exec-start.ts";
import type { OperationCall } from "./operation-call.ts";
import { split } from "./options.ts";

/**
 * Execs: further processes in running containers, step by step. `docker.containers.exec` does all steps in one call.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents. All of them
 * throw an `InvalidRequestError` before anything is sent if an argument cannot be sent.
 */
export class Execs {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Prepares a process in a running container without starting it.
   *
   * `POST /containers/{id}/exec`, since API 1.40.
   *
   * @param container the container's id or name
   * @param config what to run; `AttachStdin`, `AttachStdout` and `AttachStderr` choose the streams that `start` gives
   * @returns the exec's `Id`
   *
   * @example
   * const { Id } = await docker.execs.create("web", { Cmd: ["cat"], AttachStdin: true, AttachStdout: true });
   */
  create(container: string, config: ExecConfig, options: CallOptions = {}): OperationCall<"ContainerExec"> {
    return this.#engine.call("ContainerExec", { ...split(options), path: { id: container }, body: config });
  }

  /**
   * Starts an exec and gives its streams. Closing them, or aborting the call, does not end the process. A command that
   * cannot be run is no failure of this call: the engine writes why into the output, and `inspect` gives 126 or 127.
   *
   * `POST /exec/{id}/start`, since API 1.40. The exec is inspected before, unless `Tty` is given.
   *
   * @param options `Tty` as it was created; `ConsoleSize` is the terminal's height and width (since API 1.42)
   * @returns a call that may be awaited for the streams, or iterated for the output
   * @throws UpgradeError if the engine, or a proxy, does not turn the connection into a stream;
   *   (the stream) ResponseError if it breaks off
   *
   * @example
   * await using stream = await docker.execs.start(Id);
   * await stream.stdin.write("hello");
   * await stream.stdin.end();
   * console.log(await stream.text());
   */
  start(id: string, options: ExecStartOptions = {}): ExecStartCall {
    return startExec(this.#engine, id, options);
  }

  /**
   * Starts an exec without its streams, and does not wait for its end. A command that cannot be run is a failure.
   *
   * `POST /exec/{id}/start` with `Detach`, since API 1.40.
   *
   * @param options `Tty` as the exec was created (default: false)
   */
  startDetached(
    id: string,
    options: CallOptions & { readonly Tty?: boolean | undefined } = {},
  ): OperationCall<"ExecStart"> {
    const { signal, timeouts, Tty = false } = options;
    return this.#engine.call("ExecStart", { signal, timeouts, path: { id }, body: { Detach: true, Tty } });
  }

  /**
   * Tells a running exec the size of its terminal.
   *
   * `POST /exec/{id}/resize`, since API 1.40.
   *
   * @param options `h` and `w`: height and width in characters
   */
  resize(id: string, options: CallOptions & parameters.ExecResizeParameters): OperationCall<"ExecResize"> {
    return this.#engine.call("ExecResize", { ...split(options), path: { id } });
  }

  /**
   * Gives what the engine knows of an exec: whether it runs, and its exit code (`null` while it has none).
   *
   * `GET /exec/{id}/json`, since API 1.40.
   */
  inspect(id: string, options: CallOptions = {}): OperationCall<"ExecInspect"> {
    return this.#engine.call("ExecInspect", { ...split(options), path: { id } });
  }
}
