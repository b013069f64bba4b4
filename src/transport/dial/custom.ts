import { once } from "node:events";
import type { Duplex } from "node:stream";
import { DialError } from "../../errors/dial-error.ts";
import { abortable } from "./abortable.ts";
import type { Address, Dialer } from "./dialer.ts";
import { type Ends, PipedConnection } from "./piped-connection.ts";

/**
 * Opens one connection to an engine: any two-way stream of bytes. A socket that is still connecting is waited for.
 *
 * @param signal is aborted when the connection is not wanted any more; a stream that comes later is destroyed
 */
export type Dial = (signal: AbortSignal) => Duplex | Promise<Duplex>;

/** A way to an engine that the caller opens. */
export interface CustomAddress extends Address {
  readonly dial: Dial;
}

/** Dials with a function of the caller. */
export function customDialer({ dial, address, source }: CustomAddress): Dialer {
  return {
    endpoint: address,
    source,
    host: "localhost",
    pathPrefix: "",
    readyEvent: "connect",
    connect: () => new PipedConnection((signal) => open(dial, signal)),
  };
}

async function open(dial: Dial, signal: AbortSignal): Promise<Ends> {
  const stream = await abortable(Promise.resolve(dial(signal)), signal, (late) => late.destroy());
  if (!isTwoWay(stream)) {
    throw new DialError("the function dial did not return a two-way stream", { code: "DIAL_NO_STREAM" });
  }
  await connected(stream, signal);
  // Whether the connection stays open when the engine has ended its side is decided around it.
  stream.allowHalfOpen = true;
  return {
    readable: stream,
    writable: stream,
    verdict: () => Promise.resolve(),
    close: () => closed(stream),
    ref: () => callIfPresent(stream, "ref"),
    unref: () => callIfPresent(stream, "unref"),
  };
}

/** The types may have been ignored. */
function isTwoWay(stream: unknown): boolean {
  return (
    typeof stream === "object" &&
    stream !== null &&
    ["write", "end", "on", "resume", "pause", "destroy"].every(
      (name) => typeof Reflect.get(stream, name) === "function",
    )
  );
}

async function connected(stream: Duplex, signal: AbortSignal): Promise<void> {
  const event = eventBefore(stream);
  if (event === undefined) {
    return;
  }
  try {
    await once(stream, event, { signal });
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** The event by which a socket of Node's says that it is open, unless it is. */
function eventBefore(stream: Duplex): string | undefined {
  if ("secureConnecting" in stream && stream.secureConnecting === true) {
    return "secureConnect";
  }
  return "connecting" in stream && stream.connecting === true ? "connect" : undefined;
}

async function closed(stream: Duplex): Promise<void> {
  if (!stream.closed) {
    const close = once(stream, "close").catch(() => {});
    stream.on("error", () => {});
    stream.destroy();
    await close;
  }
}

function callIfPresent(stream: Duplex, name: "ref" | "unref"): void {
  const method: unknown = Reflect.get(stream, name);
  if (typeof method === "function") {
    method.call(stream);
  }
}
