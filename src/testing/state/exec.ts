import type { ExecConfig } from "../../generated/models.ts";
import type { Process } from "../programs/process.ts";
import type { Container } from "./container.ts";

/** A further command in a container. */
export interface Exec {
  readonly ID: string;
  readonly container: Container;
  readonly config: ExecConfig;
  /** Undefined until it is started. */
  process: Process | undefined;
  /** Undefined until it has ended. */
  exitCode: number | undefined;
  pid: number;
}

/** Whether the command was started and has not ended; one that could not be started has ended at once. */
export function isUnderWay({ process, exitCode }: Exec): boolean {
  return process !== undefined && exitCode === undefined;
}
