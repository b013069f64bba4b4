import { posix } from "node:path";
import type { HealthConfig, ImageConfig } from "../../generated/models.ts";
import type { Instruction } from "./dockerfile.ts";
import { durationNs } from "./duration.ts";
import { expand, type Variables } from "./expand.ts";
import { readJsonList, readPairs, splitWords } from "./words.ts";

/** What an instruction does to a configuration. */
interface ConfigStep {
  readonly config: ImageConfig;
  /** How `docker history` shows it, without the shell. */
  readonly summary: string;
}

type Step = (instruction: Instruction, config: ImageConfig, variables: Variables) => ConfigStep;

/** With which a command in one text is run unless `SHELL` says otherwise. */
export const usualShell: readonly string[] = ["/bin/sh", "-c"];

/** The instructions that change nothing but the configuration. */
export const configSteps: Readonly<Record<string, Step>> = {
  CMD: ({ rest }, config) => {
    const Cmd = commandOf(rest, config);
    return { config: { ...config, Cmd }, summary: `CMD ${goList(Cmd)}` };
  },
  ENTRYPOINT: ({ rest }, config) => {
    const Entrypoint = commandOf(rest, config);
    return { config: { ...config, Entrypoint, Cmd: null }, summary: `ENTRYPOINT ${goList(Entrypoint)}` };
  },
  ENV: ({ rest }, config, variables) => {
    const pairs = expandPairs(readPairs("ENV", rest), variables);
    const Env = pairs.reduce((env, [name, value]) => setEnv(env, name, value), [...(config.Env ?? [])]);
    return { config: { ...config, Env }, summary: `ENV ${pairs.map((pair) => pair.join("=")).join(" ")}` };
  },
  LABEL: ({ rest }, config, variables) => {
    const pairs = expandPairs(readPairs("LABEL", rest), variables);
    const Labels = { ...config.Labels, ...Object.fromEntries(pairs) };
    return { config: { ...config, Labels }, summary: `LABEL ${pairs.map((pair) => pair.join("=")).join(" ")}` };
  },
  EXPOSE: ({ rest }, config, variables) => {
    const ports = splitWords(rest).map((word) => portOf(expand(word, variables)));
    const ExposedPorts = { ...config.ExposedPorts, ...Object.fromEntries(ports.map((port) => [port, {}])) };
    return {
      config: { ...config, ExposedPorts },
      summary: `EXPOSE ${ports.map((port) => port.replace("/tcp", "")).join(" ")}`,
    };
  },
  HEALTHCHECK: (instruction, config) => {
    const Healthcheck = healthOf(instruction);
    return { config: { ...config, Healthcheck }, summary: `HEALTHCHECK ${instruction.rest}` };
  },
  ONBUILD: ({ rest }, config) => ({
    config: { ...config, OnBuild: [...(config.OnBuild ?? []), rest] },
    summary: `ONBUILD ${rest}`,
  }),
  SHELL: ({ rest }, config) => {
    const Shell = readJsonList(rest);
    if (Shell === undefined) {
      throw new Error("SHELL requires the arguments to be in JSON form");
    }
    return { config: { ...config, Shell }, summary: `SHELL ${goList(Shell)}` };
  },
  STOPSIGNAL: ({ rest }, config, variables) => {
    const StopSignal = expand(rest, variables);
    return { config: { ...config, StopSignal }, summary: `STOPSIGNAL ${StopSignal}` };
  },
  USER: ({ rest }, config, variables) => {
    const User = expand(rest, variables);
    return { config: { ...config, User }, summary: `USER ${User}` };
  },
  VOLUME: ({ rest }, config, variables) => {
    const paths = (readJsonList(rest) ?? splitWords(rest)).map((word) => expand(word, variables));
    const Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
    return { config: { ...config, Volumes }, summary: `VOLUME [${paths.join(" ")}]` };
  },
  WORKDIR: ({ rest }, config, variables) => {
    const WorkingDir = posix.resolve(config.WorkingDir || "/", expand(rest, variables));
    return { config: { ...config, WorkingDir }, summary: `WORKDIR ${WorkingDir}` };
  },
};

/** A command as it is run: a list as it is, a text by the shell. */
export function commandOf(rest: string, { Shell }: ImageConfig): string[] {
  return readJsonList(rest) ?? (rest === "" ? [] : [...(Shell ?? usualShell), rest]);
}

/** A list as Go prints it: `["a" "b"]`. */
function goList(items: readonly string[]): string {
  return `[${items.map((item) => JSON.stringify(item)).join(" ")}]`;
}

function expandPairs(pairs: readonly [string, string][], variables: Variables): [string, string][] {
  return pairs.map(([name, value]) => [expand(name, variables), expand(value, variables)]);
}

function setEnv(env: readonly string[], name: string, value: string): string[] {
  const at = env.findIndex((entry) => entry.startsWith(`${name}=`));
  const entry = `${name}=${value}`;
  return at < 0 ? [...env, entry] : [...env.slice(0, at), entry, ...env.slice(at + 1)];
}

function portOf(text: string): string {
  const [, port, protocol = "tcp"] = /^(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i.exec(text) ?? [];
  if (port === undefined) {
    throw new Error(`Invalid containerPort: ${text.replace(/\/.*$/, "")}`);
  }
  return `${port}/${protocol.toLowerCase()}`;
}

function healthOf({ rest, flags }: Instruction): HealthConfig {
  const [, kind = "", command = ""] = /^(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (kind.toUpperCase() === "NONE") {
    return { Test: ["NONE"] };
  }
  if (kind.toUpperCase() !== "CMD") {
    throw new Error(`Unknown type ${JSON.stringify(kind)} in HEALTHCHECK (try CMD)`);
  }
  const list = readJsonList(command);
  const given = new Map(flags.map(({ name, value }) => [name, value]));
  const nanos = (name: string) => durationNs(given.get(name));
  return {
    Test: list === undefined ? ["CMD-SHELL", command] : ["CMD", ...list],
    Interval: nanos("interval"),
    Timeout: nanos("timeout"),
    StartPeriod: nanos("start-period"),
    StartInterval: nanos("start-interval"),
    Retries: given.has("retries") ? Number(given.get("retries")) : undefined,
  };
}
