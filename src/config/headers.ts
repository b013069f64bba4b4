import { ConfigError } from "../errors/config-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>;

/** What the exchange itself needs is not for others to change, as in the docker CLI (moby:client/request.go:330). */
const reserved = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Checks headers of the caller's.
 *
 * @throws InvalidRequestError if a name or a value cannot be sent, or the header is not the caller's to set. The
 *   message never shows a value.
 */
export function checkHeaders(headers: Headers, source: string): void {
  for (const [name, value] of Object.entries(headers)) {
    const fault = faultOf(name, value) ?? (reserved.has(name.toLowerCase()) ? "is not the caller's to set" : undefined);
    if (fault !== undefined) {
      throw new InvalidRequestError(`The header ${JSON.stringify(name)} of ${source} ${fault}`, { parameter: source });
    }
  }
}

/**
 * The headers of `HttpHeaders` in `config.json` that are sent: `User-Agent`, and what the exchange itself needs, are
 * left out, as in the docker CLI.
 *
 * @throws ConfigError if a name or a value cannot be sent.
 */
export function fileHeaders(headers: Headers, file: string): Headers {
  return settable(headers, (fault) => new ConfigError(`HttpHeaders in ${file} cannot be sent: ${fault}`, file));
}

/**
 * Reads `DOCKER_CUSTOM_HEADERS`: one record of CSV whose fields are `name=value`. It takes the place of `HttpHeaders`
 * (cli:cli/command/cli_options.go:130-226).
 *
 * @throws InvalidRequestError if it is malformed, or a name or a value cannot be sent.
 */
export function variableHeaders(text: string): Headers {
  const refuse = (fault: string) =>
    new InvalidRequestError(`DOCKER_CUSTOM_HEADERS cannot be sent: ${fault}`, { parameter: "DOCKER_CUSTOM_HEADERS" });
  const pairs = csvFields(text.replace(/\r?\n$/, ""), refuse).map((field): [string, string] => {
    const at = field.indexOf("=");
    if (at === -1) {
      throw refuse("it must be name=value pairs, separated by commas");
    }
    return [field.slice(0, at).trim(), field.slice(at + 1)];
  });
  return settable(Object.fromEntries(pairs), refuse);
}

function settable(headers: Headers, refuse: (fault: string) => Error): Headers {
  const kept = Object.entries(headers).filter(([name, value]) => {
    const fault = faultOf(name, value);
    if (fault !== undefined) {
      throw refuse(`the header ${JSON.stringify(name)} ${fault}`);
    }
    return name.toLowerCase() !== "user-agent" && !reserved.has(name.toLowerCase());
  });
  return Object.fromEntries(kept);
}

function faultOf(name: string, value: unknown): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    return "has a malformed name";
  }
  return typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
    ? undefined
    : "has a value with characters that no header may have";
}

/** The fields of one line of CSV, as Go's `encoding/csv` reads them. */
function csvFields(text: string, refuse: (fault: string) => Error): string[] {
  if (!/^(?:"(?:[^"]|"")*"|[^",]*)(?:,(?:"(?:[^"]|"")*"|[^",]*))*$/.test(text)) {
    throw refuse("its quotation marks are not those of CSV");
  }
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain,
  );
}
