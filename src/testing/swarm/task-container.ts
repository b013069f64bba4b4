import type { ContainerCreateRequest, ContainerSpec, EndpointSettings, TaskSpec } from "../../generated/models.ts";
import type { FileSystem } from "../files/file-system.ts";
import { engineFacts } from "../state/engine-facts.ts";
import type { Blob } from "./blobs.ts";
import type { ObjectStore } from "./object-store.ts";
import { type Task, taskName } from "./task.ts";

const nanosPerSecond = 1_000_000_000;

/** What a task's container is made of. */
export function containerOf(task: Task, networkNames: ReadonlyMap<string, string>): ContainerCreateRequest {
  const spec = task.spec.ContainerSpec ?? {};
  const fill = (text: string) => fillTemplate(text, task);
  const { Command, Args, Env, Hostname, User, Dir, TTY, OpenStdin, StopSignal, HealthCheck } = spec;
  return {
    // A task's image may be named by tag and digest both.
    Image: (spec.Image ?? "").replace(/(:[^:@/]+)@sha256:.*$/, "$1"),
    ...(Command === undefined ? {} : { Entrypoint: Command.map(fill) }),
    ...(Args === undefined ? {} : { Cmd: Args.map(fill) }),
    ...(Env === undefined ? {} : { Env: Env.map(fill) }),
    ...(Hostname === undefined ? {} : { Hostname: fill(Hostname) }),
    ...(User === undefined ? {} : { User }),
    ...(Dir === undefined ? {} : { WorkingDir: Dir }),
    ...(StopSignal === undefined ? {} : { StopSignal }),
    ...(HealthCheck === undefined ? {} : { Healthcheck: HealthCheck }),
    Tty: TTY ?? false,
    OpenStdin: OpenStdin ?? false,
    StopTimeout: graceMsOf(spec) / 1000,
    Labels: { ...spec.Labels, ...swarmLabels(task) },
    HostConfig: hostConfigOf(task, [...networkNames.values()][0]),
    NetworkingConfig: { EndpointsConfig: endpointsOf(task.spec, networkNames) },
  };
}

/** How long a task may take to end, in milliseconds; 10 seconds unless it says otherwise. */
export function graceMsOf({ StopGracePeriod }: ContainerSpec): number {
  return (StopGracePeriod ?? 10 * nanosPerSecond) / 1_000_000;
}

/** Writes the secrets and configs that a task has into its container's files. */
export function writeBlobs(
  files: FileSystem,
  { Secrets = [], Configs = [] }: ContainerSpec,
  stores: { readonly secrets: ObjectStore<Blob>; readonly configs: ObjectStore<Blob> },
): void {
  const given = [
    ...Secrets.map(({ SecretID = "", File }) => ({ blob: stores.secrets.get(SecretID), File, folder: "/run/secrets" })),
    ...Configs.map(({ ConfigID = "", File }) => ({ blob: stores.configs.get(ConfigID), File, folder: "" })),
  ];
  for (const { blob, File, folder } of given) {
    const name = File?.Name ?? blob?.spec.Name ?? "";
    const path = name.startsWith("/") ? name : `${folder}/${name}`;
    files.mkdir(path.slice(0, path.lastIndexOf("/")) || "/", { recursive: true });
    files.writeFile(path, Buffer.from(blob?.spec.Data ?? "", "base64"), { mode: File?.Mode ?? 0o444 });
    files.change(path, { uid: Number(File?.UID ?? 0), gid: Number(File?.GID ?? 0) });
  }
}

function hostConfigOf({ spec, service }: Task, network: string | undefined): ContainerCreateRequest["HostConfig"] {
  const { Mounts, ReadOnly, Hosts, Init, CapabilityAdd, CapabilityDrop, Sysctls, Ulimits } = spec.ContainerSpec ?? {};
  const published = service.spec.EndpointSpec?.Ports?.filter(({ PublishMode }) => PublishMode === "host") ?? [];
  const bindings = published.map(({ TargetPort, Protocol = "tcp", PublishedPort }) => [
    `${TargetPort}/${Protocol}`,
    [{ HostIp: "", HostPort: String(PublishedPort ?? "") }],
  ]);
  return {
    ...(network === undefined ? {} : { NetworkMode: network }),
    ...(Mounts === undefined ? {} : { Mounts }),
    ...(ReadOnly === undefined ? {} : { ReadonlyRootfs: ReadOnly }),
    ...(Hosts === undefined ? {} : { ExtraHosts: Hosts.map(extraHost) }),
    ...(Init === undefined || Init === null ? {} : { Init }),
    ...(CapabilityAdd === undefined ? {} : { CapAdd: CapabilityAdd }),
    ...(CapabilityDrop === undefined ? {} : { CapDrop: CapabilityDrop }),
    ...(Sysctls === undefined ? {} : { Sysctls }),
    ...(Ulimits === undefined ? {} : { Ulimits }),
    Memory: spec.Resources?.Limits?.MemoryBytes ?? 0,
    NanoCpus: spec.Resources?.Limits?.NanoCPUs ?? 0,
    PortBindings: Object.fromEntries(bindings),
  };
}

/** `IP NAME` as in `/etc/hosts` becomes `NAME:IP`. */
function extraHost(text: string): string {
  const [ip = "", name = ""] = text.split(/\s+/);
  return `${name}:${ip}`;
}

function endpointsOf(
  { Networks = [] }: TaskSpec,
  names: ReadonlyMap<string, string>,
): Record<string, EndpointSettings> {
  return Object.fromEntries(
    Networks.map(({ Target = "", Aliases = null }) => [
      names.get(Target) ?? Target,
      { Aliases: Aliases && [...Aliases] },
    ]),
  );
}

function swarmLabels(task: Task): Record<string, string> {
  return {
    "com.docker.swarm.node.id": task.nodeId ?? "",
    "com.docker.swarm.service.id": task.service.ID,
    "com.docker.swarm.service.name": task.service.spec.Name ?? "",
    "com.docker.swarm.task": "",
    "com.docker.swarm.task.id": task.ID,
    "com.docker.swarm.task.name": taskName(task),
  };
}

/** Fills in what may stand in a service's texts, such as `{{.Task.Slot}}` (swarmkit:template/context.go). */
function fillTemplate(text: string, task: Task): string {
  const { service, slot, nodeId = "" } = task;
  const facts: Readonly<Record<string, string>> = {
    "Service.ID": service.ID,
    "Service.Name": service.spec.Name ?? "",
    "Task.ID": task.ID,
    "Task.Name": taskName(task),
    "Task.Slot": String(slot ?? ""),
    "Node.ID": nodeId,
    "Node.Hostname": engineFacts.hostname,
  };
  return text.replace(/\{\{\s*\.([\w.]+)\s*\}\}/g, (whole, key: string) => facts[key] ?? whole);
}
