import type { EndpointSettings } from "../../generated/models.ts";
import { Refusal } from "../http/refusal.ts";

/** The addresses of one subnet. */
export class AddressPool {
  readonly subnet: string;
  readonly gateway: string;
  readonly #prefixLength: number;
  readonly #first: number;
  /** The addresses that are given to those who ask for none. */
  readonly #range: { readonly first: number; readonly last: number };
  readonly #taken = new Set<number>();

  /**
   * @param subnet e.g. `172.18.0.0/16`
   * @param gateway default: the first address
   * @param range the part of the subnet whose addresses are given out; default: all of it
   * @throws Refusal if the subnet is none, or the gateway is outside.
   */
  constructor(subnet: string, gateway?: string, range: string = subnet) {
    const { first, last, prefixLength } = readSubnet(subnet, "subnet");
    this.subnet = subnet;
    this.#prefixLength = prefixLength;
    this.#first = first;
    this.#range = readSubnet(range, "ip-range");
    this.gateway = gateway ?? toText(first + 1);
    if (toNumber(this.gateway) < first || toNumber(this.gateway) > last) {
      throw new Refusal(
        400,
        `invalid network config:\ninvalid gateway ${gateway}: parent subnet ${subnet} doesn't contain this address`,
      );
    }
    this.#taken.add(this.#first).add(toNumber(this.gateway));
  }

  /**
   * Takes an address: the one that was asked for, or the next.
   *
   * @throws Refusal if it is taken, or none is left.
   */
  take(asked: string | undefined): Pick<EndpointSettings, "Gateway" | "IPAddress" | "IPPrefixLen" | "MacAddress"> {
    const number = asked ? toNumber(asked) : this.#free();
    if (this.#taken.has(number)) {
      throw new Refusal(403, "Address already in use");
    }
    this.#taken.add(number);
    const IPAddress = toText(number);
    return { IPAddress, Gateway: this.gateway, IPPrefixLen: this.#prefixLength, MacAddress: macOf(IPAddress) };
  }

  giveBack(address: string): void {
    if (address !== "") {
      this.#taken.delete(toNumber(address));
    }
  }

  overlaps(other: AddressPool): boolean {
    return this.#first < other.#end && other.#first < this.#end;
  }

  get #end(): number {
    return this.#first + 2 ** (32 - this.#prefixLength);
  }

  #free(): number {
    const { first, last } = this.#range;
    for (let number = Math.max(first, this.#first + 1); number <= Math.min(last, this.#end - 2); number += 1) {
      if (!this.#taken.has(number)) {
        return number;
      }
    }
    throw new Refusal(500, "no available IPv4 addresses on this network's address pools");
  }
}

/** @throws Refusal if a text is no subnet. */
function readSubnet(
  text: string,
  what: string,
): { readonly first: number; readonly last: number; readonly prefixLength: number } {
  const [, address = "", length = ""] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(text) ?? [];
  if (address === "" || Number(length) > 30) {
    throw new Refusal(400, `invalid network config:\ninvalid ${what} ${text}: invalid CIDR block notation`);
  }
  const first = toNumber(address);
  return { first, last: first + 2 ** (32 - Number(length)) - 1, prefixLength: Number(length) };
}

function toNumber(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

/** dockerd makes the hardware address of the other. */
function macOf(address: string): string {
  const parts = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["02", "42", ...parts].join(":");
}
