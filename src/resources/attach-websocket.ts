import { StreamCall } from "../call.ts";
import { rawFrames } from "../codecs/frames.ts";
import { onUpgrade } from "../engine/answer.ts";
import { type Engine, unwrapper } from "../engine/engine.ts";
import { ResponseError } from "../errors/response-error.ts";
import type { ContainerAttachWebsocketOutcome } from "../generated/outcomes.ts";
import { type AttachCall, type AttachOptions, attachParameters } from "./attach.ts";
import { AttachedStream } from "./attached-stream.ts";
import { split } from "./options.ts";

/** Starts `containers.attachWebSocket`. */
export function attachWebSocket(engine: Engine, id: string, options: AttachOptions): AttachCall {
  return new StreamCall(open(engine, id, options), unwrapper("ContainerAttachWebsocket"));
}

type WebSocketOutcome = ContainerAttachWebsocketOutcome<AttachedStream>;

async function open(engine: Engine, id: string, options: AttachOptions): Promise<WebSocketOutcome> {
  const { isAccepted, startHandshake, WebSocketConnection } = await import("./websocket-connection.ts");
  const { signal, timeouts, parameters } = split(options);
  const handshake = startHandshake();
  const input = {
    signal,
    timeouts,
    path: { id },
    parameters: { ...attachParameters(parameters) },
    headers: handshake.headers,
  };
  const decode = onUpgrade((connection, context) => {
    if (!isAccepted(connection, handshake)) {
      const facts = { status: connection.status, receivedBytes: 0 };
      throw new ResponseError("The connection was upgraded, but not to a WebSocket", facts, context);
    }
    return new AttachedStream({
      connection: new WebSocketConnection(connection, context),
      // Never multiplexed (moby:daemon/server/router/container/container_routes.go:1190-1240).
      frames: rawFrames,
      end: options.stdin
        ? { refused: "A WebSocket cannot end one direction alone: use `containers.attach`" }
        : "absent",
      resize: async (size, own) => {
        await engine.call("ContainerResize", { ...own, path: { id }, parameters: { ...size } });
      },
      context,
    });
  });
  return engine.outcome<WebSocketOutcome>("ContainerAttachWebsocket", input, decode);
}
