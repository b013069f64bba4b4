import { Call } from "../call.ts";
import type { Operation } from "../generated/operation.ts";
import { operations } from "../generated/operations.ts";
import type { Outcomes } from "../generated/outcomes.ts";
import type { RequestBody, Timeouts, Transport, TransportRequest, UpgradedConnection } from "../transport/transport.ts";
import {
  type AnswerContext,
  type AnyOutcome,
  type EngineResponse,
  isUpgraded,
  type OpenStream,
  readFailure,
  readSuccess,
  unwrap,
} from "./answer.ts";
import { Credentials, type CredentialsProvider } from "./credentials.ts";
import { errorBodyLimitBytes, readEngineMessage } from "./engine-message.ts";
import { addressRequest, type CallInput, type PreparedRequest, prepareRequest } from "./request.ts";
import { VersionNegotiator } from "./version-negotiator.ts";

/** The documented answers of every operation, by its id; a stream is its bytes, or the upgraded connection. */
export type RawOutcomes = Outcomes<AsyncIterableIterator<Uint8Array>, UpgradedConnection>;

/** The id of an operation, e.g. `ContainerStart`. */
export type OperationId = keyof RawOutcomes;

/** What `await` gives for an outcome: the value of its successful answers. */
export type ValueOf<O> = O extends { readonly value: infer V } ? V : never;

/** What becomes of an answer that is no failure. */
interface AnswerHandlers {
  readonly open: OpenStream;
  readonly answered: (response: EngineResponse, context: AnswerContext) => Promise<void> | void;
}

/** Executes operations on one engine: encodes the request, negotiates the version, decodes the answer. */
export class Engine {
  readonly #transport: Transport;
  readonly #versions: VersionNegotiator;
  readonly #credentials: Credentials;
  readonly #timeouts: Timeouts;

  /**
   * @param apiVersion a version that was chosen explicitly; else it is negotiated.
   * @param credentials where the credentials of registries are; undefined if there are none
   */
  constructor(
    transport: Transport,
    apiVersion: string | undefined,
    timeouts: Timeouts,
    credentials: CredentialsProvider | undefined,
  ) {
    this.#transport = transport;
    this.#versions = new VersionNegotiator(transport, apiVersion, timeouts);
    this.#credentials = new Credentials(credentials);
    this.#timeouts = timeouts;
  }

  /** Starts an operation; the value of an answer that is a stream is raw. */
  call<Id extends OperationId>(id: Id, input: CallInput = {}): Call<ValueOf<RawOutcomes[Id]>, RawOutcomes[Id]> {
    return new Call(this.outcome<RawOutcomes[Id]>(id, input), unwrapper(id));
  }

  /**
   * Executes an operation; `open` makes the value of an answer that is a stream.
   *
   * @param answered is told of an answer that is no failure before its body is read; what it throws is thrown
   */
  async outcome<O>(
    id: OperationId,
    input: CallInput,
    open: OpenStream = rawStream,
    answered: AnswerHandlers["answered"] = () => {},
  ): Promise<O> {
    const outcome = await this.#execute(operations[id], input, { open, answered });
    // The table and the types of the outcomes are generated from the same specification.
    return outcome as O;
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #execute(operation: Operation, input: CallInput, { open, answered }: AnswerHandlers): Promise<AnyOutcome> {
    const checked = prepareRequest(operation, input, this.#limits(operation, input.timeouts));
    const prepared = operation.headers === undefined ? checked : await this.#authorize(checked);
    let version = operation.unversioned
      ? undefined
      : (this.#versions.known ?? (await this.#negotiate(operation, input.signal)));
    for (let attempt = 1; ; attempt += 1) {
      const request = addressRequest(prepared, version);
      const context = { operation: operation.id, method: request.method, path: request.path, version };
      const response = await this.#send(operation, request);
      if (isUpgraded(response) || response.status < 400) {
        await answered(response, context);
        return readSuccess(operation, response, context, open);
      }
      const body = await response.bytes(errorBodyLimitBytes);
      const message = readEngineMessage(body);
      const other = this.#versions.heal(response, message, context);
      if (other === undefined || attempt === maxAttempts || !isRepeatable(prepared.body)) {
        return readFailure(operation, response, body, message, context);
      }
      version = other;
    }
  }

  /** Only what can be sent has its credentials looked up. */
  async #authorize({ operation, input, timeouts }: PreparedRequest): Promise<PreparedRequest> {
    return prepareRequest(operation, await this.#credentials.authorize(operation, input), timeouts);
  }

  #send(operation: Operation, request: TransportRequest): Promise<EngineResponse> {
    return operation.answer === "upgrade" ? this.#transport.upgrade(request) : this.#transport.request(request);
  }

  #negotiate({ id, method, path }: Operation, signal: AbortSignal | undefined): Promise<string> {
    return this.#versions.negotiate(signal, { operation: id, method, path });
  }

  #limits({ long }: Operation, own: Timeouts | undefined): Timeouts {
    const base = long ? { connectMs: this.#timeouts.connectMs } : this.#timeouts;
    return own === undefined ? base : { ...base, ...own };
  }
}

/** How often a request is sent at most while the engine and we find a common version. */
const maxAttempts = 3;

/** A stream of bytes can be sent only once. */
function isRepeatable(body: RequestBody | undefined): boolean {
  return body === undefined || typeof body === "string" || body instanceof Uint8Array;
}

/** What an operation's stream is when nothing knows it better: its bytes, or the upgraded connection. */
const rawStream: OpenStream = (response) => (isUpgraded(response) ? response : response.chunks());

/**
 * Gives the function that takes the value out of an outcome of the operation.
 *
 * @throws (that function) StatusError if the outcome is a failure.
 */
export function unwrapper(id: OperationId): <O>(outcome: O) => ValueOf<O> {
  const { method, path } = operations[id];
  // Every member of a generated outcome is an AnyOutcome, and its value is what ValueOf takes from it.
  return <O>(outcome: O) => unwrap(outcome as AnyOutcome, { operation: id, method, path }) as ValueOf<O>;
}
