/** One port of a container, as the engine lists it. */
export interface Port {
  readonly IP?: string | undefined;
  readonly PrivatePort: number;
  readonly PublicPort?: number | undefined;
  readonly Type: string;
}

/** A run of ports that follow each other, inside the container and outside. */
interface Run {
  readonly port: Port;
  count: number;
}

/** The ports of a container, e.g. `0.0.0.0:8000-8001->80-81/tcp, 443/tcp`; neighbours are put together. */
export function formatPorts(ports: readonly Port[]): string {
  const runs: Run[] = [];
  for (const port of [...ports].sort(byAddressAndNumber)) {
    const run = runs.at(-1);
    if (run !== undefined && continues(run, port)) {
      run.count += 1;
    } else {
      runs.push({ port, count: 1 });
    }
  }
  return runs.map(formatRun).join(", ");
}

function byAddressAndNumber(a: Port, b: Port): number {
  // Those that are published come first.
  const published = Number(a.PublicPort === undefined) - Number(b.PublicPort === undefined);
  const address = compare(a.IP ?? "", b.IP ?? "") || compare(a.Type, b.Type);
  return published || address || a.PrivatePort - b.PrivatePort || (a.PublicPort ?? 0) - (b.PublicPort ?? 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function continues({ port, count }: Run, next: Port): boolean {
  return (
    next.IP === port.IP &&
    next.Type === port.Type &&
    next.PrivatePort === port.PrivatePort + count &&
    next.PublicPort === (port.PublicPort === undefined ? undefined : port.PublicPort + count)
  );
}

function formatRun({ port, count }: Run): string {
  const inside = `${formatRange(port.PrivatePort, count)}/${port.Type}`;
  if (port.PublicPort === undefined) {
    return inside;
  }
  const address = port.IP?.includes(":") ? `[${port.IP}]` : port.IP;
  return `${address ? `${address}:` : ""}${formatRange(port.PublicPort, count)}->${inside}`;
}

function formatRange(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}
