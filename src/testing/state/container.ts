import type {
  ContainerConfig,
  EndpointSettings,
  HostConfig,
  MountPoint,
  NetworkingConfig,
  PortSummary,
} from "../../generated/models.ts";
import type { FileSystem } from "../files/file-system.ts";
import { Refusal } from "../http/refusal.ts";
import { Process } from "../programs/process.ts";
import { Attachments } from "./attachments.ts";
import type { Clock } from "./clock.ts";
import { commandOf, environmentOf } from "./container-config.ts";
import { ContainerLog } from "./container-log.ts";
import type { Exec } from "./exec.ts";
import type { Image } from "./image.ts";

/** What a container is made of. */
export interface ContainerFacts {
  readonly Id: string;
  /** Without the slash with which the API writes it. */
  name: string;
  readonly config: ContainerConfig;
  readonly hostConfig: HostConfig;
  readonly networkingConfig: NetworkingConfig;
  readonly image: Image;
  /** The image's name as it was asked for. */
  readonly imageName: string;
}

export type ContainerStatus = "created" | "running" | "paused" | "restarting" | "removing" | "exited";

/** A container: its files, its log, and its process while it has one. Knows nothing of other containers, or of events. */
export class Container {
  readonly facts: ContainerFacts;
  readonly files: FileSystem;
  readonly log: ContainerLog;
  readonly attachments: Attachments = new Attachments();
  /** The commands that were executed in it and are not forgotten yet. */
  readonly execs: Exec[] = [];
  readonly createdMs: number;
  /** What lies in it that is not of its image; others fill it. */
  mounts: MountPoint[] = [];
  /** Its place in each of its networks, by the network's name; the networks fill it. */
  networks: Record<string, EndpointSettings> = {};
  /** The ports that it has, and where they are published; the networks fill it. */
  ports: PortSummary[] = [];
  status: ContainerStatus = "created";
  process: Process | undefined;
  pid = 0;
  exitCode = 0;
  /** Why it could not be started. */
  error = "";
  startedAtMs: number | undefined;
  finishedAtMs: number | undefined;
  restartCount = 0;
  /** Whether it was told to stop, so that no policy starts it again. */
  stoppedByUser = false;
  readonly #clock: Clock;

  constructor(facts: ContainerFacts, clock: Clock) {
    this.facts = facts;
    this.files = facts.image.files.clone();
    this.log = new ContainerLog(clock);
    this.createdMs = clock.now();
    this.#clock = clock;
  }

  get isRunning(): boolean {
    return this.status === "running" || this.status === "paused";
  }

  /** Whether it neither runs nor is about to be restarted. */
  get hasEnded(): boolean {
    return !this.isRunning && this.status !== "restarting";
  }

  /**
   * Makes a process for the container, without running it.
   *
   * @throws Refusal in dockerd's words if its command cannot be started.
   */
  makeProcess(): Process {
    const { config, image } = this.facts;
    const noUser = image.program.refusesUser?.(config.User ?? "", this.files);
    if (noUser !== undefined) {
      throw new Refusal(500, noUser);
    }
    const cmd = commandOf(config);
    const env = environmentOf(config);
    const reason = image.program.refuses?.(cmd[0] ?? "", this.files, env);
    if (reason !== undefined) {
      this.exitCode = 127;
      throw new Refusal(
        400,
        `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${reason}`,
      );
    }
    const process = new Process({
      program: image.program,
      cmd,
      env,
      workingDir: config.WorkingDir || "/",
      user: config.User ?? "",
      hostname: config.Hostname ?? "",
      tty: config.Tty ?? false,
      openStdin: config.OpenStdin ?? false,
      files: this.files,
      clock: this.#clock,
      isInit: true,
    });
    process.listen((stream, bytes) => this.log.add(stream, bytes));
    this.attachments.connect(process);
    return process;
  }
}
