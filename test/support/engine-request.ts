import { type RequestOptions, request as send } from "node:http";
import { text } from "node:stream/consumers";

/**
 * Asks an engine with nothing but Node, so that a test can look at the engine without the code it tests.
 * Resolves with the parsed JSON of the answer, `undefined` for an empty one. Rejects when the engine cannot be
 * reached, when it is silent for 30 seconds, or when it answers with a status of 400 or more.
 */
export async function request<T>(host: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await requestText(host, method, path, body);
  return (answer === "" ? undefined : JSON.parse(answer)) as T; // the caller names what the engine sends
}

/** The same, but resolves with the answer's text. */
export async function requestText(host: string, method: string, path: string, body?: unknown): Promise<string> {
  const { status, text: answer } = await answerTo(host, method, path, body);
  if (status >= 400) throw new Error(`${method} ${path}: ${status} ${answer}`);
  return answer;
}

/** The same, but resolves whatever the status is. */
export function answerTo(
  host: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    const outgoing = send({ ...endpoint(host), method, path, headers, agent: false, timeout: 600_000 }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject);
    });
    outgoing.on("error", reject);
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer within 30 seconds`)));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function endpoint(host: string): RequestOptions {
  const { protocol, hostname, port, pathname } = new URL(host);
  return protocol === "unix:" ? { socketPath: decodeURIComponent(pathname) } : { hostname, port };
}
