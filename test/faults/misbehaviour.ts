import { setTimeout as delay } from "node:timers/promises";
import { readRequest } from "../engine/support.ts";
import type { RawConnection } from "../support/raw-server.ts";
import { reason, type Trial } from "./expected.ts";
import { comesFirst } from "./faults.ts";

/** An engine that does wrong what the trial says, on every connection until it is over. */
export class Misbehaviour {
  /** Whether requests are answered from now on. */
  over = false;
  /** Resolves when the engine does nothing more. */
  readonly stalled: Promise<void>;
  readonly #trial: Trial;
  readonly #controller: AbortController;
  #stall: () => void = () => {};

  /** @param controller aborts the call when the trial's moment has come */
  constructor(trial: Trial, controller: AbortController) {
    this.#trial = trial;
    this.#controller = controller;
    this.stalled = new Promise((resolve) => {
      this.#stall = resolve;
    });
  }

  /** What happens on one connection. */
  async serve(connection: RawConnection): Promise<void> {
    if (this.over) {
      await answerAll(connection);
    } else if (this.#trial.fault.at === "accept") {
      connection.close();
    } else {
      await this.#takeRequest(connection);
      await this.#answer(connection);
    }
  }

  async #takeRequest(connection: RawConnection): Promise<void> {
    const { kind } = this.#trial;
    if (this.#ends("request")) {
      if (kind.name === "streamed upload") {
        await connection.head();
        await connection.take(10_000);
      }
      await this.#abort(connection);
    }
    await kind.readRequest(connection);
    if (this.#ends("silence")) {
      await this.#abort(connection);
    }
  }

  async #answer(connection: RawConnection): Promise<void> {
    const { headers, piece, half, garbage } = this.#trial.kind;
    const middle = Math.floor(headers.length / 2);
    await this.#fail(connection, "first byte", "SSH-2.0-OpenSSH_9.6\r\n\r\n");
    await connection.write(headers.slice(0, middle));
    await this.#fail(connection, "headers", "");
    await connection.write(headers.slice(middle) + piece);
    if (this.#ends("piece")) {
      await this.#outlastReader(connection);
    }
    const isNonsense = this.#trial.fault.what === "talks nonsense";
    await connection.write(isNonsense ? "" : half);
    await this.#fail(connection, "body", garbage);
  }

  /** Does wrong what is to be done wrong at this moment; does not come back if it is. */
  async #fail(connection: RawConnection, moment: string, garbage: string): Promise<void> {
    const { at, what } = this.#trial.fault;
    if (at !== moment) {
      return;
    }
    if (what === "closes") {
      connection.close();
    } else if (what === "talks nonsense") {
      await connection.write(garbage);
    } else {
      this.#stall();
    }
    await gone(connection);
  }

  /** Whoever reads piece by piece ends the call itself. */
  async #outlastReader(connection: RawConnection): Promise<void> {
    if (this.#trial.kind.iterated) {
      await gone(connection);
    }
    await delay(10); // lets the client read what was written
    await this.#abort(connection);
  }

  #ends(moment: string): boolean {
    const { cancellation, fault } = this.#trial;
    return cancellation.at === moment && comesFirst(cancellation, fault);
  }

  async #abort(connection: RawConnection): Promise<void> {
    this.#controller.abort(reason);
    await gone(connection);
  }
}

/** Waits for the client to leave, and does not come back. */
async function gone(connection: RawConnection): Promise<never> {
  await connection.rest();
  throw new Error("The client left");
}

async function answerAll(connection: RawConnection): Promise<void> {
  for (;;) {
    await readRequest(connection);
    await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }
}
