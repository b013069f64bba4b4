import { Buffer } from "node:buffer";
import { EngineStreamError } from "../errors/engine-stream-error.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";

/**
 * Finds an error that the engine wrote behind bytes that are no text: `{"message"}` as its outer handler does
 * (moby:daemon/server/server.go:76-107), `{"errorDetail"}` as saving an image does
 * (moby:daemon/server/router/image/image_routes.go:275-280), or `{"cause","message"}` as Podman does. It must reach to the
 * end of the bytes. Undefined if there is none.
 */
export function findGluedError(bytes: Uint8Array, context?: ErrorContext): EngineStreamError | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  for (const { index } of text.matchAll(/\{"(?:message|errorDetail|error|cause)":/g)) {
    const error = readError(text.slice(index), context);
    if (error !== undefined) {
      return error;
    }
  }
  return undefined;
}

interface ErrorRecord {
  readonly message?: unknown;
  readonly error?: unknown;
  readonly errorDetail?: { readonly message?: unknown; readonly code?: unknown } | null;
}

function readError(text: string, context: ErrorContext | undefined): EngineStreamError | undefined {
  let record: ErrorRecord;
  try {
    record = JSON.parse(text) as ErrorRecord; // an object, since the text begins with one
  } catch {
    return undefined;
  }
  const { errorDetail } = record;
  const message = errorDetail?.message ?? record.message ?? record.error;
  const code = typeof errorDetail?.code === "number" ? errorDetail.code : undefined;
  return typeof message === "string" ? new EngineStreamError(message, { ...context, code }) : undefined;
}
