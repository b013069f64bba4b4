import type { IncomingMessage } from "node:http";
import { DialError } from "../errors/dial-error.ts";

/**
 * Whether that is how Go's server answers plain HTTP on a port that speaks TLS: without any header, and not in HTTP/1.1
 * (net/http/server.go, "Client sent an HTTP request to an HTTPS server."). No engine answers so otherwise.
 */
export function asksForTls({ statusCode, httpVersion, rawHeaders }: IncomingMessage): boolean {
  return statusCode === 400 && httpVersion === "1.0" && rawHeaders.length === 0;
}

/** Why such a port is no way to the engine. */
export function tlsWanted(): DialError {
  return new DialError("the port speaks TLS, and Fairlead spoke plain HTTP", {
    code: "TLS_WANTED",
    advice: "Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of the certificates",
  });
}
