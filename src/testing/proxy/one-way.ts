import type { Socket } from "node:net";
import type { Disturbance } from "../faults/fault.ts";
import type { Hit } from "../faults/fault-list.ts";
import { Outlet } from "../faults/outlet.ts";
import type { Valve } from "./valve.ts";

/** One direction of one connection through a proxy. */
export interface OneWay {
  readonly from: Socket;
  readonly to: Socket;
  readonly valve: Valve;
  readonly hits: readonly Hit<Disturbance & { readonly afterBytes?: number | undefined }>[];
  /** Is told of bytes that were passed on. */
  readonly count: (byteCount: number) => void;
}

/** Passes on what comes, byte for byte, with its faults; then the end. Resolves when nothing more is passed on. */
export async function passOn({ from, to, valve, hits, count }: OneWay, signal: AbortSignal): Promise<void> {
  const outlet = new Outlet(to, async (bytes) => {
    await valve.pass(signal);
    await write(to, bytes);
    count(bytes.length);
  });
  const places = hits
    .map(({ fault, stall }) => ({ fault, stall, offset: fault.afterBytes ?? 0 }))
    .sort((one, other) => one.offset - other.offset);
  let begin = 0;
  // A socket without an encoding gives buffers; the end of what it gives is not its own end.
  for await (const bytes of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    let sent = 0;
    for (const { fault, stall, offset } of places.splice(0, countUpTo(places, begin + bytes.length))) {
      await outlet.send(bytes.subarray(sent, offset - begin));
      sent = offset - begin;
      await outlet.disturb(fault, stall);
    }
    await outlet.send(bytes.subarray(sent));
    begin += bytes.length;
  }
  await valve.pass(signal);
  to.end();
}

function countUpTo(places: readonly { readonly offset: number }[], limit: number): number {
  return places.filter(({ offset }) => offset <= limit).length;
}

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
