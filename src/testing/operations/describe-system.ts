import type { SystemInfo } from "../../generated/models.ts";
import { engineFacts } from "../state/engine-facts.ts";
import { goTime } from "../state/timestamps.ts";
import type { World } from "../state/world.ts";

/** What `GET /info` tells of the engine. */
export function describeSystem(world: World): SystemInfo {
  const { images, clock, swarm } = world;
  const { hostname, kernel, architecture, cpus, memoryBytes, version } = engineFacts;
  return {
    ID: "fairlead-embedded-engine",
    ...countContainers(world),
    Images: images.all().length,
    Driver: "overlay2",
    DriverStatus: [["Backing Filesystem", "memory"]],
    DockerRootDir: "/var/lib/docker",
    Plugins: {
      Volume: [...engineFacts.volumeDrivers],
      Network: [...engineFacts.networkDrivers],
      Authorization: null,
      Log: [...engineFacts.logDrivers],
    },
    ...abilities,
    NFd: 0,
    NGoroutines: 0,
    SystemTime: goTime(clock.now()),
    LoggingDriver: "json-file",
    CgroupDriver: "none",
    CgroupVersion: "2",
    NEventsListener: 0,
    KernelVersion: kernel,
    OperatingSystem: "Fairlead embedded engine",
    OSVersion: "",
    OSType: "linux",
    Architecture: architecture,
    NCPU: cpus,
    MemTotal: memoryBytes,
    ...registry,
    GenericResources: null,
    HttpProxy: "",
    HttpsProxy: "",
    NoProxy: "",
    Name: hostname,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: version,
    Runtimes: { runc: { path: "runc" } },
    DefaultRuntime: "runc",
    Swarm: swarm.info,
    LiveRestoreEnabled: false,
    Isolation: "",
    InitBinary: "docker-init",
    ContainerdCommit: { ID: "" },
    RuncCommit: { ID: "" },
    InitCommit: { ID: "" },
    SecurityOptions: [],
    DefaultAddressPools: [],
    CDISpecDirs: [],
    Warnings: null,
  };
}

function countContainers({
  containers,
}: World): Pick<SystemInfo, "Containers" | "ContainersRunning" | "ContainersPaused" | "ContainersStopped"> {
  const all = containers.all();
  const paused = all.filter(({ status }) => status === "paused").length;
  const running = all.filter(({ isRunning }) => isRunning).length - paused;
  return {
    Containers: all.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: all.length - running - paused,
  };
}

/** Limits are taken, and kept; nothing ever reaches them. */
const abilities: Pick<
  SystemInfo,
  "MemoryLimit" | "SwapLimit" | "CPUShares" | "CPUSet" | "PidsLimit" | "OomKillDisable" | "IPv4Forwarding" | "Debug"
> = {
  MemoryLimit: true,
  SwapLimit: true,
  CPUShares: true,
  CPUSet: true,
  PidsLimit: true,
  OomKillDisable: false,
  IPv4Forwarding: true,
  Debug: false,
};

const registry: Pick<SystemInfo, "IndexServerAddress" | "RegistryConfig"> = {
  IndexServerAddress: "https://index.docker.io/v1/",
  RegistryConfig: {
    IndexConfigs: { "docker.io": { Name: "docker.io", Mirrors: [], Secure: true, Official: true } },
    InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8"],
    Mirrors: null,
  },
};
