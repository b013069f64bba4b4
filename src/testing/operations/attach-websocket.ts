import type { Duplex } from "node:stream";
import type { Handlers, Takeover } from "../http/handler.ts";
import { writeTo } from "../http/outlet.ts";
import { encodeServerFrame, handshakeHeaders, readClientFrames } from "../http/websocket.ts";
import { attachable, readAttachQuery, serveAttached, type Wire } from "./attach.ts";

/** The close code of an ordinary end (RFC 6455, 7.4.1). */
const normalClosure = Uint8Array.of(0x03, 0xe8);

export const attachWebSocketHandlers: Handlers = {
  ContainerAttachWebsocket: (request, world) => {
    const query = readAttachQuery(request);
    const container = attachable(request, world);
    const headers = handshakeHeaders(request.headers);
    world.lifecycle.tell(container, "attach");
    const takeover: Takeover = {
      headers,
      serve: async (connection, signal) => {
        await serveAttached(container, query, wireOf(connection), signal, world);
        await writeTo(connection, encodeServerFrame("close", normalClosure));
      },
    };
    return { status: 101, value: takeover };
  },
};

/** Both outputs come in binary messages that do not tell them apart (moby:daemon/server/router/container/container_routes.go). */
function wireOf(connection: Duplex): Wire {
  const pong = (payload: Uint8Array) => writeTo(connection, encodeServerFrame("pong", payload));
  return {
    input: readClientFrames(connection.iterator({ destroyOnReturn: false }), pong),
    output: (_, bytes) => writeTo(connection, encodeServerFrame("binary", bytes)),
  };
}
