import type { Candidate } from "./config/candidates.ts";
import { formatEndpoint } from "./config/endpoint.ts";
import { checkHeaders } from "./config/headers.ts";
import { select } from "./config/selection.ts";
import type { Surroundings } from "./config/surroundings.ts";
import type { TlsOptions } from "./config/tls.ts";
import { InvalidRequestError } from "./errors/invalid-request-error.ts";
import { DeferredTransport } from "./transport/deferred-transport.ts";
import type { Dial } from "./transport/dial/custom.ts";
import type { EngineAddress } from "./transport/open-transport.ts";
import type { Timeouts, Transport } from "./transport/transport.ts";

/** Where an engine is, and what is said to it with every request. */
export interface ConnectionOptions {
  /**
   * The engine's address: `unix:///path/to/docker.sock`, `tcp://host:port`, `ssh://user@host` or
   * `npipe:////./pipe/name`. Default: as the docker CLI finds it, by `DOCKER_HOST`, `DOCKER_CONTEXT` and the context in
   * use; else the first of the well-known sockets that answers (Docker, rootless Docker, Docker Desktop, Colima, Podman).
   */
  readonly host?: string | undefined;
  /** The name of one of the docker CLI's contexts, in place of `host`. */
  readonly context?: string | undefined;
  /** The folder of the docker CLI's `config.json` and contexts. Default: `DOCKER_CONFIG`, else `~/.docker`. */
  readonly configFolder?: string | undefined;
  /** Headers for every request, beside `DOCKER_CUSTOM_HEADERS` or the `HttpHeaders` of `config.json`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * How to speak TLS to a `tcp://` address. Default: as `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH` say, or
   * the context.
   */
  readonly tls?: TlsOptions | undefined;
  /**
   * Opens the connections to the engine in a way of its own: any two-way stream of bytes. `host` is then what errors call
   * it (default: `dial`), and neither the environment nor the docker CLI's files are looked at to find an engine.
   */
  readonly dial?: Dial | undefined;
}

/**
 * The way to the engine of those options. Files are read, and HTTP and sockets loaded, with the first call: that halves
 * the time which importing Fairlead takes.
 *
 * @throws InvalidRequestError if an option, or the address in `DOCKER_HOST`, is malformed.
 */
export function connect(options: ConnectionOptions, surroundings: Surroundings, timeouts: Timeouts): Transport {
  if (options.dial !== undefined) {
    return connectBy(options.dial, options);
  }
  select(options, surroundings);
  return new DeferredTransport(async (context) => {
    const [{ resolve }, { openTransport }, { withHeaders }] = await Promise.all([
      import("./config/resolve.ts"),
      import("./transport/open-transport.ts"),
      import("./transport/with-headers.ts"),
    ]);
    const { candidates, headers } = await resolve(options, surroundings);
    return withHeaders(await openTransport(candidates.map(engineAddress), timeouts, context), headers);
  });
}

function connectBy(dial: Dial, { host = "dial", context, tls, headers = {} }: ConnectionOptions): Transport {
  if (context !== undefined || tls !== undefined) {
    throw new InvalidRequestError("The option dial opens connections itself: leave the options context and tls out", {
      parameter: "dial",
    });
  }
  if (typeof dial !== "function") {
    throw new InvalidRequestError("The option dial must be a function", { parameter: "dial" });
  }
  checkHeaders(headers, "the option headers");
  return new DeferredTransport(async () => {
    const [{ customDialer }, { createHttpTransport }, { withHeaders }] = await Promise.all([
      import("./transport/dial/custom.ts"),
      import("./transport/http-transport.ts"),
      import("./transport/with-headers.ts"),
    ]);
    const dialer = customDialer({ dial, address: host, source: "the option dial" });
    return withHeaders(createHttpTransport(dialer), headers);
  });
}

/** A candidate in the form in which the transport dials it. */
export function engineAddress({ endpoint, source }: Candidate): EngineAddress {
  return { ...endpoint, address: formatEndpoint(endpoint), source };
}
