import type { ContainerSummary, ContainerWaitResponse } from "../../generated/models.ts";
import type { Handlers } from "../http/handler.ts";
import { attempt, Refusal } from "../http/refusal.ts";
import { isOlder } from "../http/versions.ts";
import { readSignal } from "../programs/signals.ts";
import type { Container } from "../state/container.ts";
import { chooser, hasLabel, reading } from "../state/filters.ts";
import type { WaitCondition } from "../state/lifecycle.ts";
import type { World } from "../state/world.ts";
import { createContainer } from "./create-container.ts";
import { inspectContainer, sizesOf, summarizeContainer } from "./describe-container.ts";
import { listContainers } from "./list-containers.ts";
import { momentMs } from "./moment.ts";
import { processesOf } from "./processes.ts";
import { terminalSize } from "./terminal-size.ts";
import { updateContainer } from "./update-container.ts";

export const containerHandlers: Handlers = {
  ContainerCreate: createContainer,
  ContainerList: ({ parameters, version }, world) => {
    const chosen = listContainers(parameters, world);
    const value = chosen.map((container) => summarizeContainer(container, world, parameters["size"] === true));
    return { status: 200, value: isOlder(version, "1.52") ? value.map(withoutHealth) : value };
  },
  ContainerInspect: ({ path, parameters }, world) => ({
    status: 200,
    value: inspectContainer(find(path, world), world, parameters["size"] === true),
  }),
  ContainerStart: ({ path }, world) => {
    const container = find(path, world);
    if (container.status === "paused") {
      throw new Refusal(409, "cannot start a paused container, try unpause instead");
    }
    if (container.isRunning) {
      return { status: 304, value: undefined };
    }
    world.lifecycle.start(container);
    return { status: 204, value: undefined };
  },
  ContainerStop: async ({ path, parameters }, world) => {
    const container = find(path, world);
    if (container.hasEnded) {
      return { status: 304, value: undefined };
    }
    const signal = stopSignal(container, parameters, `cannot stop container: ${path["id"]}`);
    await world.lifecycle.stop(container, signal, graceMs(container, parameters));
    return { status: 204, value: undefined };
  },
  ContainerRestart: async ({ path, parameters }, world) => {
    const container = find(path, world);
    if (container.isRunning) {
      const signal = stopSignal(container, parameters, `Cannot restart container ${path["id"]}`);
      await world.lifecycle.stop(container, signal, graceMs(container, parameters));
    }
    world.lifecycle.start(container);
    world.lifecycle.tell(container, "restart");
    return { status: 204, value: undefined };
  },
  ContainerKill: async ({ path, parameters }, world) => {
    const what = `cannot kill container: ${path["id"]}`;
    const signal = signalOf(String(parameters["signal"] ?? "") || "SIGKILL", 400, what);
    const container = attempt(what, () => find(path, world));
    if (container.hasEnded) {
      throw new Refusal(409, `${what}: container ${container.facts.Id} is not running`);
    }
    await world.lifecycle.kill(container, signal);
    return { status: 204, value: undefined };
  },
  ContainerPause: ({ path }, world) => {
    const container = find(path, world);
    if (container.status === "paused") {
      throw new Refusal(409, `Container ${container.facts.Id} is already paused`);
    }
    mustRun(container);
    world.lifecycle.pause(container);
    return { status: 204, value: undefined };
  },
  ContainerUnpause: ({ path }, world) => {
    const container = find(path, world);
    if (container.status !== "paused") {
      throw new Refusal(500, `Container ${container.facts.Id} is not paused`);
    }
    world.lifecycle.unpause(container);
    return { status: 204, value: undefined };
  },
  ContainerWait: ({ path, parameters, signal }, world) => {
    const container = find(path, world);
    const condition = String(parameters["condition"] ?? "") || "not-running";
    if (!isCondition(condition)) {
      throw new Refusal(400, `invalid condition: "${condition}"`);
    }
    return { status: 200, value: exitOf(world.lifecycle.wait(container, condition, signal)) };
  },
  ContainerDelete: async ({ path, parameters }, world) => {
    const container = find(path, world);
    if (parameters["force"] !== true) {
      attempt(`cannot remove container "${path["id"]}"`, () => mustHaveEnded(container));
    }
    await world.lifecycle.remove(container, { withVolumes: parameters["v"] === true });
    return { status: 204, value: undefined };
  },
  ContainerRename: ({ path, parameters }, world) => {
    const name = String(parameters["name"] ?? "").replace(/^\//, "");
    if (name === "") {
      throw new Refusal(400, "Neither old nor new names may be empty");
    }
    const container = find(path, world);
    if (name === container.facts.name) {
      throw new Refusal(400, "Renaming a container with the same name as its current name");
    }
    const oldName = container.facts.name;
    attempt("Error when allocating new name", () => world.containers.rename(container, name));
    world.lifecycle.tell(container, "rename", { oldName: `/${oldName}` });
    return { status: 204, value: undefined };
  },
  ContainerUpdate: updateContainer,
  ContainerResize: ({ path, parameters }, world) => {
    const { rows, columns } = terminalSize(parameters);
    const container = find(path, world);
    mustRun(container);
    container.process?.resize(rows, columns);
    world.lifecycle.tell(container, "resize", { height: String(rows), width: String(columns) });
    return { status: 200, value: undefined };
  },
  ContainerTop: ({ path, parameters }, world) => {
    const container = find(path, world);
    mustRun(container);
    const value = processesOf(container, String(parameters["ps_args"] ?? "") || "-ef");
    world.lifecycle.tell(container, "top");
    return { status: 200, value };
  },
  ContainerPrune: async ({ parameters }, world) => {
    const choose = chooser<Container>(parameters["filters"], {
      label: ({ facts }, value) => hasLabel(facts.config.Labels, value),
      "label!": ({ facts }, value) => !hasLabel(facts.config.Labels, value),
      until: reading(
        (value) => momentMs(value, world.clock.now()),
        ({ createdMs }, ms) => createdMs < ms,
      ),
    });
    const ended = world.containers.all().filter((container) => container.hasEnded && choose(container));
    const reclaimed = ended.reduce((sum, container) => sum + sizesOf(container).SizeRw, 0);
    for (const container of ended) {
      await world.lifecycle.remove(container, { withVolumes: false });
    }
    const Attributes = { reclaimed: String(reclaimed) };
    world.events.publish({ Type: "container", Action: "prune", ID: "", Attributes });
    const ContainersDeleted = ended.length === 0 ? null : ended.map(({ facts }) => facts.Id);
    return { status: 200, value: { ContainersDeleted, SpaceReclaimed: reclaimed } };
  },
};

/** Older lists do not tell of it. */
function withoutHealth({ Health: _, ...summary }: ContainerSummary): ContainerSummary {
  return summary;
}

function find({ id = "" }: Readonly<Record<string, string>>, world: World): Container {
  return world.containers.find(id);
}

/** @throws Refusal if the container has not ended. */
function mustHaveEnded({ hasEnded, status }: Container): void {
  if (status === "paused") {
    throw new Refusal(409, "container is paused and must be unpaused first");
  }
  if (!hasEnded) {
    throw new Refusal(409, `container is ${status}: stop the container before removing or force remove`);
  }
}

/** @throws Refusal in dockerd's words if the container does not run. */
export function mustRun({ facts, isRunning }: Container): void {
  if (!isRunning) {
    throw new Refusal(409, `container ${facts.Id} is not running`);
  }
}

/** @param what what is tried, as dockerd begins to tell that it has failed */
function stopSignal({ facts }: Container, { signal }: Readonly<Record<string, unknown>>, what: string): string {
  return signalOf(String(signal ?? "") || facts.config.StopSignal || "SIGTERM", 500, what);
}

function signalOf(text: string, status: number, what: string): string {
  const signal = readSignal(text);
  if (signal === undefined) {
    throw new Refusal(status, `${what}: invalid signal: ${text}`);
  }
  return signal;
}

/** 10 seconds, unless the request or the container says otherwise. */
function graceMs({ facts }: Container, { t }: Readonly<Record<string, unknown>>): number {
  return (typeof t === "number" ? t : (facts.config.StopTimeout ?? 10)) * 1000;
}

async function exitOf(exitCode: Promise<number>): Promise<ContainerWaitResponse> {
  return { StatusCode: await exitCode };
}

function isCondition(text: string): text is WaitCondition {
  return text === "not-running" || text === "next-exit" || text === "removed";
}
