import { FairleadError } from "./fairlead-error.ts";

/**
 * Thrown when a credential helper, one of the `docker-credential-…` programs that `credsStore` and `credHelpers` of
 * `config.json` name, gives no answer that can be used: it is missing, it fails, it takes too long, or it answers what
 * no helper answers. The message has the helper's own words, and never a secret. The request that needed the
 * credentials was not sent. That a helper knows no credentials is no failure.
 */
export class CredentialsError extends FairleadError {
  override readonly name = "CredentialsError";
  /** The program, e.g. `docker-credential-pass`. */
  readonly helper: string;
  /** What it was to do. */
  readonly action: "get" | "list" | "store" | "erase";
  /** The registry it was asked about; undefined if it was to list them. */
  readonly registry: string | undefined;

  constructor(message: string, asked: Pick<CredentialsError, "helper" | "action" | "registry">, cause?: unknown) {
    super(message, { cause });
    this.helper = asked.helper;
    this.action = asked.action;
    this.registry = asked.registry;
  }
}
