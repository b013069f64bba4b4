import type { Transport, TransportRequest } from "./transport.ts";

/** A transport that sends those headers with every request; the request's own win, whatever their case. */
export function withHeaders(transport: Transport, headers: Readonly<Record<string, string>>): Transport {
  if (Object.keys(headers).length === 0) {
    return transport;
  }
  // `node:http` takes the last of several headers whose names differ in case alone.
  const add = (request: TransportRequest) => ({ ...request, headers: { ...headers, ...request.headers } });
  return {
    request: (request) => transport.request(add(request)),
    upgrade: (request) => transport.upgrade(add(request)),
    close: () => transport.close(),
  };
}
