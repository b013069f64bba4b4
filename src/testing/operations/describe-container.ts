import type {
  ContainerInspectResponse,
  ContainerState,
  ContainerSummary,
  NetworkSettings,
  PortMap,
} from "../../generated/models.ts";
import type { Container } from "../state/container.ts";
import { commandOf } from "../state/container-config.ts";
import { isUnderWay } from "../state/exec.ts";
import { goTime, neverTime } from "../state/timestamps.ts";
import type { World } from "../state/world.ts";
import { durationInWords } from "./duration-in-words.ts";

/** A container as `inspect` shows it. */
export function inspectContainer(container: Container, world: World, withSize: boolean): ContainerInspectResponse {
  const { facts } = container;
  const [Path = "", ...Args] = commandOf(facts.config);
  const folder = `/var/lib/docker/containers/${facts.Id}`;
  const execs = container.execs.filter(isUnderWay);
  return {
    Id: facts.Id,
    Created: goTime(container.createdMs),
    Path,
    Args,
    State: stateOf(container, world),
    Image: facts.image.Id,
    ResolvConfPath: `${folder}/resolv.conf`,
    HostnamePath: `${folder}/hostname`,
    HostsPath: `${folder}/hosts`,
    LogPath: `${folder}/${facts.Id}-json.log`,
    Name: `/${facts.name}`,
    RestartCount: container.restartCount,
    Driver: "overlay2",
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: execs.length === 0 ? null : execs.map(({ ID }) => ID),
    HostConfig: facts.hostConfig,
    GraphDriver: { Name: "overlay2", Data: { ID: facts.Id } },
    ...(withSize ? sizesOf(container) : {}),
    Mounts: container.mounts,
    Config: facts.config,
    NetworkSettings: networksOf(container),
  };
}

/** A container as a list shows it. */
export function summarizeContainer(container: Container, world: World, withSize: boolean): ContainerSummary {
  const { facts } = container;
  const health = world.lifecycle.healthOf(container)?.health;
  return {
    Id: facts.Id,
    Names: [`/${facts.name}`],
    Image: facts.imageName,
    ImageID: facts.image.Id,
    Command: commandOf(facts.config).map(quoted).join(" "),
    Created: Math.floor(container.createdMs / 1000),
    Ports: container.ports,
    ...(withSize ? sizesOf(container) : {}),
    Labels: facts.config.Labels ?? {},
    State: container.status,
    Status: statusInWords(container, world),
    HostConfig: { NetworkMode: facts.hostConfig.NetworkMode ?? "bridge" },
    NetworkSettings: { Networks: container.networks },
    Mounts: container.mounts,
    Health: { Status: health?.Status ?? "none", FailingStreak: health?.FailingStreak ?? 0 },
  };
}

/** What has a space in it has quotes in a list (moby:daemon/container/view.go). */
function quoted(part: string, index: number): string {
  return index > 0 && part.includes(" ") ? `'${part}'` : part;
}

/** How dockerd tells of a container in a list, e.g. `Up 2 minutes (healthy)`. */
function statusInWords(container: Container, world: World): string {
  const now = world.clock.now();
  const since = (ms: number | undefined) => durationInWords(now - (ms ?? now));
  const health = world.lifecycle.healthOf(container)?.health.Status;
  switch (container.status) {
    case "running": {
      const note = health === "starting" ? " (health: starting)" : health === undefined ? "" : ` (${health})`;
      return `Up ${since(container.startedAtMs)}${note}`;
    }
    case "paused":
      return `Up ${since(container.startedAtMs)} (Paused)`;
    case "restarting":
      return `Restarting (${container.exitCode}) ${since(container.finishedAtMs)} ago`;
    case "exited":
      return `Exited (${container.exitCode}) ${since(container.finishedAtMs)} ago`;
    case "removing":
      return "Removal In Progress";
    case "created":
      return "Created";
  }
}

/** How many bytes a container has beyond its image, and in all. */
export function sizesOf({ files, facts }: Container): { readonly SizeRw: number; readonly SizeRootFs: number } {
  const SizeRootFs = files.totalBytes();
  return { SizeRw: Math.max(0, SizeRootFs - facts.image.files.totalBytes()), SizeRootFs };
}

function stateOf(container: Container, world: World): ContainerState {
  const { status } = container;
  const health = world.lifecycle.healthOf(container)?.health;
  return {
    Status: status,
    Running: !container.hasEnded,
    Paused: status === "paused",
    Restarting: status === "restarting",
    OOMKilled: false,
    Dead: false,
    Pid: container.pid,
    ExitCode: container.exitCode,
    Error: container.error,
    StartedAt: container.startedAtMs === undefined ? neverTime : goTime(container.startedAtMs),
    FinishedAt: container.finishedAtMs === undefined ? neverTime : goTime(container.finishedAtMs),
    ...(health === undefined ? {} : { Health: health }),
  };
}

/** Where each port is published; null where it is not. */
function portsOf({ ports }: Container): PortMap {
  const map: PortMap = {};
  for (const { IP = "", PrivatePort, PublicPort, Type } of ports) {
    const name = `${PrivatePort}/${Type}`;
    map[name] = PublicPort === undefined ? null : [...(map[name] ?? []), { HostIp: IP, HostPort: String(PublicPort) }];
  }
  return map;
}

function networksOf(container: Container): NetworkSettings {
  const { facts, networks } = container;
  return {
    SandboxID: facts.Id.split("").reverse().join(""),
    SandboxKey: `/var/run/docker/netns/${facts.Id.slice(0, 12)}`,
    Ports: portsOf(container),
    Networks: networks,
  };
}
