import type { ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { ByteReply } from "./handler.ts";
import { jsonText } from "./json-text.ts";
import { writeTo } from "./outlet.ts";
import { Refusal } from "./refusal.ts";

/** Any handler's answer. */
export interface AnyReply {
  readonly status: number;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes an answer whose connection is not taken over. Resolves when the client has it, or is gone. */
export async function respond(response: ServerResponse, reply: AnyReply, answer: string): Promise<void> {
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, value);
  }
  response.statusCode = reply.status;
  if (reply.value instanceof Promise) {
    response.setHeader("Content-Type", "application/json");
    response.flushHeaders();
    response.end(jsonText(await reply.value));
    return;
  }
  if (isByteReply(reply.value)) {
    await stream(response, reply.value);
  } else if (answer === "headers") {
    response.setHeaders(new Map(Object.entries(reply.value ?? {})));
    if (response.req.method === "HEAD") {
      // Without it a client must take the end of the answer for the end of the connection.
      response.setHeader("Content-Length", "0");
      response.end();
    } else {
      response.end("OK");
    }
  } else if (reply.value === undefined) {
    response.end();
  } else {
    response.setHeader("Content-Type", answer === "text" ? "text/plain; charset=utf-8" : "application/json");
    response.end(answer === "text" ? String(reply.value) : jsonText(reply.value));
  }
}

/** Writes an error as dockerd does. */
export function respondError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    // It fails in the middle of an answer: only the connection can say so.
    response.destroy();
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  response.statusCode = error instanceof Refusal ? error.status : 500;
  response.setHeader("Content-Type", "application/json");
  response.end(response.req.method === "HEAD" ? undefined : jsonText({ message }));
}

function isByteReply(value: unknown): value is ByteReply {
  return typeof value === "object" && value !== null && "bytes" in value && "contentType" in value;
}

/** The headers are sent before the first byte, so that a client may subscribe and then act. */
async function stream(response: ServerResponse, { contentType, bytes }: ByteReply): Promise<void> {
  if (contentType !== "") {
    response.setHeader("Content-Type", contentType);
  }
  response.flushHeaders();
  for await (const chunk of bytes) {
    if (response.destroyed) {
      return;
    }
    await writeTo(response, chunk);
  }
  response.end();
  await finished(response).catch(() => {});
}
