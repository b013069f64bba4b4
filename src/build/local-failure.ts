import { CopyError } from "../errors/copy-error.ts";
import { RequestError } from "../errors/request-error.ts";

/** The failure of the folder, as it was before the transport met it; every other failure as it is. */
export function localFailure(error: unknown): unknown {
  return error instanceof RequestError && error.cause instanceof CopyError ? error.cause : error;
}
