import type { CopyResult } from "../archive/copy-result.ts";
import type { Call } from "../call.ts";
import type { PathStat } from "../codecs/path-stat.ts";
import type { CallOptions, SignallingCallOptions } from "../engine/call-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { CheckpointCreateRequest, ContainerCreateRequest, ContainerUpdateRequest } from "../generated/models.ts";
import type * as parameters from "../generated/parameters.ts";
import { type AttachCall, type AttachOptions, attachContainer } from "./attach.ts";
import { attachWebSocket } from "./attach-websocket.ts";
import { type ByteSource, toBody } from "./byte-source.ts";
import type { OutputEncoding } from "./collector.ts";
import type { CommitOptions } from "./commit-options.ts";
import type { CopyFromOptions, CopyToOptions } from "./copy.ts";
import { type ExecCall, type ExecCommand, type ExecOptions, executeCommand } from "./exec.ts";
import { type LogsCall, type LogsOptions, readLogs } from "./logs.ts";
import type { OperationCall } from "./operation-call.ts";
import { split, splitSignalling } from "./options.ts";
import { type RunCall, type RunOptions, runContainer } from "./run.ts";
import { type StatPathOutcome, statPath } from "./stat-path.ts";
import { followStats, type StatsCall, type StatsOptions, type StatsStreamCall, takeStats } from "./stats.ts";
import { type ArchiveCall, type ExportCall, exportContainer, getArchive } from "./tar-streams.ts";
import { type WaitHealthyOptions, waitHealthy } from "./wait-healthy.ts";

/**
 * Containers. `id` is always a container's id, an unambiguous beginning of it, or its name.
 *
 * Every method throws (or, through `outcome()`, gives as data) the answers that its operation documents. All of them
 * throw an `InvalidRequestError` before anything is sent if an argument cannot be sent.
 */
export class Containers {
  readonly #engine: Engine;

  /** Made by `Docker`. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Lists containers: the running ones, or all with `all: true`.
   *
   * `GET /containers/json`, since API 1.40.
   *
   * @example
   * for (const { Id, Names } of await docker.containers.list({ all: true, filters: { status: ["exited"] } })) {
   *   console.log(Id, Names);
   * }
   */
  list(options: CallOptions & parameters.ContainerListParameters = {}): OperationCall<"ContainerList"> {
    return this.#engine.call("ContainerList", split(options));
  }

  /**
   * Creates a container without starting it. The image must be there already: `NoSuchImage` says that it is not.
   *
   * `POST /containers/create`, since API 1.40.
   *
   * @param spec what to run; `Image` is the one field that is always needed
   * @param options `name` gives the container a name instead of a random one
   * @returns the new container's `Id`, and the engine's `Warnings`
   *
   * @example
   * const { Id } = await docker.containers.create({ Image: "alpine:3", Cmd: ["date"] }, { name: "clock" });
   */
  create(
    spec: ContainerCreateRequest,
    options: CallOptions & parameters.ContainerCreateParameters = {},
  ): OperationCall<"ContainerCreate"> {
    return this.#engine.call("ContainerCreate", { ...split(options), body: spec });
  }

  /**
   * Gives everything that the engine knows of a container.
   *
   * `GET /containers/{id}/json`, since API 1.40.
   */
  inspect(
    id: string,
    options: CallOptions & parameters.ContainerInspectParameters = {},
  ): OperationCall<"ContainerInspect"> {
    return this.#engine.call("ContainerInspect", { ...split(options), path: { id } });
  }

  /**
   * Starts a container. One that runs already is the outcome `AlreadyStarted`, which `await` takes for a success.
   *
   * `POST /containers/{id}/start`, since API 1.40.
   */
  start(id: string, options: CallOptions & parameters.ContainerStartParameters = {}): OperationCall<"ContainerStart"> {
    return this.#engine.call("ContainerStart", { ...split(options), path: { id } });
  }

  /**
   * Stops a container: sends its stop signal, and kills it after a grace period. A stopped one is the outcome
   * `AlreadyStopped`, which `await` takes for a success.
   *
   * `POST /containers/{id}/stop`, since API 1.40.
   *
   * @param options `t` is the grace period in seconds (default: the container's own, else 10; -1 waits for ever);
   *   `signal` is sent instead of the container's stop signal
   */
  stop(
    id: string,
    options: SignallingCallOptions & parameters.ContainerStopParameters = {},
  ): OperationCall<"ContainerStop"> {
    return this.#engine.call("ContainerStop", { ...splitSignalling(options), path: { id } });
  }

  /**
   * Stops a container as `stop` does, and starts it again.
   *
   * `POST /containers/{id}/restart`, since API 1.40.
   *
   * @param options `t` and `signal` as for `stop`
   */
  restart(
    id: string,
    options: SignallingCallOptions & parameters.ContainerRestartParameters = {},
  ): OperationCall<"ContainerRestart"> {
    return this.#engine.call("ContainerRestart", { ...splitSignalling(options), path: { id } });
  }

  /**
   * Sends a signal to a container's first process; `ContainerNotRunning` if it does not run.
   *
   * `POST /containers/{id}/kill`, since API 1.40.
   *
   * @param options `signal` is a name or a number as text (default: `SIGKILL`)
   */
  kill(
    id: string,
    options: SignallingCallOptions & parameters.ContainerKillParameters = {},
  ): OperationCall<"ContainerKill"> {
    return this.#engine.call("ContainerKill", { ...splitSignalling(options), path: { id } });
  }

  /**
   * Freezes all processes of a container.
   *
   * `POST /containers/{id}/pause`, since API 1.40.
   */
  pause(id: string, options: CallOptions = {}): OperationCall<"ContainerPause"> {
    return this.#engine.call("ContainerPause", { ...split(options), path: { id } });
  }

  /**
   * Lets the processes of a paused container go on.
   *
   * `POST /containers/{id}/unpause`, since API 1.40.
   */
  unpause(id: string, options: CallOptions = {}): OperationCall<"ContainerUnpause"> {
    return this.#engine.call("ContainerUnpause", { ...split(options), path: { id } });
  }

  /**
   * Gives a container another name; `NameInUse` if another one has it.
   *
   * `POST /containers/{id}/rename`, since API 1.40.
   */
  rename(id: string, options: CallOptions & parameters.ContainerRenameParameters): OperationCall<"ContainerRename"> {
    return this.#engine.call("ContainerRename", { ...split(options), path: { id } });
  }

  /**
   * Changes a container's resource limits and restart policy, while it runs.
   *
   * `POST /containers/{id}/update`, since API 1.40.
   */
  update(id: string, changes: ContainerUpdateRequest, options: CallOptions = {}): OperationCall<"ContainerUpdate"> {
    return this.#engine.call("ContainerUpdate", { ...split(options), path: { id }, body: changes });
  }

  /**
   * Waits until a container ends, however long that takes, and gives its exit code.
   *
   * `POST /containers/{id}/wait`, since API 1.40. To miss nothing, wait with `condition: "next-exit"` before starting.
   *
   * @param options `condition` says what to wait for: `not-running` (the default; true at once for a container that
   *   never ran), `next-exit`, or `removed`
   *
   * @example
   * const { StatusCode } = await docker.containers.wait(Id);
   */
  wait(id: string, options: CallOptions & parameters.ContainerWaitParameters = {}): OperationCall<"ContainerWait"> {
    return this.#engine.call("ContainerWait", { ...split(options), path: { id } });
  }

  /**
   * Removes a container; `Conflict` if it runs and `force` is not set.
   *
   * `DELETE /containers/{id}`, since API 1.40.
   *
   * @param options `force` kills it first; `v` removes its anonymous volumes too
   */
  remove(
    id: string,
    options: CallOptions & parameters.ContainerDeleteParameters = {},
  ): OperationCall<"ContainerDelete"> {
    return this.#engine.call("ContainerDelete", { ...split(options), path: { id } });
  }

  /**
   * Removes all containers that do not run.
   *
   * `POST /containers/prune`, since API 1.40.
   *
   * @param options `filters` narrows down which
   */
  prune(options: CallOptions & parameters.ContainerPruneParameters = {}): OperationCall<"ContainerPrune"> {
    return this.#engine.call("ContainerPrune", split(options));
  }

  /**
   * Lists the processes of a running container, as `ps` on the engine's host shows them.
   *
   * `GET /containers/{id}/top`, since API 1.40.
   *
   * @param options `ps_args` are the arguments for `ps` (default: `-ef`)
   */
  top(id: string, options: CallOptions & parameters.ContainerTopParameters = {}): OperationCall<"ContainerTop"> {
    return this.#engine.call("ContainerTop", { ...split(options), path: { id } });
  }

  /**
   * Lists the files that differ from the container's image: `Kind` 0 is modified, 1 added, 2 deleted.
   *
   * `GET /containers/{id}/changes`, since API 1.40.
   */
  changes(id: string, options: CallOptions = {}): OperationCall<"ContainerChanges"> {
    return this.#engine.call("ContainerChanges", { ...split(options), path: { id } });
  }

  /**
   * Reads what a container has printed, and with `follow: true` what it goes on to print.
   *
   * `GET /containers/{id}/logs`, since API 1.40. An engine that speaks less than API 1.42, or Podman, does not say
   * whether the container has a terminal: then it is inspected too, unless `tty` says so.
   *
   * @param options `stdout` and `stderr` choose the streams (default: both); `since`, `until`, `tail` and `timestamps`
   *   as the Engine has them
   * @returns a call that may be iterated for frames of bytes, or read with `lines()` or `text()`
   * @throws (the stream) ResponseError if it breaks off; EngineStreamError if the engine reports that it cannot go on
   *
   * @example
   * for await (const { stream, text } of docker.containers.logs("web", { follow: true }).lines()) {
   *   console.log(stream, text);
   * }
   */
  logs(id: string, options: LogsOptions = {}): LogsCall {
    return readLogs(this.#engine, id, options);
  }

  /**
   * Takes one sample of what a container uses of the machine; `summarizeStats` gives the figures of `docker stats`.
   *
   * `GET /containers/{id}/stats` with `stream=false`, since API 1.40. The engine takes two samples one second apart, so
   * that the use of the processors can be told. A container that does not run uses nothing; Podman refuses it.
   *
   * @param options `"one-shot": true` does not wait for the second sample (since API 1.41)
   * @throws EngineStreamError if the engine reports a failure instead of a sample
   *
   * @example
   * const { cpuPercent, memoryUsageBytes } = summarizeStats(await docker.containers.stats("web"));
   */
  stats(id: string, options: StatsOptions = {}): StatsCall {
    return takeStats(this.#engine, id, options);
  }

  /**
   * Follows what a container uses of the machine: about one sample a second, of Podman one in five, until it is left.
   *
   * `GET /containers/{id}/stats` with `stream=true`, since API 1.40.
   *
   * @returns a call that may be iterated for the samples
   * @throws (the stream) ResponseError if it breaks off; EngineStreamError if the engine reports a failure instead of a
   *   sample
   *
   * @example
   * for await (const sample of docker.containers.statsStream("web")) {
   *   console.log(sample.read, summarizeStats(sample).cpuPercent);
   * }
   */
  statsStream(id: string, options: CallOptions = {}): StatsStreamCall {
    return followStats(this.#engine, id, options);
  }

  /**
   * Connects to the streams of a container's first process. Closing them, or aborting the call, does not end it.
   *
   * `POST /containers/{id}/attach`, since API 1.40. The container is inspected too where the engine does not say whether
   * it has a terminal, and if `stdin` is asked for: ending the input would end the output of a container that has a
   * terminal, or that was not created with `StdinOnce: true`, so there `stdin.end()` is refused.
   *
   * @param options `stdout` and `stderr` choose the outputs (default: both), `stdin: true` the input; `logs: true` gives
   *   what was printed before too, and `stream: false` only that; `detachKeys`, e.g. `ctrl-x,x`, are the bytes that end
   *   the stream when they are written to a terminal (default: `ctrl-p,ctrl-q`)
   * @returns a call that may be awaited for the streams, or iterated for the output
   * @throws UpgradeError if the engine, or a proxy, does not turn the connection into a stream;
   *   (the stream) ResponseError if it breaks off
   *
   * @example
   * await using stream = await docker.containers.attach("shell", { stdin: true });
   * await stream.stdin.write("date\n");
   * for await (const { text } of stream.lines()) {
   *   console.log(text);
   * }
   */
  attach(id: string, options: AttachOptions = {}): AttachCall {
    return attachContainer(this.#engine, id, options);
  }

  /**
   * Connects to the streams of a container's first process over a WebSocket, for what passes no other upgrade on. The
   * outputs come mixed, all as `stdout`, and the input cannot be ended by itself; otherwise it is as `attach`.
   *
   * `GET /containers/{id}/attach/ws`, since API 1.40. Podman does not have it. Below API 1.42 the engine connects all
   * three streams, whatever is asked for.
   *
   * @param options as for `attach`
   * @throws UpgradeError if the engine, or a proxy, does not turn the connection into a stream; ResponseError if it is no
   *   WebSocket; (the stream) ResponseError if it breaks off; EngineStreamError if the engine closes it for a failure
   */
  attachWebSocket(id: string, options: AttachOptions = {}): AttachCall {
    return attachWebSocket(this.#engine, id, options);
  }

  /**
   * Runs a command in a running container, and gives its exit code and what it printed; or, iterated, its output as it
   * comes.
   *
   * `POST /containers/{id}/exec`, `POST /exec/{id}/start` and `GET /exec/{id}/json`, since API 1.40.
   *
   * The engine cannot end an exec: when the call is aborted, left, or takes longer than `timeoutMs`, only its streams are
   * closed, and the command may go on until it reads or writes.
   *
   * @param command the command with its arguments, or a configuration with `Cmd`, `Env`, `User`, `WorkingDir`, `Tty` …
   * @param options `stdin` is sent and then ended, except on a terminal, where the byte 4 (Ctrl-D) is the end
   * @throws StatusError if the container is not there or does not run; CommandStartError if the command is not there or
   *   cannot be run; TextError if the output is not UTF-8 or exceeds `limitBytes`; RequestError if `stdin` fails;
   *   TimeoutError after `timeoutMs`; AbortError; ResponseError if the connection breaks
   *
   * @example
   * const { exitCode, stdout } = await docker.containers.exec("web", ["ls", "-l", "/srv"]);
   *
   * @example
   * await docker.containers.exec("db", { Cmd: ["psql"], User: "postgres" }, { stdin: createReadStream("dump.sql") });
   *
   * @example
   * for await (const { stream, text } of docker.containers.exec("web", ["tail", "-f", "/var/log/web"]).lines()) {
   *   console.log(stream, text);
   * }
   */
  exec<E extends OutputEncoding = "utf8">(id: string, command: ExecCommand, options: ExecOptions<E> = {}): ExecCall<E> {
    return executeCommand(this.#engine, id, command, options);
  }

  /**
   * Runs a command in a container of its own, and gives its exit code and what it printed; or, iterated, its output as it
   * comes. Creates the container, attaches, waits, starts, and removes it: nothing is missed, and nothing is left. When the
   * call fails, is aborted, left, or takes longer than `timeoutMs`, the container is killed and removed before the call
   * ends.
   *
   * `POST /containers/create`, `…/attach`, `…/wait`, `…/start` and `DELETE /containers/{id}`, since API 1.40.
   *
   * @param spec what to run; `Image` is the one field that is always needed
   * @param options `pull` says when the image is pulled (default: if it is `missing`), `registryAuth` with which
   *   credentials (default: those that this client has); `remove: false` keeps the container of a command that has ended
   *   by itself; `name` and `platform` are those of `create`; `stdin` is sent and then ended
   * @throws StatusError if a step fails, e.g. `ContainerStart` because the command is not there; TextError if the output is
   *   not UTF-8 or exceeds `limitBytes`; RequestError if `stdin` fails; TimeoutError after `timeoutMs`; AbortError;
   *   LeftoverError if the container could not be removed
   *
   * @example
   * const { exitCode, stdout } = await docker.containers.run({ Image: "alpine:3", Cmd: ["echo", "hi"] });
   *
   * @example
   * for await (const { text } of docker.containers.run({ Image: "node:22", Cmd: ["npm", "test"] }).lines()) {
   *   console.log(text);
   * }
   */
  run<E extends OutputEncoding = "utf8">(spec: ContainerCreateRequest, options: RunOptions<E> = {}): RunCall<E> {
    return runContainer(this.#engine, spec, options);
  }

  /**
   * Waits until the health check of a running container says that it is healthy.
   *
   * `GET /events` and `GET /containers/{id}/json`, since API 1.40.
   *
   * @throws HealthError if the container is unhealthy, has no health check, or does not run (any more); StatusError if it
   *   is not there; TimeoutError after `timeoutMs`; AbortError
   *
   * @example
   * await docker.containers.start("db");
   * await docker.containers.waitHealthy("db", { timeoutMs: 60_000 });
   */
  waitHealthy(id: string, options: WaitHealthyOptions = {}): Promise<void> {
    return waitHealthy(this.#engine, id, options);
  }

  /**
   * Tells a container the size of its terminal.
   *
   * `POST /containers/{id}/resize`, since API 1.40.
   *
   * @param options `h` and `w`: height and width in characters
   */
  resize(id: string, options: CallOptions & parameters.ContainerResizeParameters): OperationCall<"ContainerResize"> {
    return this.#engine.call("ContainerResize", { ...split(options), path: { id } });
  }

  /**
   * Saves the state of a running container's processes as a checkpoint, from which `start` continues it. Needs an engine
   * with experimental features, and CRIU.
   *
   * `POST /containers/{id}/checkpoints`, since API 1.40. The official reference does not mention it.
   *
   * @param checkpoint `CheckpointID` is its name; `CheckpointDir` another folder for it than the engine's own; `Exit` stops
   *   the container
   */
  createCheckpoint(
    id: string,
    checkpoint: CheckpointCreateRequest,
    options: CallOptions = {},
  ): OperationCall<"CheckpointCreate"> {
    return this.#engine.call("CheckpointCreate", { ...split(options), path: { id }, body: checkpoint });
  }

  /**
   * Lists the checkpoints of a container. Needs an engine with experimental features.
   *
   * `GET /containers/{id}/checkpoints`, since API 1.40. The official reference does not mention it.
   *
   * @param options `dir` is the folder with the checkpoints, if it is not the engine's own
   */
  listCheckpoints(
    id: string,
    options: CallOptions & parameters.CheckpointListParameters = {},
  ): OperationCall<"CheckpointList"> {
    return this.#engine.call("CheckpointList", { ...split(options), path: { id } });
  }

  /**
   * Removes a checkpoint of a container. Needs an engine with experimental features.
   *
   * `DELETE /containers/{id}/checkpoints/{checkpoint}`, since API 1.40. The official reference does not mention it.
   *
   * @param options `dir` is the folder with the checkpoints, if it is not the engine's own
   */
  removeCheckpoint(
    id: string,
    checkpoint: string,
    options: CallOptions & parameters.CheckpointDeleteParameters = {},
  ): OperationCall<"CheckpointDelete"> {
    return this.#engine.call("CheckpointDelete", { ...split(options), path: { id, checkpoint } });
  }

  /**
   * Tells what a path in a container is, running or not: type, size, permissions, time. A symbolic link is described
   * itself.
   *
   * `HEAD /containers/{id}/archive`, since API 1.40. If that fails, the same is asked with `GET`, because only its answer
   * has a message.
   *
   * @param options `path` in the container; one that is not absolute begins at the root
   *
   * @example
   * const { type, size, mtime } = await docker.containers.statPath("web", { path: "/etc/passwd" });
   */
  statPath(
    id: string,
    options: CallOptions & parameters.ContainerArchiveInfoParameters,
  ): Call<PathStat, StatPathOutcome> {
    return statPath(this.#engine, { ...split(options), path: { id } });
  }

  /**
   * Reads a file or directory of a container, running or not, as a tar. Iterate the call for the bytes, or await it for
   * the stream, which has the path's `stat` too. `copyFrom` writes it to the local file system.
   *
   * `GET /containers/{id}/archive`, since API 1.40.
   *
   * @param options `path` in the container; a closing `/.` means what is in the directory, without the directory itself
   * @throws (the stream) EngineStreamError if the engine reports that it cannot go on; ResponseError if the tar breaks off
   *
   * @example
   * const archive = await docker.containers.getArchive("web", { path: "/var/log" });
   * await pipeline(archive.toNodeStream(), createWriteStream("log.tar"));
   */
  getArchive(id: string, options: CallOptions & parameters.ContainerArchiveParameters): ArchiveCall {
    return getArchive(this.#engine, { ...split(options), path: { id } });
  }

  /**
   * Unpacks a tar into a directory of a container, running or not. `copyTo` makes the tar from local files.
   *
   * `PUT /containers/{id}/archive`, since API 1.40.
   *
   * @param tar the tar, also compressed with gzip, bzip2, xz or zstd, at once or as a stream; what `getArchive` gives may
   *   come from another container, but not from the same one, which Docker locks for as long as it is read
   * @param options `path` is a directory that exists; `noOverwriteDirNonDir` refuses to put a file where a directory is, or
   *   the other way round; `copyUIDGID` gives everything to the container's user
   */
  putArchive(
    id: string,
    tar: ByteSource,
    options: CallOptions & parameters.PutContainerArchiveParameters,
  ): OperationCall<"PutContainerArchive"> {
    return this.#engine.call("PutContainerArchive", { ...split(options), path: { id }, body: toBody(tar) });
  }

  /**
   * Copies a local file or directory into a container, running or not. As with `docker cp`, a destination that is a
   * directory gets the source under its name, any other is replaced by it or made; a source that ends in `/.` means what
   * is in the directory. Symbolic links are copied as links. Modes and times are kept.
   *
   * `HEAD` and `PUT /containers/{id}/archive`, since API 1.40.
   *
   * @param source a local path
   * @param destination a path in the container; the directory above it must exist
   * @throws CopyError if the source cannot be read, is a device, a pipe or a socket, or does not fit the destination;
   *   StatusError if the engine refuses
   *
   * @example
   * await docker.containers.copyTo("web", "site/.", "/usr/share/nginx/html");
   */
  async copyTo(id: string, source: string, destination: string, options: CopyToOptions = {}): Promise<CopyResult> {
    const { copyTo } = await import("./copy.ts");
    return copyTo(this.#engine, id, source, destination, options);
  }

  /**
   * Copies a file or directory of a container, running or not, to the local file system, by the rules of `copyTo`.
   * Nothing is written outside of the destination, whatever the container holds: names that lead out, links that lead out
   * and devices are refused. Modes (without set-user-id and set-group-id) and times are kept, owners are not.
   *
   * `GET /containers/{id}/archive`, since API 1.40.
   *
   * @param source a path in the container
   * @param destination a local path; the directory above it must exist
   * @param options `limitBytes` and `limitEntries` bound what is written; `unsafe: "skip"` leaves out what would be refused
   * @throws CopyError if something is refused, or cannot be written; StatusError if the source is not there
   *
   * @example
   * const { files, bytes } = await docker.containers.copyFrom("web", "/var/log/nginx", "logs");
   */
  async copyFrom(id: string, source: string, destination: string, options: CopyFromOptions = {}): Promise<CopyResult> {
    const { copyFrom } = await import("./copy.ts");
    return copyFrom(this.#engine, id, source, destination, options);
  }

  /**
   * Reads the whole file system of a container, without its volumes, as a tar. `images.import` makes an image of it.
   *
   * `GET /containers/{id}/export`, since API 1.40.
   *
   * @throws (the stream) EngineStreamError if the engine reports that it cannot go on; ResponseError if the tar breaks off
   *
   * @example
   * const tar = await docker.containers.export("web");
   * await pipeline(tar.toNodeStream(), createWriteStream("web.tar"));
   */
  export(id: string, options: CallOptions = {}): ExportCall {
    return exportContainer(this.#engine, { ...split(options), path: { id } });
  }

  /**
   * Makes an image of a container as it is now.
   *
   * `POST /commit`, since API 1.40.
   *
   * @param options `repo` and `tag` name the image; `changes` are instructions of a Dockerfile; `config` replaces parts of
   *   the container's configuration; `pause: false` lets the container run on meanwhile
   * @returns the new image's `Id`
   *
   * @example
   * const { Id } = await docker.containers.commit("web", { repo: "web", tag: "saved", changes: ["ENV DEBUG=1"] });
   */
  commit(id: string, { config = {}, ...options }: CommitOptions = {}): OperationCall<"ImageCommit"> {
    const { parameters, ...input } = split(options);
    return this.#engine.call("ImageCommit", { ...input, parameters: { ...parameters, container: id }, body: config });
  }
}
