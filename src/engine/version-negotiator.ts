import { AbortError } from "../errors/abort-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { VersionError } from "../errors/version-error.ts";
import type { Timeouts, Transport, TransportResponse } from "../transport/transport.ts";
import { commonVersion, compareVersions, newestVersion, oldestVersion } from "./api-version.ts";
import { errorBodyLimitBytes } from "./engine-message.ts";
import { SharedWork } from "./shared-work.ts";

/** Finds the API version to speak with an engine: on first use, once for all callers, and again after a failure. */
export class VersionNegotiator {
  readonly #transport: Transport;
  readonly #timeouts: Timeouts;
  readonly #pinned: boolean;
  #version: string | undefined;
  #negotiation: SharedWork<string> | undefined;

  /**
   * @param pinned the version that was chosen explicitly; then the engine is not asked
   * @param timeouts the limits of the question, which belongs to no single call
   */
  constructor(transport: Transport, pinned: string | undefined, timeouts: Timeouts) {
    this.#transport = transport;
    this.#timeouts = timeouts;
    this.#version = pinned;
    this.#pinned = pinned !== undefined;
  }

  /** The version, once it is known; undefined before. */
  get known(): string | undefined {
    return this.#version;
  }

  /**
   * Asks the engine, together with everyone else who asks meanwhile, no longer than the signal allows. A failure is not
   * remembered; a question that nobody waits for any more is ended.
   *
   * @throws VersionError if the engine is older than the oldest version that Fairlead speaks.
   */
  async negotiate(signal: AbortSignal | undefined, context: ErrorContext): Promise<string> {
    const aborted = (): AbortError => new AbortError("The call was aborted", { ...context, cause: signal?.reason });
    if (signal?.aborted) {
      throw aborted();
    }
    if (this.#negotiation === undefined || this.#negotiation.isGivenUp) {
      this.#negotiation = this.#begin();
    }
    return this.#negotiation.join(signal, aborted);
  }

  #begin(): SharedWork<string> {
    const negotiation = new SharedWork((signal) =>
      this.#ask(signal).finally(() => {
        if (this.#negotiation === negotiation) {
          this.#negotiation = undefined;
        }
      }),
    );
    return negotiation;
  }

  async #ask(signal: AbortSignal): Promise<string> {
    const response = await this.#ping(signal);
    // A proxy may have dropped the header. The oldest version is safe to try: the engine says if it is too old.
    const heard = headerVersion(response);
    const offered = heard ?? oldestVersion;
    const version = commonVersion(offered);
    if (version === undefined) {
      throw tooOld(offered);
    }
    // An engine that is about to start, or the proxy before it, must not hold us to the oldest version for ever.
    if (heard !== undefined || response.status === 200) {
      this.#version = version;
    }
    return version;
  }

  /** HEAD first, GET on anything but 200, as moby's client does (moby:client/ping.go:108-145). */
  async #ping(signal: AbortSignal): Promise<TransportResponse> {
    const head = await this.#send("HEAD", signal);
    return head.status === 200 ? head : await this.#send("GET", signal);
  }

  async #send(method: "HEAD" | "GET", signal: AbortSignal): Promise<TransportResponse> {
    const request = { operation: "SystemPing", path: "/_ping", query: "", headers: {}, repeatable: true } as const;
    const response = await this.#transport.request({ ...request, method, signal, timeouts: this.#timeouts });
    await response.bytes(errorBodyLimitBytes);
    return response;
  }

  /**
   * Learns from an answer in which the engine refused the request's version: the version to try instead.
   * Undefined if the message is about something else, or if nothing new can be tried.
   *
   * @throws VersionError if the version was chosen explicitly, or if there is none in common.
   */
  heal(response: TransportResponse, message: string, context: ErrorContext): string | undefined {
    const refusal = response.status === 400 ? readRefusal(message) : undefined;
    if (refusal === undefined) {
      return undefined;
    }
    if (this.#pinned) {
      throw new VersionError(`The engine refused the API version that was chosen: ${message}`, refusal, context);
    }
    const offered = headerVersion(response) ?? refusal.maximum ?? refusal.minimum ?? oldestVersion;
    const version = commonVersion(offered);
    if (version === undefined) {
      throw tooOld(offered);
    }
    if (refusal.minimum !== undefined && compareVersions(refusal.minimum, version) > 0) {
      throw new VersionError(
        `The engine speaks API ${refusal.minimum} and newer, Fairlead ${newestVersion} and older: update Fairlead`,
        { version: refusal.minimum, maximum: newestVersion },
        context,
      );
    }
    this.#version = version;
    return version === refusal.version ? undefined : version;
  }
}

interface Refusal {
  readonly version: string;
  readonly minimum?: string | undefined;
  readonly maximum?: string | undefined;
}

/** The two texts of moby:daemon/server/middleware/version.go:57-62,77-82. */
function readRefusal(message: string): Refusal | undefined {
  const match =
    /client version (\d+\.\d+) is too (?:old|new)\. (Minimum|Maximum) supported API version is (\d+\.\d+)/.exec(
      message,
    );
  if (!match) {
    return undefined;
  }
  const [, version = "", bound, limit] = match;
  return bound === "Minimum" ? { version, minimum: limit } : { version, maximum: limit };
}

/** `Api-Version` on any answer is the newest version of the engine (moby:daemon/server/middleware/version.go:69-71). */
function headerVersion({ headers }: TransportResponse): string | undefined {
  const value = headers["api-version"];
  return typeof value === "string" && /^\d+\.\d+$/.test(value) ? value : undefined;
}

function tooOld(offered: string): VersionError {
  return new VersionError(
    `The engine speaks API ${offered} and older, Fairlead ${oldestVersion} and newer: update the engine`,
    { version: offered, minimum: oldestVersion },
  );
}
