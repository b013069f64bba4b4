/**
 * Fairlead: a Docker Engine client in which every call answers with a closed, typed set of outcomes.
 *
 * @packageDocumentation
 */

export type { CopyResult, SkippedEntry, UnsafeEntries } from "./archive/copy-result.ts";
// Builds
export type { BuildEvent, BuildImage, BuildOutputText, BuildProgress } from "./build/build-events.ts";
export type { BuildLog, BuildStatus, BuildVertex, BuildWarning, TraceEvent } from "./build/trace.ts";
export { Call, StreamCall } from "./call.ts";
export type { Frame } from "./codecs/frames.ts";
export type { Line } from "./codecs/lines.ts";
export type { PathStat, PathType } from "./codecs/path-stat.ts";
export type { ProgressDetail, ProgressEvent } from "./codecs/progress.ts";
export { type LayerProgress, type ProgressSummary, ProgressTracker } from "./codecs/progress-tracker.ts";
// The client
export {
  type ContextDescription,
  type ContextSummary,
  Contexts,
  type ContextsOptions,
} from "./config/contexts.ts";
export type { TlsOptions } from "./config/tls.ts";
export type { ConnectionOptions } from "./connection.ts";
export type { CredentialsOptions } from "./credentials.ts";
export { Docker, type DockerOptions } from "./docker.ts";
export { newestVersion, oldestVersion } from "./engine/api-version.ts";
export type { CallOptions, SignallingCallOptions, Timeouts } from "./engine/call-options.ts";
export type { CredentialsProvider } from "./engine/credentials.ts";
export type { OperationId, RawOutcomes, ValueOf } from "./engine/engine.ts";
export type { CallInput } from "./engine/request.ts";
export type { Timestamp } from "./engine/timestamp.ts";
// Errors
export { AbortError } from "./errors/abort-error.ts";
export { BuildError } from "./errors/build-error.ts";
export { CommandStartError } from "./errors/command-start-error.ts";
export { ConfigError } from "./errors/config-error.ts";
export { type ConnectAttempt, ConnectError } from "./errors/connect-error.ts";
export { CopyError, type CopyErrorReason } from "./errors/copy-error.ts";
export { CredentialsError } from "./errors/credentials-error.ts";
export { DeployError, type DeployFailure } from "./errors/deploy-error.ts";
export { EngineStreamError } from "./errors/engine-stream-error.ts";
export { FairleadError } from "./errors/fairlead-error.ts";
export { FrameError } from "./errors/frame-error.ts";
export { HealthError, type HealthFailure } from "./errors/health-error.ts";
export { InvalidRequestError } from "./errors/invalid-request-error.ts";
export { JsonError } from "./errors/json-error.ts";
export { LeftoverError } from "./errors/leftover-error.ts";
export { RequestError } from "./errors/request-error.ts";
export { ResponseError } from "./errors/response-error.ts";
export { StatusError } from "./errors/status-error.ts";
export { StdinError } from "./errors/stdin-error.ts";
export { TextError } from "./errors/text-error.ts";
export { TimeoutError, type TimeoutKind } from "./errors/timeout-error.ts";
export { TraceError } from "./errors/trace-error.ts";
export { type RawResponse, UnexpectedStatusError } from "./errors/unexpected-status-error.ts";
export { UpgradeError } from "./errors/upgrade-error.ts";
export { VersionError } from "./errors/version-error.ts";
export type { EngineExplanation, TlsExplanation, UntakenSource } from "./explain.ts";
// Many engines
export { Fleet, type FleetOptions, type FleetOutcome, type FleetRunOptions } from "./fleet/fleet.ts";
export type { FleetEvent, FleetEventStream } from "./fleet/fleet-events.ts";
// The Engine API, generated from its specification
export type * from "./generated/models.ts";
export type { Answer, Failure } from "./generated/outcome.ts";
export type * from "./generated/outcomes.ts";
export type * from "./generated/parameters.ts";
// Streams
export type { AttachCall, AttachOptions } from "./resources/attach.ts";
export type { AttachedInput } from "./resources/attached-input.ts";
export type { AttachedStream, NodeStreams, TerminalSize, WebStreams } from "./resources/attached-stream.ts";
export type { BuildCall, BuildContext, BuildOptions, BuildResult } from "./resources/build.ts";
export type { ByteSource } from "./resources/byte-source.ts";
export type { ByteStream } from "./resources/byte-stream.ts";
export type { Output, OutputEncoding } from "./resources/collector.ts";
export type { CommandCall, CommandOptions, CommandResult } from "./resources/command-call.ts";
export type { CommitOptions } from "./resources/commit-options.ts";
export type { Configs } from "./resources/configs.ts";
// Resources
export type { Containers } from "./resources/containers.ts";
export type { CopyFromOptions, CopyToOptions } from "./resources/copy.ts";
export type {
  DeployCall,
  DeployEvent,
  DeployOptions,
  DeployOutcome,
  DeployResult,
  DeploySpec,
} from "./resources/deploy.ts";
export type { Distribution } from "./resources/distribution.ts";
export type { EngineStream } from "./resources/engine-stream.ts";
export type { EventsCall, EventsOptions, ResumeOptions } from "./resources/events.ts";
export type { ExecCall, ExecCommand, ExecOptions } from "./resources/exec.ts";
export type { AttachedExecOutcome, ExecStartCall, ExecStartOptions } from "./resources/exec-start.ts";
export type { Execs } from "./resources/execs.ts";
export type { Images } from "./resources/images.ts";
export type {
  ImportCall,
  ImportOptions,
  ImportResult,
  ImportSource,
  LoadCall,
  LoadOptions,
  LoadResult,
} from "./resources/load.ts";
export type { LogStream } from "./resources/log-stream.ts";
export type {
  LogsCall,
  LogsOptions,
  ServiceLogsCall,
  ServiceLogsOptions,
  TaskLogsCall,
  TaskLogsOptions,
} from "./resources/logs.ts";
export type { Networks } from "./resources/networks.ts";
export type { Nodes } from "./resources/nodes.ts";
export type { OperationCall } from "./resources/operation-call.ts";
export type { PingCall, PingOptions, PingOutcome, PingResult, Unreachable } from "./resources/ping.ts";
export type {
  PluginPullCall,
  PluginPullOptions,
  PluginPushCall,
  PluginPushOptions,
  PluginTransferResult,
  PluginUpgradeCall,
  PluginUpgradeOptions,
} from "./resources/plugin-transfer.ts";
export type { PluginEnableOptions, Plugins } from "./resources/plugins.ts";
export type { ProgressCall } from "./resources/progress-call.ts";
export type { PullCall, PullOptions, PullResult } from "./resources/pull.ts";
export type { PushCall, PushOptions, PushResult } from "./resources/push.ts";
export type { Login, LoginCall, LoginOutcome, LoginResult, Registry } from "./resources/registry.ts";
export type { RunCall, RunOptions, RunResult } from "./resources/run.ts";
export type { Secrets } from "./resources/secrets.ts";
export type { Services } from "./resources/services.ts";
export type { StatPathOutcome } from "./resources/stat-path.ts";
export type { StatsCall, StatsOptions, StatsStreamCall } from "./resources/stats.ts";
export { type StatsSummary, summarizeStats } from "./resources/summarize-stats.ts";
export type { Swarm, SwarmJoinSpec } from "./resources/swarm.ts";
export type { System } from "./resources/system.ts";
export type { ArchiveCall, ArchiveStream, ExportCall, SaveCall } from "./resources/tar-streams.ts";
export type { Tasks } from "./resources/tasks.ts";
export type { Volumes } from "./resources/volumes.ts";
export type { WaitHealthyOptions } from "./resources/wait-healthy.ts";
export type { Dial } from "./transport/dial/custom.ts";
export type { Headers, UpgradedConnection } from "./transport/transport.ts";
