import type { AddedFault, Occasion } from "../faults/fault.ts";
import { FaultList, type Hit } from "../faults/fault-list.ts";
import type { ProxyFault } from "./proxy-fault.ts";

type ConnectFault = Extract<ProxyFault, { at: "connect" }>;
type ByteFault = Exclude<ProxyFault, ConnectFault>;

/** The faults of a proxy. */
export class ProxyFaults {
  readonly #list = new FaultList<ProxyFault, undefined>();

  /**
   * Adds a fault to connections that are yet to be made. If several strike the same connection, all do.
   *
   * @throws RangeError if `nth` or `times` is less than 1, or `afterBytes` is negative.
   *
   * @example
   * proxy.faults.add({ nth: 2 }, { kind: "reset", at: "received", afterBytes: 100 });
   */
  add(occasion: Occasion, fault: ProxyFault): AddedFault {
    if (fault.at !== "connect" && !((fault.afterBytes ?? 0) >= 0)) {
      throw new RangeError(`A fault's afterBytes is a number from 0, not ${fault.afterBytes}`);
    }
    return this.#list.add(occasion, fault, () => true);
  }

  /** Removes all, and ends their stalls. */
  clear(): void {
    this.#list.clear();
  }

  /** Those that strike a new connection. */
  strike(): { readonly atConnect: readonly Hit<ConnectFault>[]; readonly inBytes: readonly Hit<ByteFault>[] } {
    const hits = this.#list.strike(undefined);
    return { atConnect: hits.filter(isAtConnect), inBytes: hits.filter(isInBytes) };
  }
}

function isAtConnect(hit: Hit<ProxyFault>): hit is Hit<ConnectFault> {
  return hit.fault.at === "connect";
}

function isInBytes(hit: Hit<ProxyFault>): hit is Hit<ByteFault> {
  return hit.fault.at !== "connect";
}
