import type { Command } from "./command.ts";
import { connectionFlags } from "./connection-flags.ts";

/** What is known of a command without loading it. */
export interface CommandEntry {
  /** What the command does, in one line. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** All commands by name, in the order of the help. Each is loaded when it is used. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  ps: { summary: "List containers", load: async () => (await import("./commands/ps.ts")).ps },
  run: {
    summary: "Run a command in a container of its own",
    load: async () => (await import("./commands/run.ts")).run,
  },
  exec: {
    summary: "Run a command in a running container",
    load: async () => (await import("./commands/exec.ts")).exec,
  },
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
  push: { summary: "Push an image to its registry", load: async () => (await import("./commands/push.ts")).push },
  search: { summary: "Search a registry", load: async () => (await import("./commands/search.ts")).search },
  login: {
    summary: "Check credentials at a registry, and keep them",
    load: async () => (await import("./commands/login.ts")).login,
  },
  logout: {
    summary: "Forget the credentials of a registry",
    load: async () => (await import("./commands/logout.ts")).logout,
  },
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
  "context ls": {
    summary: "List the contexts: named addresses of engines",
    load: async () => (await import("./commands/context.ts")).contextLs,
  },
  "context show": {
    summary: "Print the name of the context in use",
    load: async () => (await import("./commands/context.ts")).contextShow,
  },
  "context use": {
    summary: "Choose the context to use from now on",
    load: async () => (await import("./commands/context.ts")).contextUse,
  },
  "context inspect": {
    summary: "Print everything about contexts, as JSON",
    load: async () => (await import("./commands/context.ts")).contextInspect,
  },
  "context explain": {
    summary: "Tell which engine is chosen, and why that one",
    load: async () => (await import("./commands/context-explain.ts")).contextExplain,
  },
};

const json = { type: "boolean", summary: "Print JSON, for other programs" } as const;
const help = { type: "boolean", short: "h", summary: "Print this help" } as const;
const version = { type: "boolean", short: "v", summary: "Print the version of fairlead" } as const;

type GlobalOptions = typeof connectionFlags & {
  readonly json: typeof json;
  readonly help: typeof help;
};

/** Flags that every command has. They may stand before or after the command's name. */
export const globalOptions: GlobalOptions = { ...connectionFlags, json, help };

/** Flags that may stand before the command's name, or without a command. */
export const topOptions: GlobalOptions & { readonly version: typeof version } = {
  ...globalOptions,
  version,
};
