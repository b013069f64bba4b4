import { UsageError } from "./usage-error.ts";

/** What `--publish` means, as the engine wants it. */
export interface Published {
  readonly ExposedPorts: Record<string, Record<string, never>>;
  readonly PortBindings: Record<string, { HostIp: string; HostPort: string }[]>;
}

const shape = /^(?:(?:(\[[^\]]*\]|[^:[\]]*):)?(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/;

/**
 * Reads `[[IP:]HOST_PORT:]PORT[/PROTOCOL]` as often as it was given; both ports may be ranges of the same length.
 *
 * @throws UsageError if one cannot be read.
 */
export function publishPorts(specs: readonly string[]): Published {
  const published: Published = { ExposedPorts: {}, PortBindings: {} };
  for (const spec of specs) {
    publishPort(spec, published);
  }
  return published;
}

function publishPort(spec: string, { ExposedPorts, PortBindings }: Published): void {
  const [matched, address = "", outside, inside = "", protocol = "tcp"] = shape.exec(spec) ?? [];
  const ports = readRange(inside);
  const hostPorts = outside === undefined ? ports.map(() => "") : readRange(outside);
  if (matched === undefined || ports.length === 0 || hostPorts.length !== ports.length) {
    throw new UsageError(`--publish takes [[IP:]HOST_PORT:]PORT[/PROTOCOL], not "${spec}"`);
  }
  const HostIp = address.replace(/^\[|\]$/g, "");
  for (const [index, port] of ports.entries()) {
    const key = `${port}/${protocol}`;
    const HostPort = `${hostPorts[index]}`;
    ExposedPorts[key] = {};
    PortBindings[key] = [...(PortBindings[key] ?? []), { HostIp, HostPort }];
  }
}

/** The ports of `80` or `8000-8010`; none if there is no such port. */
function readRange(text: string): number[] {
  const [first = Number.NaN, last = first] = text.split("-").map(Number);
  const isRange = first >= 1 && last >= first && last <= 65_535;
  return isRange ? Array.from({ length: last - first + 1 }, (_, index) => first + index) : [];
}
