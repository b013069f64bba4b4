import type { ClientRequest, IncomingMessage } from "node:http";
import type { FairleadError } from "../errors/fairlead-error.ts";
import { responseError } from "../errors/node-errors.ts";
import { closedByCaller } from "./abort-errors.ts";
import { ByteCollector } from "./byte-collector.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { type Limit, limitOf } from "./limit.ts";
import type { Headers, TransportRequest, TransportResponse } from "./transport.ts";

/** The three parties of an answer. */
export interface Answer {
  readonly request: TransportRequest;
  readonly message: ClientRequest;
  readonly answer: IncomingMessage;
}

/** An answer whose headers have arrived, and the reading of its body. */
export class HttpResponse implements TransportResponse {
  readonly #request: TransportRequest;
  readonly #message: ClientRequest;
  readonly #answer: IncomingMessage;
  readonly #over: () => void;
  #reader: ByteCollector | ChunkReader | undefined;
  #failure: FairleadError | undefined;
  /** Whether the failure is the engine's: then what arrived before it is worth reading. */
  #keep = false;

  /** `over` is called once, when the body has ended or the connection was closed. */
  constructor({ request, message, answer }: Answer, over: () => void) {
    this.#request = request;
    this.#message = message;
    this.#answer = answer;
    this.#over = over;
    answer.on("end", () => this.#ended());
    answer.on("error", (cause) => this.breakOff(cause));
    if (request.method === "HEAD" || answer.statusCode === 204 || answer.statusCode === 304) {
      answer.resume();
    }
  }

  get status(): number {
    return this.#answer.statusCode ?? 0;
  }

  get headers(): Headers {
    return this.#answer.headers;
  }

  bytes(limitBytes: number = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
    this.#refuseSecondReader();
    return new Promise((resolve, reject) => {
      const overflowed = (): void => this.#close();
      const collector = new ByteCollector(this.#answer, {
        limitBytes,
        idle: this.#idleLimit(),
        overflowed,
        resolve,
        reject,
      });
      this.#attach(collector);
    });
  }

  chunks(): ChunkReader {
    this.#refuseSecondReader();
    const reader = new ChunkReader(this.#answer, () => this.#close(), this.#idleLimit());
    this.#attach(reader);
    return reader;
  }

  destroy(): void {
    this.fail(closedByCaller(this.#request));
  }

  /** The caller's side ends the answer: by an abort, a timeout, or by closing the client. */
  fail(error: FairleadError): void {
    if (!this.#answer.readableEnded && this.#failure === undefined) {
      this.#failure = error;
      this.#close();
      this.#reader?.fail(error, false);
    }
  }

  /** The connection is gone: an error unless the whole body had arrived. */
  breakOff(cause: unknown): void {
    if (this.#answer.complete || this.#failure !== undefined) {
      return;
    }
    const { operation, method, path } = this.#request;
    const receivedBytes = (this.#reader?.receivedBytes ?? 0) + this.#answer.readableLength;
    // Node tells the request that the connection has closed before it tells the answer why.
    const why = cause ?? this.#answer.errored ?? undefined;
    const error = responseError(why, { status: this.status, receivedBytes }, { operation, method, path });
    this.#failure = error;
    this.#keep = true;
    this.#over();
    this.#reader?.fail(error, true);
  }

  #attach(reader: ByteCollector | ChunkReader): void {
    this.#reader = reader;
    if (this.#failure !== undefined) {
      reader.fail(this.#failure, this.#keep);
    } else if (this.#answer.readableEnded) {
      reader.finish();
    }
  }

  #refuseSecondReader(): void {
    if (this.#reader !== undefined) {
      throw new TypeError("The answer's body was read already");
    }
  }

  /** A body that has arrived already, as small ones have, costs no timer. */
  #idleLimit(): Limit | undefined {
    return this.#answer.complete ? undefined : limitOf("idle", this.#request, (error) => this.fail(error));
  }

  #ended(): void {
    this.#over();
    // An answer that came before the whole request was sent leaves a connection in mid-request.
    if (!this.#message.writableFinished) {
      this.#message.destroy();
    }
  }

  #close(): void {
    this.#over();
    this.#message.destroy();
  }
}
