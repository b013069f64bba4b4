import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { checkServerIdentity, connect, createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { DialError } from "../../errors/dial-error.ts";
import type { Connection, Dialer } from "./dialer.ts";
import { type TcpAddress, tcpDialer, tcpKeepAliveMs } from "./tcp.ts";

/** With what both sides prove who they are. All of it in PEM. */
export interface TlsMaterial {
  /** The certificates that may sign the engine's. Default: those that Node trusts. */
  readonly ca?: string | Uint8Array | undefined;
  /** The client's certificate, with `key`. */
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
  /** Whether to speak with an engine whatever its certificate says. */
  readonly skipVerify: boolean;
  /** The name that the engine's certificate must have. Default: the host's. */
  readonly serverName?: string | undefined;
}

/** A TCP port that speaks TLS. */
export interface TlsAddress extends TcpAddress {
  readonly tls: TlsMaterial;
}

/**
 * Dials TLS over TCP, at least TLS 1.2.
 *
 * @throws DialError if the certificates or the key cannot be used
 */
export function tlsDialer(address: TlsAddress): Dialer {
  const secureContext = secureContextOf(address.tls);
  return {
    ...tcpDialer(address),
    readyEvent: "secureConnect",
    accepted,
    connect: () => secured(address, secureContext),
  };
}

/** How long to wait for a sign that not every server gives. */
const acceptanceMs = 200;

/**
 * In TLS 1.3 the engine looks at the client's certificate when the handshake is over for the client, who learns of a
 * refusal only by reading: unless it writes on, and gets a reset for it. Go's server, which is every engine's, sends a
 * session ticket when it is content (crypto/tls/handshake_server_tls13.go, sendSessionTickets).
 */
function accepted(connection: Connection): Promise<void> {
  if (!(connection instanceof TLSSocket) || connection.getProtocol() !== "TLSv1.3") {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, acceptanceMs);
    for (const event of ["session", "close"]) {
      connection.once(event, () => {
        clearTimeout(timer);
        // What is written while Node still reads the ticket is mixed up with it, and the engine gets a broken record
        // (observed on Node 20.20).
        setImmediate(resolve);
      });
    }
  });
}

function secured({ host, port, tls }: TlsAddress, secureContext: SecureContext): Connection {
  const name = tls.serverName ?? host;
  const socket = connect({
    host,
    port,
    secureContext,
    // An address is no name that may be asked for (RFC 6066, section 3), yet one that a certificate may have.
    ...(isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    rejectUnauthorized: !tls.skipVerify,
  });
  return socket.setNoDelay(true).setKeepAlive(true, tcpKeepAliveMs);
}

function secureContextOf({ ca, cert, key }: TlsMaterial): SecureContext {
  try {
    if (ca !== undefined) {
      // OpenSSL passes over what it cannot read here, and would then trust nobody.
      void new X509Certificate(ca);
    }
    return createSecureContext({ ca: pem(ca), cert: pem(cert), key: pem(key), minVersion: "TLSv1.2" });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DialError(`the certificates or the key cannot be used: ${reason}`, {
      code: "TLS_MATERIAL",
      advice: "ca.pem, cert.pem and key.pem must be in PEM, and the key be that of the certificate, without a password",
      cause,
    });
  }
}

/** Node takes bytes as a Buffer alone. */
function pem(text: string | Uint8Array | undefined): string | Buffer | undefined {
  return text instanceof Uint8Array ? Buffer.from(text) : text;
}
