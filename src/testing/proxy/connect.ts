import { createConnection, type Socket } from "node:net";
import { type OneWay, passOn } from "./one-way.ts";
import type { Place } from "./place.ts";
import type { Direction } from "./proxy-fault.ts";

/**
 * Connects a client with an engine. What breaks off one end breaks off the other; resolves when nothing more is passed on.
 *
 * @param wayOf what is special in a direction
 */
export async function connect(
  client: Socket,
  target: Place,
  wayOf: (direction: Direction) => Omit<OneWay, "from" | "to">,
): Promise<void> {
  const engine = createConnection({ ...target, allowHalfOpen: true });
  const gone = new AbortController();
  engine.on("error", () => engine.destroy());
  const leave = () => {
    gone.abort();
    engine.destroy();
    client.destroy();
  };
  engine.on("close", () => {
    // What an engine said before an end in good order may still be on its way.
    if (!engine.readableEnded || !engine.writableFinished) {
      leave();
    }
  });
  client.on("close", leave);
  // A way fails when its connection is closed, and then all is said.
  await Promise.allSettled([
    passOn({ ...wayOf("sent"), from: client, to: engine }, gone.signal),
    passOn({ ...wayOf("received"), from: engine, to: client }, gone.signal),
  ]);
}
