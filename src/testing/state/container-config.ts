import type { ContainerConfig, ContainerCreateRequest, HostConfig, ImageConfig } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import type { Image } from "./image.ts";

/** The configuration of a container: what was asked for, filled up from the image as dockerd does. */
export function mergeConfig(id: string, request: ContainerCreateRequest, { config: image }: Image): ContainerConfig {
  const { HostConfig: _, NetworkingConfig: __, ...asked } = request;
  return {
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    Domainname: "",
    OpenStdin: false,
    StdinOnce: false,
    Tty: false,
    OnBuild: null,
    ...asked,
    Hostname: asked.Hostname || id.slice(0, 12),
    User: asked.User || image.User || "",
    Env: mergeEnv(asked.Env ?? [], image.Env ?? []),
    ...mergeCommand(asked, image),
    WorkingDir: asked.WorkingDir || image.WorkingDir || "",
    Volumes: mergeKeys(asked.Volumes, image.Volumes),
    ...given({
      ExposedPorts: mergeKeys(asked.ExposedPorts, image.ExposedPorts),
      Healthcheck: asked.Healthcheck ?? image.Healthcheck,
      StopSignal: asked.StopSignal ?? image.StopSignal,
    }),
    Labels: { ...image.Labels, ...asked.Labels },
  };
}

/** An entry point of one's own takes the image's command away. */
function mergeCommand(asked: ContainerConfig, image: ImageConfig): Pick<ContainerConfig, "Cmd" | "Entrypoint"> {
  const inherited = asked.Entrypoint ? null : image.Cmd;
  return { Cmd: asked.Cmd ?? inherited ?? null, Entrypoint: asked.Entrypoint ?? image.Entrypoint ?? null };
}

/** What of these is there. */
function given<T extends object>(members: T): Partial<T> {
  const there = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  // Nothing was added.
  return Object.fromEntries(there) as Partial<T>;
}

/**
 * The command with which a container's process begins.
 *
 * @throws Refusal if there is none.
 */
export function commandOf({ Entrypoint, Cmd }: ContainerConfig): readonly string[] {
  // An entry point that is one empty text takes the image's away (moby:daemon/commit.go:17).
  const entrypoint = Entrypoint?.length === 1 && Entrypoint[0] === "" ? [] : Entrypoint;
  const command = [...(entrypoint ?? []), ...(Cmd ?? [])];
  if (command.length === 0) {
    throw new Refusal(400, "no command specified");
  }
  return command;
}

/** What `PATH` is where nobody says it. */
export const usualPath: string = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment as a table; `HOME`, `PATH` and `HOSTNAME` are there unless they are set. */
export function environmentOf({ Env, Hostname = "", Tty, User }: ContainerConfig): Record<string, string> {
  const env: Record<string, string> = {
    PATH: usualPath,
    HOSTNAME: Hostname,
    HOME: User === "" || User === "root" || User === "0" ? "/root" : "/",
    ...(Tty ? { TERM: "xterm" } : {}),
  };
  for (const entry of Env ?? []) {
    const at = entry.indexOf("=");
    if (at > 0) {
      env[entry.slice(0, at)] = entry.slice(at + 1);
    }
  }
  return env;
}

/** What `HostConfig` says where the request says nothing. */
export function mergeHostConfig(asked: HostConfig = {}): HostConfig {
  return {
    ...hostDefaults,
    ...asked,
    // As much swap as memory (moby:daemon/daemon_unix.go, adaptContainerSettings).
    ...(asked.Memory && !asked.MemorySwap ? { MemorySwap: 2 * asked.Memory } : {}),
    NetworkMode: asked.NetworkMode || "bridge",
    LogConfig: { Type: asked.LogConfig?.Type || "json-file", Config: asked.LogConfig?.Config ?? {} },
    RestartPolicy: {
      Name: asked.RestartPolicy?.Name || "no",
      MaximumRetryCount: asked.RestartPolicy?.MaximumRetryCount ?? 0,
    },
  };
}

function mergeEnv(asked: readonly string[], image: readonly string[]): string[] {
  const named = new Set(asked.map((entry) => entry.split("=")[0]));
  // A name without a value takes the variable away.
  return [...asked.filter((entry) => entry.includes("=")), ...image.filter((entry) => !named.has(entry.split("=")[0]))];
}

function mergeKeys(asked: ContainerConfig["Volumes"], image: ContainerConfig["Volumes"]): ContainerConfig["Volumes"] {
  return asked || image ? { ...image, ...asked } : null;
}

const hostDefaults: HostConfig = {
  Binds: null,
  ContainerIDFile: "",
  PortBindings: {},
  AutoRemove: false,
  VolumeDriver: "",
  VolumesFrom: null,
  ConsoleSize: [0, 0],
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: "private",
  Dns: [],
  DnsOptions: [],
  DnsSearch: [],
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: "private",
  Cgroup: "",
  Links: null,
  OomScoreAdj: 0,
  PidMode: "",
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: "",
  UsernsMode: "",
  ShmSize: 67_108_864,
  Runtime: "runc",
  Isolation: "",
  CpuShares: 0,
  Memory: 0,
  NanoCpus: 0,
  CgroupParent: "",
  BlkioWeight: 0,
  BlkioWeightDevice: [],
  CpuPeriod: 0,
  CpuQuota: 0,
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: "",
  CpusetMems: "",
  Devices: [],
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  PidsLimit: null,
  Ulimits: [],
  CpuCount: 0,
  CpuPercent: 0,
  MaskedPaths: ["/proc/acpi", "/proc/kcore", "/proc/keys", "/sys/firmware"],
  ReadonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
};
