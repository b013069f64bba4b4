import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Disturbance } from "./fault.ts";
import type { Stall } from "./stall.ts";

/**
 * How long a client has to read what was sent before a reset: libuv takes a reset that comes together with bytes for an
 * orderly end (libuv:src/unix/stream.c, uv__stream_io).
 */
const beforeResetMs = 10;

/** Sends bytes to a socket, disturbed as it is told to. */
export class Outlet {
  readonly #socket: Socket;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #everyMs: number | undefined;
  #isCut = false;
  #hasWritten = false;

  /** @param write writes to the socket; resolves when it has taken the bytes */
  constructor(socket: Socket, write: (bytes: Uint8Array) => Promise<void>) {
    this.#socket = socket;
    this.#write = write;
  }

  /** Whether the connection was broken off; what is sent then is lost. */
  get isCut(): boolean {
    return this.#isCut || this.#socket.destroyed;
  }

  async send(bytes: Uint8Array): Promise<void> {
    if (this.#everyMs === undefined) {
      await this.#writeUnlessCut(bytes);
      return;
    }
    for (let index = 0; index < bytes.length && !this.isCut; index += 1) {
      await this.#writeUnlessCut(bytes.subarray(index, index + 1));
      // Also without a pause each byte is a turn of its own, so that nothing puts them together again.
      await (this.#everyMs === 0 ? new Promise(setImmediate) : this.#pause(this.#everyMs));
    }
  }

  /** @param frame makes a part of a body of bytes that are put in */
  async disturb(
    disturbance: Disturbance,
    stall: Stall,
    frame: (data: Uint8Array) => Uint8Array = (data) => data,
  ): Promise<void> {
    switch (disturbance.kind) {
      case "reset":
        await this.#reset();
        return;
      case "end":
        this.#end();
        return;
      case "stall":
        await stall(this.#socket, disturbance.ms);
        return;
      case "trickle":
        this.#everyMs = disturbance.everyMs ?? 0;
        return;
      case "insert":
        await this.send(frame(Buffer.from(disturbance.data)));
    }
  }

  async #writeUnlessCut(bytes: Uint8Array): Promise<void> {
    if (!this.isCut && bytes.length > 0) {
      this.#hasWritten = true;
      await this.#write(bytes);
    }
  }

  async #pause(ms: number): Promise<void> {
    const closed = new AbortController();
    const leave = () => closed.abort();
    this.#socket.once("close", leave);
    await delay(ms, undefined, { signal: closed.signal }).catch(() => {});
    this.#socket.off("close", leave);
  }

  async #reset(): Promise<void> {
    this.#isCut = true;
    if (this.#hasWritten) {
      await this.#pause(beforeResetMs);
      // A client in this process reads once more before the loop comes to this.
      await new Promise(setImmediate);
    }
    resetSocket(this.#socket);
  }

  /** What was written before is still sent; what comes from the other side is lost from now on. */
  #end(): void {
    this.#isCut = true;
    endSocket(this.#socket);
  }
}

/** Breaks a connection off so that the other side sees a reset, if its kind knows resets. */
function resetSocket(socket: Socket): void {
  if (socket.remoteAddress === undefined) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

/** Closes this side in good order, and all of it when the other side has done the same. */
function endSocket(socket: Socket): void {
  socket.end();
  socket.on("end", () => socket.destroy());
  socket.resume();
}
