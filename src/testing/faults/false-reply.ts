import { jsonText } from "../http/json-text.ts";
import type { AnyReply } from "../http/respond.ts";
import type { FalseAnswer } from "./fault.ts";

/** The answer that is given in the place of the engine's own. */
export function falseReply({ status, body, contentType = "application/json" }: FalseAnswer): AnyReply {
  const bytes =
    typeof body === "string" || body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(jsonText(body));
  return { status, value: { contentType, bytes: once(bytes) }, headers: { "Content-Length": String(bytes.length) } };
}

/** Waits until what was asked for is done, however it went, and leaves what would be streamed. */
export async function discard(replying: Promise<AnyReply>): Promise<void> {
  const reply = await replying.catch(() => undefined);
  const value = reply?.value;
  if (typeof value === "object" && value !== null && "bytes" in value) {
    // Of an object with `bytes` a handler's answer knows only the one kind.
    await (value.bytes as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().return?.();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
