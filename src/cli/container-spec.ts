import { resolve } from "node:path";
import type { ContainerCreateRequest, HostConfig } from "../index.ts";
import type { Flags } from "./command.ts";
import { splitPair } from "./pairs.ts";
import { publishPorts } from "./publish.ts";
import { UsageError } from "./usage-error.ts";

/** The flags that say what a container is to be. */
export const containerOptions = {
  entrypoint: {
    type: "string",
    placeholder: "PROGRAM",
    summary: "The program to run instead of the image's entrypoint",
  },
  env: {
    type: "strings",
    short: "e",
    placeholder: "NAME=VALUE",
    summary: "Set a variable; a NAME alone takes its value from here",
  },
  hostname: { type: "string", placeholder: "NAME", summary: "The container's host name" },
  init: { type: "boolean", summary: "Run an init that forwards signals and reaps processes" },
  interactive: { type: "boolean", short: "i", summary: "Keep the standard input open" },
  label: { type: "strings", short: "l", placeholder: "KEY=VALUE", summary: "Set a label" },
  name: { type: "string", placeholder: "NAME", summary: "The container's name. Default: a random one" },
  network: { type: "string", placeholder: "NETWORK", summary: "A network, or bridge, host or none" },
  platform: { type: "string", placeholder: "OS/ARCH", summary: "The platform of the image" },
  publish: {
    type: "strings",
    short: "p",
    placeholder: "[[IP:]PORT:]PORT",
    summary: "Publish a port, or a range of them, on the host",
  },
  restart: { type: "string", placeholder: "POLICY", summary: "no, always, unless-stopped or on-failure[:COUNT]" },
  rm: { type: "boolean", summary: "Remove the container when it ends" },
  tty: { type: "boolean", short: "t", summary: "Give the container a terminal" },
  user: { type: "string", short: "u", placeholder: "USER[:GROUP]", summary: "The user to run as" },
  volume: {
    type: "strings",
    short: "v",
    placeholder: "[SOURCE:]PATH",
    summary: "Mount a folder of the host, or a volume",
  },
  workdir: { type: "string", short: "w", placeholder: "PATH", summary: "The working directory" },
} as const;

type ContainerFlags = Flags<typeof containerOptions>;
type Env = Readonly<Record<string, string | undefined>>;

/** What the flags, and the operands `IMAGE [COMMAND] [ARGUMENT...]`, ask for. */
export function readSpec(flags: ContainerFlags, operands: readonly string[], env: Env): ContainerCreateRequest {
  const [Image, ...Cmd] = operands;
  const { ExposedPorts, PortBindings } = publishPorts(flags.publish);
  const volumes = flags.volume.filter((volume) => !volume.includes(":"));
  return {
    Image,
    Cmd: Cmd.length === 0 ? undefined : Cmd,
    Entrypoint: flags.entrypoint === undefined ? undefined : [flags.entrypoint],
    Env: flags.env.flatMap((variable) => readVariable(variable, env)),
    Labels: Object.fromEntries(flags.label.map(splitPair).map(([key, value]) => [key, value ?? ""])),
    Hostname: flags.hostname,
    User: flags.user,
    WorkingDir: flags.workdir,
    Tty: flags.tty,
    OpenStdin: flags.interactive,
    StdinOnce: flags.interactive,
    ExposedPorts,
    Volumes: Object.fromEntries(volumes.map((path) => [path, {}])),
    HostConfig: readHostConfig(flags, PortBindings),
  };
}

function readHostConfig(flags: ContainerFlags, PortBindings: HostConfig["PortBindings"]): HostConfig {
  return {
    AutoRemove: flags.rm,
    Binds: flags.volume.filter((volume) => volume.includes(":")).map(readBind),
    Init: flags.init || undefined,
    NetworkMode: flags.network,
    PortBindings,
    RestartPolicy: readRestartPolicy(flags.restart),
  };
}

/** A variable without a value takes the one that it has here, and is left out if it has none, as with the docker CLI. */
export function readVariable(variable: string, env: Env): string[] {
  const [name, value] = splitPair(variable);
  const known = value ?? env[name];
  return known === undefined ? [] : [`${name}=${known}`];
}

/** The engine wants absolute paths; `./data:/data` is about the folder here. */
function readBind(bind: string): string {
  return /^\.{1,2}(\/|:)/.test(bind) ? bind.replace(/^[^:]*/, (path) => resolve(path)) : bind;
}

function readRestartPolicy(policy: string | undefined): HostConfig["RestartPolicy"] {
  if (policy === undefined) {
    return undefined;
  }
  const [, Name, count] = /^(no|always|unless-stopped|on-failure)(?::(\d+))?$/.exec(policy) ?? [];
  if (Name === undefined) {
    throw new UsageError(`--restart takes no, always, unless-stopped or on-failure[:COUNT], not "${policy}"`);
  }
  return { Name, MaximumRetryCount: count === undefined ? undefined : Number(count) };
}
