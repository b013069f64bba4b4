import { Buffer } from "node:buffer";

/** How much of an error's body is read: the bound that moby's own client has (moby:client/request.go:246-268). */
export const errorBodyLimitBytes: number = 1024 * 1024;

/**
 * The message in an error's body. The daemon sends `{"message"}`, very old version prefixes and attach send plain text
 * (moby:daemon/server/server.go:95-107), and a proxy may send anything: then its first words are taken.
 */
export function readEngineMessage(body: Uint8Array): string {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8").trim();
  return messageOfJson(text) ?? shorten(text);
}

function messageOfJson(text: string): string | undefined {
  if (!text.startsWith("{")) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    const message = typeof value === "object" && value !== null && "message" in value ? value.message : undefined;
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  const words = text.replace(/\s+/g, " ");
  return words.length > 300 ? `${words.slice(0, 300)}…` : words;
}
