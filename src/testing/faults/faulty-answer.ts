import type { Socket } from "node:net";
import { AnswerParts } from "./answer-parts.ts";
import type { Disturbance } from "./fault.ts";
import type { Hit } from "./fault-list.ts";
import { Outlet } from "./outlet.ts";
import { type Tap, tap } from "./tap.ts";

/** A fault somewhere in an answer. */
export type AnswerFault = Disturbance & {
  readonly at: "answer" | "headers" | "body";
  readonly afterBytes?: number | undefined;
};

interface Place {
  readonly hit: Hit<AnswerFault>;
  /** How many bytes of the head, or of the body, go before. */
  readonly offset: number;
}

/** The next answer on a connection, with faults. */
export class FaultyAnswer {
  readonly outlet: Outlet;
  readonly #hits: readonly Hit<AnswerFault>[];
  readonly #parts: AnswerParts;
  readonly #tap: Tap;
  #bodyBytes = 0;

  /** @param method the request's */
  constructor(socket: Socket, method: string, hits: readonly Hit<AnswerFault>[]) {
    this.#hits = hits;
    this.#parts = new AnswerParts(method);
    this.#tap = tap(socket, (bytes) => this.#through(bytes));
    this.outlet = new Outlet(socket, this.#tap.write);
  }

  async #through(bytes: Uint8Array): Promise<void> {
    for (const part of this.#parts.push(bytes)) {
      switch (part.kind) {
        case "head":
          await this.#pass(this.#withRightLength(part.bytes), this.#placesInHead(part.bytes.length));
          break;
        case "body":
          await this.#passBody(part.bytes);
          break;
        case "end":
          await this.#end();
      }
    }
  }

  async #passBody(bytes: Uint8Array): Promise<void> {
    const from = this.#bodyBytes;
    this.#bodyBytes += bytes.length;
    const here = this.#placesInBody()
      .filter(({ offset }) => offset >= from && offset < this.#bodyBytes)
      .map(({ hit, offset }) => ({ hit, offset: offset - from }));
    await this.#pass(bytes, here, this.#parts.frame);
  }

  async #end(): Promise<void> {
    for (const { hit, offset } of this.#placesInBody()) {
      const isHere = offset === this.#bodyBytes || offset === Number.POSITIVE_INFINITY;
      if (isHere && this.#parts.hasBody) {
        await this.outlet.disturb(hit.fault, hit.stall, this.#parts.frame);
      }
    }
    await this.outlet.send(this.#parts.lastBytes);
    if (!this.outlet.isCut) {
      this.#tap.remove();
    }
  }

  /** Sends bytes, and does at each place what is to be done there. */
  async #pass(bytes: Uint8Array, places: readonly Place[], frame = (data: Uint8Array) => data): Promise<void> {
    let sent = 0;
    for (const { hit, offset } of places) {
      await this.outlet.send(frame(bytes.subarray(sent, offset)));
      sent = offset;
      await this.outlet.disturb(hit.fault, hit.stall, frame);
    }
    await this.outlet.send(frame(bytes.subarray(sent)));
  }

  #placesInHead(length: number): Place[] {
    const places = this.#hits
      .filter(({ fault }) => fault.at !== "body")
      .map((hit) => ({ hit, offset: hit.fault.at === "answer" ? 0 : (hit.fault.afterBytes ?? length >> 1) }));
    return inOrder(places).filter(({ offset }) => offset < length);
  }

  #placesInBody(): Place[] {
    const inBody = this.#hits.filter(({ fault }) => fault.at === "body");
    return inOrder(inBody.map((hit) => ({ hit, offset: hit.fault.afterBytes ?? 0 })));
  }

  /** A body that declares its length declares also what is put in. */
  #withRightLength(head: Buffer): Uint8Array {
    const lengthOf = (declared: number) =>
      this.#placesInBody()
        .filter(({ offset }) => offset <= declared || offset === Number.POSITIVE_INFINITY)
        .reduce((sum, { hit: { fault } }) => sum + (fault.kind === "insert" ? byteLength(fault.data) : 0), declared);
    const text = head.toString("latin1");
    const right = text.replace(/(?<=\r\ncontent-length: *)\d+/i, (declared) => String(lengthOf(Number(declared))));
    return Buffer.from(right, "latin1");
  }
}

function byteLength(data: string | Uint8Array): number {
  return typeof data === "string" ? Buffer.byteLength(data) : data.length;
}

function inOrder(places: readonly Place[]): Place[] {
  return [...places].sort((a, b) => a.offset - b.offset);
}
