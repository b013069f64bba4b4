import { Duplex } from "node:stream";
import type { Dialer } from "../../src/transport/dial/dialer.ts";

/** A connection that is never opened, and that is not a `net.Socket`. */
export class Unopened extends Duplex {
  readonly bytesRead = 0;
  override _read(): void {}
  override _write(): void {}
  ref(): void {}
  unref(): void {}
}

/** Dials connections that are never opened, and notes them. */
export function unopenedDialer(opened: Unopened[]): Dialer {
  return {
    endpoint: "test://nowhere",
    source: "the test",
    host: "nowhere",
    pathPrefix: "",
    readyEvent: "connect",
    connect: () => {
      const connection = new Unopened();
      opened.push(connection);
      return connection;
    },
  };
}
