import { InvalidRequestError } from "../errors/invalid-request-error.ts";

/** How to speak TLS to an engine. */
export interface TlsOptions {
  /** The certificates, as PEM, of those who may have signed the engine's. Default: those that Node.js trusts. */
  readonly ca?: string | Uint8Array | undefined;
  /** The client's certificate, as PEM; with `key`. */
  readonly cert?: string | Uint8Array | undefined;
  /** The client's private key, as PEM; with `cert`. */
  readonly key?: string | Uint8Array | undefined;
  /** Whether any certificate of the engine's is taken. Default: false. */
  readonly skipVerify?: boolean | undefined;
  /** The name that the engine's certificate must have. Default: the host of the address. */
  readonly serverName?: string | undefined;
}

/** What a connection with TLS is made with. */
export interface TlsMaterial extends TlsOptions {
  readonly skipVerify: boolean;
}

/**
 * Checks what a caller names for TLS.
 *
 * @throws InvalidRequestError if there is a certificate without its key, or a key without its certificate.
 */
export function tlsMaterialOf(options: TlsOptions): TlsMaterial {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw new InvalidRequestError("The options tls.cert and tls.key belong together: one of them is missing", {
      parameter: "tls",
    });
  }
  return { ...options, skipVerify: options.skipVerify ?? false };
}
