import type { AuthConfig } from "../../generated/models.ts";
import type { FileSystem } from "../files/file-system.ts";
import type { ImageReference } from "../state/image-reference.ts";
import type { Instruction } from "./dockerfile.ts";

/** All that a build is asked for. */
export interface BuildRequest {
  readonly context: FileSystem;
  readonly instructions: readonly Instruction[];
  readonly tags: readonly ImageReference[];
  /** Values by the names of arguments; `null` takes one's default away. */
  readonly buildArgs: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  /** The stage to end with. Default: the last. */
  readonly target: string;
  readonly noCache: boolean;
  /** Whether base images are pulled though they are here. */
  readonly pull: boolean;
  /** Whether the containers of steps are removed, and those of steps that fail; only the text tells. */
  readonly removes: boolean;
  readonly removesFailed: boolean;
  /** Credentials by the hosts of registries. */
  readonly credentials: Readonly<Record<string, AuthConfig>>;
  /** Is aborted when nobody waits for the build any more. */
  readonly signal: AbortSignal;
}
