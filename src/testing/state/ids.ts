import { createHash } from "node:crypto";

/**
 * Makes the ids of one engine: they look like dockerd's, and come out the same in each run.
 */
export class Ids {
  #count = 0;

  /** 64 hexadecimal digits, for containers, networks and execs. */
  next(): string {
    this.#count += 1;
    return sha256(`fairlead ${this.#count}`);
  }

  /** 25 letters and digits, for what belongs to a swarm. */
  nextOfSwarm(): string {
    return BigInt(`0x${this.next()}`).toString(36).slice(0, 25);
  }
}

/** The digest of a content, in hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
