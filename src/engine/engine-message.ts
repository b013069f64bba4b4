import { Buffer } from "node:buffer";

/** How much of an error's body is read: the bound that moby's own client has (moby:client/request.go:246-268). */
export const errorBodyLimitBytes: number = 1024 * 1024;

/**
 * The message in an error's body. The daemon sends `{"message"}`, very old version prefixes and attach send plain text
 * (moby:daemon/server/server.go:95-107), Podman's push answers 500 with a line of progress, `{"errorDetail":{"message"}}`,
 * and a proxy may send anything: then its first words are taken.
 */
export function readEngineMessage(body: Uint8Array): string {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8").trim();
  const json = text.startsWith("{") ? parse(text) : undefined;
  return messageOf(json) ?? messageOf(property(json, "errorDetail")) ?? shorten(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(value: unknown): string | undefined {
  const message = property(value, "message");
  return typeof message === "string" ? message : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function shorten(text: string): string {
  const words = text.replace(/\s+/g, " ");
  return words.length > 300 ? `${words.slice(0, 300)}…` : words;
}
