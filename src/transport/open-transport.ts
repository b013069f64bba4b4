import { type ConnectAttempt, ConnectError } from "../errors/connect-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { connectError } from "../errors/node-errors.ts";
import type { Dialer } from "./dial/dialer.ts";
import type { NpipeAddress } from "./dial/npipe.ts";
import type { SshAddress } from "./dial/ssh-command.ts";
import { type TcpAddress, tcpDialer } from "./dial/tcp.ts";
import type { TlsMaterial } from "./dial/tls.ts";
import { type UnixAddress, unixDialer } from "./dial/unix.ts";
import { createHttpTransport } from "./http-transport.ts";
import type { Timeouts, Transport } from "./transport.ts";

/** An address of an engine, of any kind. */
export type EngineAddress =
  | ({ readonly kind: "unix" } & UnixAddress)
  | ({ readonly kind: "npipe" } & NpipeAddress)
  | ({ readonly kind: "tcp"; readonly tls?: TlsMaterial | undefined } & TcpAddress)
  | ({ readonly kind: "ssh" } & SshAddress);

/**
 * Opens the way to the first of several addresses at which somebody listens. A single address is taken as it is.
 *
 * @param timeouts `connectMs` limits the search at each address
 * @throws ConnectError with what went wrong at each address if nobody listens at any.
 */
export async function openTransport(
  addresses: readonly EngineAddress[],
  timeouts: Timeouts,
  context: ErrorContext,
): Promise<Transport> {
  const dialers = await Promise.all(addresses.map((address) => makeDialer(address, context)));
  const [only] = dialers;
  if (only !== undefined && dialers.length === 1) {
    return createHttpTransport(only);
  }
  const attempts: ConnectAttempt[] = [];
  for (const dialer of dialers) {
    const error = await probe(dialer, timeouts, context);
    if (error === undefined) {
      return createHttpTransport(dialer);
    }
    attempts.push(...error.attempts);
  }
  throw new ConnectError(attempts, context);
}

/**
 * Opens a connection to an address and closes it again. Resolves with what went wrong, if anything did.
 *
 * @param timeouts `connectMs` limits it
 */
export async function tryAddress(
  address: EngineAddress,
  timeouts: Timeouts,
  context: ErrorContext,
): Promise<ConnectError | undefined> {
  const dialer = await makeDialer(address, context);
  try {
    return await probe(dialer, timeouts, context);
  } finally {
    await dialer.close?.();
  }
}

async function makeDialer(address: EngineAddress, context: ErrorContext): Promise<Dialer> {
  try {
    return await dialerOf(address);
  } catch (cause) {
    throw connectError(cause, { endpoint: address.address, source: address.source }, context);
  }
}

/** What most clients do not need is loaded by those who do. */
async function dialerOf(address: EngineAddress): Promise<Dialer> {
  switch (address.kind) {
    case "unix":
      return unixDialer(address);
    case "tcp":
      if (address.tls === undefined) {
        return tcpDialer(address);
      }
      return (await import("./dial/tls.ts")).tlsDialer({ ...address, tls: address.tls });
    case "npipe":
      return (await import("./dial/npipe.ts")).npipeDialer(address);
    case "ssh":
      return (await import("./dial/ssh.ts")).sshDialer(address);
    default:
      return address satisfies never;
  }
}

/** Opens a connection and closes it again. Resolves with what went wrong, if anything did. */
function probe(dialer: Dialer, { connectMs }: Timeouts, context: ErrorContext): Promise<ConnectError | undefined> {
  return new Promise((resolve) => {
    const connection = dialer.connect();
    const settle = (error: ConnectError | undefined) => {
      clearTimeout(timer);
      connection.destroy();
      resolve(error);
    };
    const timer = setTimeout(
      () => settle(connectError(new Error(`no connection within ${connectMs} ms`), dialer, context)),
      Math.min(connectMs ?? longestTimerMs, longestTimerMs),
    );
    connection.once(dialer.readyEvent, () => settle(undefined));
    connection.on("error", (cause) => settle(connectError(cause, dialer, context)));
  });
}

/** A longer delay would make Node's timers fire at once. */
const longestTimerMs = 2 ** 31 - 1;
