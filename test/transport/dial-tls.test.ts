import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { before, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from "node:tls";
import { ConnectError } from "../../src/errors/connect-error.ts";
import { type TlsMaterial, tlsDialer } from "../../src/transport/dial/tls.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { openTransport } from "../../src/transport/open-transport.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { type Certificate, issue, makeAuthority } from "../support/certificates.ts";
import { leakCheck } from "../support/leaks.ts";
import { drain, failure, get, post, read } from "./harness.ts";

let authority: Certificate;
let stranger: Certificate;

before(async () => {
  [authority, stranger] = await Promise.all([makeAuthority(), makeAuthority()]);
});

leakCheck();

function transportTo(port: number, tls: Partial<TlsMaterial>): Transport {
  const address = `tcp://127.0.0.1:${port}`;
  const material = { skipVerify: false, ...tls };
  return createHttpTransport(
    tlsDialer({ host: "127.0.0.1", port, pathPrefix: "", address, source: "the test", tls: material }),
  );
}

/** Runs `body` with a server that answers a request and echoes an upgraded connection in capitals. */
async function withServer(options: TlsOptions, body: (port: number) => Promise<void>): Promise<void> {
  const http = createServer((_request, response) => response.end("hello"));
  http.on("upgrade", (_request, socket: Socket) => {
    const pieces: Buffer[] = [];
    socket.allowHalfOpen = true;
    socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    socket.on("data", (chunk: Buffer) => pieces.push(chunk));
    socket.on("end", () => socket.end(Buffer.concat(pieces).toString().toUpperCase()));
  });
  // Of the client's certificate the server may think what it likes after the handshake; engines are stricter.
  const server = createTlsServer(options, (socket) => http.emit("connection", socket));
  await listen(server);
  try {
    await body(portOf(server));
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function listen(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
}

/** A server that listens on a port has an address object. */
function portOf(server: Server | TlsServer): number {
  return (server.address() as AddressInfo).port;
}

/** Asks once; nothing of the connection may be left. */
async function ask(port: number, tls: Partial<TlsMaterial>): Promise<string> {
  const transport = transportTo(port, tls);
  try {
    return await read(await transport.request(get()));
  } finally {
    await transport.close();
  }
}

async function refused(port: number, tls: Partial<TlsMaterial>): Promise<ConnectError> {
  const error = await failure(ask(port, tls), ConnectError);
  assert.match(error.attempts[0]?.endpoint ?? "", /^tcp:\/\/127\.0\.0\.1:/);
  assert.ok(error.attempts[0]?.advice, "what to do is said");
  return error;
}

test("an engine whose certificate the given authority signed is spoken to", async () => {
  await withServer(await issue(authority), async (port) => {
    assert.equal(await ask(port, { ca: authority.cert }), "hello");
    assert.equal(await ask(port, { ca: Buffer.from(authority.cert) }), "hello");
  });
});

test("an engine whose certificate somebody else signed is a ConnectError", async () => {
  await withServer(await issue(authority), async (port) => {
    for (const ca of [stranger.cert, undefined]) {
      const error = await refused(port, { ca });
      assert.match(error.message, /the engine's certificate is signed by nobody who is trusted/);
      assert.equal(error.attempts[0]?.code, "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    }
  });
});

test("an engine whose certificate is for other names is a ConnectError, unless the name is given", async () => {
  await withServer(await issue(authority, { names: "DNS:engine.example" }), async (port) => {
    const error = await refused(port, { ca: authority.cert });
    assert.match(error.message, /the engine's certificate is for other names/);
    assert.equal(await ask(port, { ca: authority.cert, serverName: "engine.example" }), "hello");
    await refused(port, { ca: authority.cert, serverName: "127.0.0.2" });
  });
});

test("an engine whose certificate has expired is a ConnectError", async () => {
  await withServer(await issue(authority, { expired: true }), async (port) => {
    const error = await refused(port, { ca: authority.cert });
    assert.match(error.message, /the engine's certificate has expired/);
  });
});

test("an engine's certificate is not looked at when that is asked for", async () => {
  await withServer(await issue(stranger, { expired: true, names: "DNS:other" }), async (port) => {
    assert.equal(await ask(port, { ca: authority.cert, skipVerify: true }), "hello");
  });
});

test("TLS spoken to a port that does not speak it is a ConnectError", async () => {
  const server = createServer();
  await listen(server);
  try {
    const error = await refused(portOf(server), {});
    assert.match(error.message, /what answers there does not speak TLS/);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("certificates and keys that cannot be used are a ConnectError without their text", async () => {
  const [mine, other] = await Promise.all([issue(authority), issue(authority)]);
  const unusable = [{ ca: "secret-ca" }, { cert: mine.cert, key: "secret-key" }, { cert: mine.cert, key: other.key }];
  for (const material of unusable) {
    const tls = { ...material, skipVerify: false };
    const address = {
      kind: "tcp",
      host: "127.0.0.1",
      port: 1,
      pathPrefix: "",
      address: "tcp://x",
      source: "s",
      tls,
    } as const;
    const error = await failure(openTransport([address], {}, { operation: "SystemInfo" }), ConnectError);
    assert.match(error.message, /the certificates or the key cannot be used/);
    assert.doesNotMatch(error.message, /secret|BEGIN/);
  }
});

test("a half-closed upgraded connection goes on to receive over TLS", async () => {
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    await withServer({ ...(await issue(authority)), maxVersion }, async (port) => {
      const transport = transportTo(port, { ca: authority.cert });
      const connection = await transport.upgrade(post({ body: "" }));
      assert.ok("write" in connection);
      await connection.write(Buffer.from("hello"));
      await connection.end();
      assert.deepEqual(await drain(connection.chunks()), { text: "HELLO", error: undefined });
      await transport.close();
    });
  }
});
