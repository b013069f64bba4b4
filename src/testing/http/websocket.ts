import { createHash } from "node:crypto";
import { Refusal } from "./refusal.ts";

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** What every handshake mixes in (RFC 6455, 1.3). */
const salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * The headers that answer the handshake of a client (RFC 6455, 4.2.2).
 *
 * @throws Refusal if the request is no handshake.
 */
export function handshakeHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const key = headers["sec-websocket-key"];
  if (typeof key !== "string" || String(headers["upgrade"]).toLowerCase() !== "websocket") {
    throw new Refusal(400, "not websocket protocol");
  }
  const accept = createHash("sha1").update(`${key}${salt}`).digest("base64");
  return { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Accept": accept };
}

/** Writes one frame as a server must: whole, and without a mask (RFC 6455, 5.1). */
export function encodeServerFrame(kind: "binary" | "close" | "pong", payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 0x10000 ? 2 : 8;
  const frame = new Uint8Array(2 + lengthBytes + length);
  frame[0] = 0x80 | opcodes[kind];
  frame[1] = lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127;
  const view = new DataView(frame.buffer);
  if (lengthBytes === 2) view.setUint16(2, length);
  if (lengthBytes === 8) view.setBigUint64(2, BigInt(length));
  frame.set(payload, 2 + lengthBytes);
  return frame;
}

/** What a client sends until it closes: the bytes of its messages, whose bounds mean nothing. */
export async function* readClientFrames(
  chunks: AsyncIterable<Uint8Array>,
  pinged: (payload: Uint8Array) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.end);
      if (frame.opcode === opcodes.close) return;
      if (frame.opcode === opcodes.ping) await pinged(frame.payload);
      if (frame.opcode <= opcodes.binary) yield frame.payload;
    }
  }
}

interface Frame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

/** No client of a terminal or a pipe sends more in one frame. */
const longestFrame = 16 * 1024 * 1024;

/** The first frame, when all of it has arrived. Throws if it is too long, or has no mask. */
function readFrame(bytes: Uint8Array): Frame | undefined {
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
  const start = 2 + lengthBytes + 4;
  if (bytes.length < start) {
    return undefined;
  }
  const length = bytes.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0) || short % 126;
  if ((second & 0x80) === 0 || length > longestFrame) {
    throw new Error("malformed WebSocket frame");
  }
  const end = start + length;
  if (bytes.length < end) {
    return undefined;
  }
  const mask = bytes.subarray(start - 4, start);
  const payload = bytes.slice(start, end).map((byte, at) => byte ^ (mask[at & 3] ?? 0));
  return { opcode: first & 0x0f, payload, end };
}
