import type { Command, OptionTable } from "./command.ts";

/** What is known of a command without loading it. */
export interface CommandEntry {
  /** What the command does, in one line. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** All commands by name, in the order of the help. Each is loaded when it is used. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  ps: { summary: "List containers", load: async () => (await import("./commands/ps.ts")).ps },
  create: { summary: "Create a container", load: async () => (await import("./commands/create.ts")).create },
  start: { summary: "Start containers", load: async () => (await import("./commands/start.ts")).start },
  stop: { summary: "Stop running containers", load: async () => (await import("./commands/stop.ts")).stop },
  restart: { summary: "Restart containers", load: async () => (await import("./commands/restart.ts")).restart },
  kill: { summary: "Send a signal to containers", load: async () => (await import("./commands/kill.ts")).kill },
  pause: {
    summary: "Freeze all processes of containers",
    load: async () => (await import("./commands/pause.ts")).pause,
  },
  unpause: {
    summary: "Let paused containers go on",
    load: async () => (await import("./commands/unpause.ts")).unpause,
  },
  wait: {
    summary: "Wait until containers end, and print their exit codes",
    load: async () => (await import("./commands/wait.ts")).wait,
  },
  rename: { summary: "Rename a container", load: async () => (await import("./commands/rename.ts")).rename },
  rm: { summary: "Remove containers", load: async () => (await import("./commands/rm.ts")).rm },
  logs: { summary: "Print the output of a container", load: async () => (await import("./commands/logs.ts")).logs },
  top: { summary: "List the processes of a container", load: async () => (await import("./commands/top.ts")).top },
  inspect: {
    summary: "Print everything about containers or images, as JSON",
    load: async () => (await import("./commands/inspect.ts")).inspect,
  },
  images: { summary: "List images", load: async () => (await import("./commands/images.ts")).images },
  pull: { summary: "Pull an image from its registry", load: async () => (await import("./commands/pull.ts")).pull },
  tag: { summary: "Give an image another name", load: async () => (await import("./commands/tag.ts")).tag },
  rmi: { summary: "Remove images", load: async () => (await import("./commands/rmi.ts")).rmi },
  history: {
    summary: "List the layers of an image",
    load: async () => (await import("./commands/history.ts")).history,
  },
  events: {
    summary: "Follow what happens in the engine",
    load: async () => (await import("./commands/events.ts")).events,
  },
  info: { summary: "Describe the engine", load: async () => (await import("./commands/info.ts")).info },
  version: {
    summary: "Print the versions of fairlead and the engine",
    load: async () => (await import("./commands/version.ts")).version,
  },
};

const host = {
  type: "string",
  short: "H",
  placeholder: "ADDRESS",
  summary: "The engine's address, unix://PATH or tcp://HOST:PORT",
} as const;
const json = { type: "boolean", summary: "Print JSON, for other programs" } as const;
const help = { type: "boolean", short: "h", summary: "Print this help" } as const;
const version = { type: "boolean", short: "v", summary: "Print the version of fairlead" } as const;

interface GlobalOptions extends OptionTable {
  readonly host: typeof host;
  readonly json: typeof json;
  readonly help: typeof help;
}

/** Flags that every command has. They may stand before or after the command's name. */
export const globalOptions: GlobalOptions = { host, json, help };

/** Flags that may stand before the command's name, or without a command. */
export const topOptions: GlobalOptions & { readonly version: typeof version } = { host, json, help, version };
