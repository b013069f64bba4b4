import type { Dialer } from "./dial/dialer.ts";
import { EngineAgent } from "./engine-agent.ts";

/** All connections to one engine. */
export class Connections {
  readonly dialer: Dialer;
  /** Connections that serve one request after the other. */
  readonly pooled: EngineAgent;
  /** Connections that serve one request: upgrades, and bodies that could not be sent a second time. */
  readonly single: EngineAgent;
  #closing: Promise<void> | undefined;

  constructor(dialer: Dialer) {
    this.dialer = dialer;
    this.pooled = new EngineAgent(dialer, true);
    this.single = new EngineAgent(dialer, false);
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Closes all connections and resolves when none is left. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.pooled.close(), this.single.close()]);
    await this.dialer.close?.();
  }
}
