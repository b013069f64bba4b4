import { Buffer } from "node:buffer";
import { setImmediate as turn } from "node:timers/promises";
import type { ByteReply } from "../http/handler.ts";

/** One report of a pull, push, build, load or import, as it is written. */
export interface Report {
  readonly status?: string;
  readonly id?: string;
  readonly stream?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly aux?: unknown;
}

/** What a stream of reports throws when the failure has a code, such as that of a command. */
export class CodedFailure extends Error {
  override readonly name = "CodedFailure";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Writes reports as they come; a failure is the last of them, since the headers have been sent. */
export function progressReply(reports: AsyncIterable<Report>): ByteReply {
  return { contentType: "application/json", bytes: written(reports) };
}

async function* written(reports: AsyncIterable<Report>): AsyncGenerator<Uint8Array> {
  try {
    for await (const report of reports) {
      yield line(report);
      // Reports come one by one, so that who reads may leave between them.
      await turn();
    }
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    const code = failure instanceof CodedFailure ? { code: failure.code } : {};
    yield line({ errorDetail: { ...code, message }, error: message });
  }
}

/** dockerd ends each with carriage return and line feed (moby:daemon/internal/streamformatter/streamformatter.go:15). */
function line(report: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(report)}\r\n`);
}
