import { Buffer } from "node:buffer";
import type { UpgradedConnection } from "../engine/answer.ts";
import type { ErrorContext } from "../errors/fairlead-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { StdinError } from "../errors/stdin-error.ts";
import { type ByteSource, toBody } from "./byte-source.ts";

/** What ending the input does: says so to the process, nothing because there is no input, or what must not happen. */
export type InputEnd = "closes" | "absent" | { readonly refused: string };

/** How far the stream is that an input belongs to. */
export interface StreamState {
  /** Whether the engine has ended it. */
  over: boolean;
}

/** The standard input of a container or an exec. */
export class AttachedInput {
  readonly #connection: UpgradedConnection;
  readonly #end: InputEnd;
  readonly #context: ErrorContext;
  readonly #state: StreamState;
  #ended = false;

  /** Made by the resources' methods, never by callers. */
  constructor(connection: UpgradedConnection, state: StreamState, end: InputEnd, context: ErrorContext) {
    this.#connection = connection;
    this.#state = state;
    this.#end = end;
    this.#context = context;
  }

  /**
   * Sends text or bytes, and resolves when more may be sent: a process that does not read makes its writer wait.
   *
   * @throws InvalidRequestError if the input was not attached, or was ended; StdinError if the engine has ended the
   *   stream; AbortError if the call was aborted or the stream closed; ResponseError if the connection broke
   */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.#end === "absent") {
      throw this.#invalid("The standard input was not attached: ask for it with `stdin: true`");
    }
    if (this.#ended) {
      throw this.#invalid("The standard input was ended already");
    }
    try {
      await this.#connection.write(typeof data === "string" ? Buffer.from(data) : data);
    } catch (error) {
      throw this.#state.over ? new StdinError({ ...this.#context, cause: error }) : error;
    }
  }

  /**
   * Tells the process that nothing more comes, while its output goes on.
   *
   * @throws InvalidRequestError if that would end the output as well. On a container without a terminal it does unless it
   *   was created with `StdinOnce: true`, and on any terminal it does: write the byte 4 (Ctrl-D) there instead.
   */
  async end(): Promise<void> {
    if (typeof this.#end === "object") {
      throw this.#invalid(this.#end.refused);
    }
    if (this.#end === "closes" && !this.#ended && !this.#state.over) {
      this.#ended = true;
      await this.#connection.end();
    }
  }

  /**
   * Sends all of a source (text, bytes, a Node stream, a web stream, any iterable), no faster than the process reads.
   *
   * @throws what `write` throws, and what the source throws
   */
  async send(source: ByteSource): Promise<void> {
    const body = toBody(source);
    for await (const piece of typeof body === "string" || body instanceof Uint8Array ? [body] : body) {
      await this.write(piece);
    }
  }

  #invalid(message: string): InvalidRequestError {
    return new InvalidRequestError(message, { ...this.#context, parameter: "stdin" });
  }
}
