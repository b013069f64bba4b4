import { type ProtobufField, readFields } from "./protobuf.ts";

/** A step of a BuildKit build: that it is there, runs, or has ended. It is reported again whenever that changes. */
export interface BuildVertex {
  readonly type: "vertex";
  /** What other events and `inputs` name it by. */
  readonly digest: string;
  /** E.g. `[2/3] RUN make`. */
  readonly name: string;
  /** The steps that it needs. */
  readonly inputs: readonly string[];
  /** Whether its result was there already. */
  readonly cached: boolean;
  readonly started: Date | undefined;
  readonly completed: Date | undefined;
  /** Why it failed. */
  readonly error: string | undefined;
}

/** How far something within a step has come, such as one layer that is transferred. */
export interface BuildStatus {
  readonly type: "status";
  readonly id: string;
  /** The digest of its step. */
  readonly vertex: string;
  readonly name: string;
  /** How many bytes, or whatever is counted. */
  readonly current: number;
  /** Of how many; 0 if that is not known. */
  readonly total: number;
  readonly timestamp: Date | undefined;
  readonly started: Date | undefined;
  readonly completed: Date | undefined;
}

/** What a step printed. Lines may be split anywhere, even within a character. */
export interface BuildLog {
  readonly type: "log";
  /** The digest of its step. */
  readonly vertex: string;
  readonly timestamp: Date | undefined;
  readonly source: "stdout" | "stderr";
  readonly data: Uint8Array;
}

/** What is wrong with a Dockerfile though it can be built. */
export interface BuildWarning {
  readonly type: "warning";
  /** The digest of its step. */
  readonly vertex: string;
  readonly level: number;
  readonly short: string;
  readonly detail: readonly string[];
  /** Where to read more about it. */
  readonly url: string | undefined;
}

/** One event of BuildKit's trace. */
export type TraceEvent = BuildVertex | BuildStatus | BuildLog | BuildWarning;

/**
 * Reads one record of BuildKit's trace: a `moby.buildkit.v1.StatusResponse`
 * (buildkit:api/services/control/control.proto). Fields that are not known are passed over.
 *
 * @throws RangeError if the bytes are no such message
 */
export function readTrace(message: Uint8Array): TraceEvent[] {
  const events: TraceEvent[] = [];
  for (const { number, value } of readFields(message)) {
    const read = readers[number];
    if (read !== undefined && value instanceof Uint8Array) {
      events.push(read(new Message(value)));
    }
  }
  return events;
}

const readers: Readonly<Record<number, (message: Message) => TraceEvent>> = {
  1: readVertex,
  2: readStatus,
  3: readLog,
  4: readWarning,
};

function readVertex(message: Message): BuildVertex {
  return {
    type: "vertex",
    digest: message.text(1),
    name: message.text(3),
    inputs: message.texts(2),
    cached: message.number(4) !== 0,
    started: message.time(5),
    completed: message.time(6),
    error: message.text(7) || undefined,
  };
}

function readStatus(message: Message): BuildStatus {
  return {
    type: "status",
    id: message.text(1),
    vertex: message.text(2),
    name: message.text(3),
    current: message.number(4),
    total: message.number(5),
    timestamp: message.time(6),
    started: message.time(7),
    completed: message.time(8),
  };
}

function readLog(message: Message): BuildLog {
  return {
    type: "log",
    vertex: message.text(1),
    timestamp: message.time(2),
    source: message.number(3) === 2 ? "stderr" : "stdout",
    data: message.bytes(4),
  };
}

function readWarning(message: Message): BuildWarning {
  return {
    type: "warning",
    vertex: message.text(1),
    level: message.number(2),
    short: message.text(3),
    detail: message.texts(4),
    url: message.text(5) || undefined,
  };
}

/** The fields of one message by their numbers. Of a field that comes twice the last one counts, as protobuf has it. */
class Message {
  readonly #fields: readonly ProtobufField[];

  constructor(bytes: Uint8Array) {
    this.#fields = [...readFields(bytes)];
  }

  bytes(number: number): Uint8Array {
    const value = this.#last(number);
    return value instanceof Uint8Array ? value : new Uint8Array();
  }

  text(number: number): string {
    return decoder.decode(this.bytes(number));
  }

  texts(number: number): string[] {
    const values = this.#fields.filter((field) => field.number === number).map(({ value }) => value);
    return values.filter((value) => value instanceof Uint8Array).map((value) => decoder.decode(value));
  }

  number(number: number): number {
    const value = this.#last(number);
    return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;
  }

  /** A `google.protobuf.Timestamp`: seconds and nanoseconds, of which a `Date` keeps the milliseconds. */
  time(number: number): Date | undefined {
    const value = this.#last(number);
    if (!(value instanceof Uint8Array)) {
      return undefined;
    }
    const timestamp = new Message(value);
    return new Date(timestamp.number(1) * 1000 + Math.floor(timestamp.number(2) / 1e6));
  }

  #last(number: number): ProtobufField["value"] | undefined {
    return this.#fields.findLast((field) => field.number === number)?.value;
  }
}

const decoder = new TextDecoder();
