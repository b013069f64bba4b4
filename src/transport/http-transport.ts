import { Connections } from "./connections.ts";
import type { Dialer } from "./dial/dialer.ts";
import { Exchange } from "./exchange.ts";
import type { Transport, TransportRequest, TransportResponse, UpgradedConnection } from "./transport.ts";

/** The way to the engine that `dialer` dials, over HTTP/1.1. An idle transport does not keep the process alive. */
export function createHttpTransport(dialer: Dialer): Transport {
  const connections = new Connections(dialer);
  return {
    request: (request) => send(request, connections),
    upgrade: (request) => sendUpgrade(request, connections),
    close: () => connections.close(),
  };
}

function send(request: TransportRequest, connections: Connections): Promise<TransportResponse> {
  return new Promise((answered, failed) => {
    new Exchange(request, connections, { answered, failed }).start();
  });
}

function sendUpgrade(
  request: TransportRequest,
  connections: Connections,
): Promise<TransportResponse | UpgradedConnection> {
  return new Promise((resolve, failed) => {
    new Exchange(request, connections, { answered: resolve, upgraded: resolve, failed }).start();
  });
}
