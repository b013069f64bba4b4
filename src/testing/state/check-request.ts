import type { ContainerConfig, ContainerCreateRequest, HostConfig } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";
import { readSignal } from "../programs/signals.ts";
import { isCapability } from "./capabilities.ts";
import { checkCommand, checkShape, createShape } from "./container-shape.ts";
import type { ContainerStore } from "./container-store.ts";
import { checkLimits } from "./resource-limits.ts";

/**
 * Checks a request for a container, but for what depends on its image, its networks and its volumes.
 *
 * @throws Refusal in dockerd's words if it cannot be fulfilled (moby:daemon/container.go, moby:daemon/daemon_unix.go).
 */
export function checkRequest(request: ContainerCreateRequest, containers: ContainerStore): void {
  checkCommand(request.Cmd);
  checkCommand(request.Entrypoint);
  checkShape(request, createShape);
  checkConfig(request);
  const { HostConfig = {} } = request;
  checkLimits(HostConfig);
  checkHostConfig(HostConfig);
  checkNamespaces(HostConfig);
  checkLinks(HostConfig, containers);
}

function checkConfig({ WorkingDir, Env, StopSignal, Healthcheck }: ContainerConfig): void {
  if (WorkingDir && !WorkingDir.startsWith("/")) {
    throw refuse(`the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  const unnamed = Env?.find((entry) => entry === "" || entry.startsWith("="));
  if (unnamed !== undefined) {
    throw refuse(`invalid environment variable: ${unnamed}`);
  }
  if (StopSignal && readSignal(StopSignal) === undefined) {
    throw refuse(`invalid signal: ${StopSignal}`);
  }
  checkHealth(Healthcheck);
}

function checkHealth(check: ContainerConfig["Healthcheck"]): void {
  const { Interval = 0, Timeout = 0, StartPeriod = 0, StartInterval = 0, Retries = 0 } = check ?? {};
  for (const [name, nanos] of Object.entries({ Interval, Timeout, StartPeriod, StartInterval })) {
    if (nanos !== 0 && nanos < 1e6) {
      throw refuse(`${name} in Healthcheck cannot be less than 1ms`);
    }
  }
  if (Retries < 0) {
    throw refuse("Retries in Healthcheck cannot be negative");
  }
}

function checkHostConfig(asked: HostConfig): void {
  const { AutoRemove, RestartPolicy, Memory = 0, MemorySwap = 0, CpuShares = 0, ShmSize = 0, OomScoreAdj = 0 } = asked;
  const { Runtime, LogConfig } = asked;
  const policy = RestartPolicy?.Name ?? "";
  if (AutoRemove && policy !== "" && policy !== "no") {
    throw refuse("can't create 'AutoRemove' container with restart policy");
  }
  if (MemorySwap > 0 && Memory === 0) {
    throw refuse("You should always set the Memory limit when using Memoryswap limit, see usage");
  }
  if (CpuShares < 0) {
    throw refuse(`invalid CPU shares (${CpuShares}): value must be a positive integer`);
  }
  if (ShmSize < 0) {
    throw refuse("SHM size can not be less than 0");
  }
  if (OomScoreAdj < -1000 || OomScoreAdj > 1000) {
    throw refuse(`Invalid value ${OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  }
  if (Runtime && !["runc", "io.containerd.runc.v2"].includes(Runtime)) {
    throw refuse(`unknown or invalid runtime name: ${Runtime}`);
  }
  const driver = LogConfig?.Type || "json-file";
  if (!logDrivers.includes(driver)) {
    throw refuse(`error looking up logging plugin ${driver}: plugin "${driver}" not found`);
  }
  checkCapabilities(asked);
}

/** Those of dockerd; whatever is asked for, the embedded engine keeps the log in its own way. */
const logDrivers: readonly string[] = [
  ...["none", "local", "json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "etwlogs", "gcplogs"],
];

function checkCapabilities({ CapAdd, CapDrop }: HostConfig): void {
  for (const [list, names] of Object.entries({ CapAdd, CapDrop })) {
    const unknown = names?.find((name) => !isCapability(name));
    if (unknown !== undefined) {
      const name = unknown.toUpperCase().replace(/^(?!CAP_)/, "CAP_");
      throw refuse(`invalid ${list}: unknown capability: "${name}"`);
    }
  }
}

function checkNamespaces({ IpcMode = "", PidMode = "", UTSMode = "", CgroupnsMode = "" }: HostConfig): void {
  if (!/^(|none|host|private|shareable|container:.*)$/.test(IpcMode)) {
    throw refuse(`invalid IPC mode: ${IpcMode}`);
  }
  if (!/^(|host|container:.+)$/.test(PidMode)) {
    throw refuse(`invalid PID mode: ${PidMode}`);
  }
  if (!["", "host"].includes(UTSMode)) {
    throw refuse(`invalid UTS mode: ${UTSMode}`);
  }
  if (!["", "host", "private"].includes(CgroupnsMode)) {
    throw refuse(`invalid cgroup namespace mode: ${CgroupnsMode}`);
  }
}

function checkLinks({ Links, ExtraHosts, NetworkMode, PortBindings }: HostConfig, containers: ContainerStore): void {
  const [link] = Links ?? [];
  if (link !== undefined && NetworkMode === "host") {
    throw refuse(
      "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
    );
  }
  for (const name of (Links ?? []).map((each) => each.split(":")[0] ?? "")) {
    if (!containers.isThere(name)) {
      throw refuse(`could not get container for ${name}: No such container: ${name}`);
    }
  }
  const host = ExtraHosts?.find((each) => !/^[^:=]+[:=].+$/.test(each));
  if (host !== undefined) {
    throw refuse(`bad format for add-host: ${JSON.stringify(host)}`);
  }
  checkPorts(PortBindings);
}

function checkPorts(bindings: HostConfig["PortBindings"]): void {
  const asked = Object.entries(bindings ?? {}).flatMap(([port, places]) => [
    port.split("/")[0] ?? "",
    ...(places ?? []).map(({ HostPort }) => HostPort ?? ""),
  ]);
  const none = asked.find((text) => !/^\d*(-\d+)?$/.test(text));
  if (none !== undefined) {
    throw refuse(`invalid port specification: ${JSON.stringify(none)}`);
  }
}

function refuse(why: string): Refusal {
  return new Refusal(400, why);
}
