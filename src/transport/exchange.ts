import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { unwatchAbort, watchAbort } from "../abort-watch.ts";
import type { ErrorContext, FairleadError } from "../errors/fairlead-error.ts";
import { InvalidRequestError } from "../errors/invalid-request-error.ts";
import { connectError, provesUnreached, provesUnread, requestError } from "../errors/node-errors.ts";
import { RequestError } from "../errors/request-error.ts";
import { abortedBySignal, clientClosed } from "./abort-errors.ts";
import type { Connections } from "./connections.ts";
import type { Connection } from "./dial/dialer.ts";
import { HttpResponse } from "./http-response.ts";
import { type Limit, limitOf } from "./limit.ts";
import { asksForTls, tlsWanted } from "./plain-to-tls.ts";
import { isStreamed, requestOptions } from "./request-options.ts";
import type { TransportRequest, TransportResponse, UpgradedConnection } from "./transport.ts";
import { type Upgrade, Upgraded } from "./upgraded.ts";
import { Upload } from "./upload.ts";

/** Where the result of an exchange goes. */
export interface Receiver {
  answered(response: TransportResponse): void;
  /** Present when the request asks for an upgrade. */
  upgraded?: (connection: UpgradedConnection) => void;
  failed(error: FairleadError): void;
}

/** One request and its answer, from dialling to the last byte; at most one of its two attempts is under way. */
export class Exchange {
  readonly #request: TransportRequest;
  readonly #connections: Connections;
  readonly #receiver: Receiver;
  #message: ClientRequest | undefined;
  #answer: HttpResponse | Upgraded | undefined;
  #upload: Upload | undefined;
  #limit: Limit | undefined;
  #connected = false;
  /** Whether the connection had served a request before. */
  #reused = false;
  #bytesReadBefore = 0;
  #over = false;

  constructor(request: TransportRequest, connections: Connections, receiver: Receiver) {
    this.#request = request;
    this.#connections = connections;
    this.#receiver = receiver;
  }

  /** Begins; the receiver is told of one result. */
  start(): void {
    const { signal } = this.#request;
    if (this.#connections.closed) {
      this.#fail(clientClosed(this.#request));
    } else if (signal?.aborted) {
      this.#fail(abortedBySignal(this.#request));
    } else {
      if (signal !== undefined) {
        watchAbort(signal, this.#onAbort);
      }
      this.#send();
    }
  }

  readonly #onAbort = (): void => this.#fail(abortedBySignal(this.#request));

  readonly #finish = (): void => {
    if (!this.#over) {
      this.#over = true;
      if (this.#request.signal !== undefined) {
        unwatchAbort(this.#request.signal, this.#onAbort);
      }
      this.#limit?.stop();
      this.#upload?.stop();
    }
  };

  #fail(error: FairleadError): void {
    if (this.#over) {
      return;
    }
    if (this.#answer !== undefined) {
      this.#answer.fail(error);
      return;
    }
    this.#finish();
    this.#message?.destroy();
    this.#receiver.failed(error);
  }

  #send(): void {
    const request = this.#request;
    let message: ClientRequest;
    try {
      message = httpRequest(requestOptions(request, this.#connections, this.#receiver.upgraded !== undefined));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#fail(new InvalidRequestError(`The request cannot be sent: ${reason}`, { ...this.#context(), cause }));
      return;
    }
    this.#message = message;
    this.#listen(message);
    if (!isStreamed(request.body)) {
      message.end(request.body);
    }
  }

  #listen(message: ClientRequest): void {
    message.on("socket", (socket) => this.#onSocket(message, socket));
    message.on("response", (answer) => this.#onAnswer(message, answer));
    message.on("error", (cause) => this.#onBroken(message, cause));
    message.on("close", () => {
      if (!(this.#answer instanceof Upgraded)) {
        this.#onBroken(message, undefined);
      }
    });
    if (this.#request.timeouts.headersMs !== undefined) {
      message.on("finish", () => this.#startLimit("headers", message));
    }
    const { upgraded } = this.#receiver;
    if (upgraded !== undefined) {
      message.on("upgrade", (answer, socket, head) => {
        upgraded(this.#onUpgrade(message, { request: this.#request, answer, socket, head }));
      });
    }
  }

  #onSocket(message: ClientRequest, socket: Connection): void {
    this.#reused = message.reusedSocket;
    // Deno repeats whatever was sent on a reused connection that closes without an answer, a POST and a request that was
    // aborted too (denoland/deno#36786); Node and Bun leave that to us.
    message.reusedSocket = false;
    if (socket.destroyed || !socket.writable) {
      this.#onGone(message, socket);
      return;
    }
    this.#bytesReadBefore = socket.bytesRead;
    this.#connected = this.#reused;
    if (!this.#reused) {
      this.#startLimit("connect", message);
      socket.once(this.#connections.dialer.readyEvent, () => this.#onConnected(message, socket));
    }
  }

  /** The connection was gone before anything was written to it. */
  #onGone(message: ClientRequest, socket: Connection): void {
    if (this.#reused) {
      this.#repeat();
    } else {
      this.#onBroken(message, socket.errored ?? undefined);
    }
  }

  #onConnected(message: ClientRequest, socket: Connection): void {
    if (this.#over) {
      return;
    }
    this.#connected = true;
    this.#limit?.stop();
    const { body } = this.#request;
    if (isStreamed(body)) {
      this.#upload = new Upload(message, body, (cause) => this.#onUploadFailed(cause));
      void this.#upload.run(this.#connections.dialer.accepted?.(socket));
    }
  }

  #startLimit(kind: "connect" | "headers", message: ClientRequest): void {
    // What could not be sent counts as finished too.
    const isDue = kind === "connect" || this.#connected;
    if (isDue && !this.#over && this.#answer === undefined && message === this.#message) {
      this.#limit = limitOf(kind, this.#request, (error) => this.#fail(error));
      this.#limit?.start();
    }
  }

  #onAnswer(message: ClientRequest, answer: IncomingMessage): void {
    if (this.#over) {
      return;
    }
    this.#limit?.stop();
    if (asksForTls(answer)) {
      this.#fail(connectError(tlsWanted(), this.#connections.dialer, this.#context()));
      return;
    }
    // A build reports progress while it still reads its context (moby:daemon/server/router/build/build_routes.go:259);
    // any answer but a success means that the rest is not wanted.
    if (answer.statusCode === undefined || answer.statusCode >= 300) {
      this.#upload?.stop();
    }
    const response = new HttpResponse({ request: this.#request, message, answer }, this.#finish);
    this.#answer = response;
    this.#receiver.answered(response);
  }

  #onUpgrade(message: ClientRequest, upgrade: Upgrade): Upgraded {
    this.#limit?.stop();
    const { socket } = upgrade;
    socket.on("error", (cause) => this.#onBroken(message, cause));
    socket.once("close", () => {
      this.#onBroken(message, undefined);
      this.#finish();
    });
    const connection = new Upgraded(upgrade);
    this.#answer = connection;
    return connection;
  }

  #onUploadFailed(cause: unknown): void {
    this.#fail(new RequestError("Reading the request's body failed", { ...this.#context(), cause }));
  }

  #onBroken(message: ClientRequest, cause: unknown): void {
    if (this.#over || message !== this.#message) {
      return;
    }
    if (this.#connections.closed) {
      this.#fail(clientClosed(this.#request));
    } else if (this.#answer !== undefined) {
      this.#answer.breakOff(cause);
    } else if (!this.#connected || (!this.#reused && provesUnreached(cause))) {
      this.#fail(connectError(cause, this.#connections.dialer, this.#context()));
    } else if (this.#mayRepeat(message, cause)) {
      this.#repeat();
    } else {
      this.#fail(requestError(cause, this.#context()));
    }
  }

  /** A pooled connection may have died while it was idle, which shows only when it is used. */
  #mayRepeat(message: ClientRequest, cause: unknown): boolean {
    const unanswered = message.socket?.bytesRead === this.#bytesReadBefore;
    return this.#reused && unanswered && (this.#request.repeatable || provesUnread(cause));
  }

  /** Sends the request on a fresh connection; what fails on that one is not repeated. */
  #repeat(): void {
    this.#connected = false;
    this.#limit?.stop();
    // What killed this idle connection, a restart of the engine most likely, killed the others too.
    this.#connections.pooled.dropIdle();
    this.#send();
  }

  #context(): ErrorContext {
    const { operation, method, path } = this.#request;
    return { operation, method, path };
  }
}
