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
