import type { Report } from "../operations/progress.ts";
import type { BuildRequest } from "./build-request.ts";
import type { BuildStage } from "./build-stage.ts";

/** Says in which container a step runs. */
export function tellRunning(container: string): Report {
  return { stream: ` ---> Running in ${container.slice(0, 12)}\n` };
}

/** Says that the container of a step is gone, if the build removes them. */
export function* tellRemoved(
  container: string,
  { removes, removesFailed }: BuildRequest,
  failed = false,
): Generator<Report> {
  if (failed ? removesFailed : removes) {
    yield { stream: ` ---> Removed intermediate container ${container.slice(0, 12)}\n` };
  }
}

/** Says that a step was done before. */
export function* tellCached(stage: BuildStage): Generator<Report> {
  yield { stream: " ---> Using cache\n" };
  yield tellImage(stage);
}

/** Says which image a step has made. */
export function tellImage({ image }: BuildStage): Report {
  return { stream: ` ---> ${image?.Id.slice(7, 19) ?? ""}\n` };
}

/** The name of a variable in an entry of an environment. */
export function nameOf(entry: string): string {
  return entry.replace(/=.*$/s, "");
}

/** Between these the classic builder writes what a program prints to stderr: a terminal shows it in red. */
export const red: { readonly on: string; readonly off: string } = { on: "\u001b[91m", off: "\u001b[0m" };
