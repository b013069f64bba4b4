import { tcpDialer } from "../../src/transport/dial/tcp.ts";
import { unixDialer } from "../../src/transport/dial/unix.ts";
import { createHttpTransport } from "../../src/transport/http-transport.ts";
import { get, text } from "./harness.ts";

// Asks twice over one connection, and leaves the transport open.
const where = process.argv[2] ?? "";
const [host = "", port] = where.split(":");
const common = { address: where, source: "the test" };
const dialer =
  port === undefined
    ? unixDialer({ path: where, ...common })
    : tcpDialer({ host, port: Number(port), pathPrefix: "", ...common });
const transport = createHttpTransport(dialer);
const answers = [await text(transport, get()), await text(transport, get())];
const answeredAt = performance.now();
process.on("exit", () => {
  console.log(JSON.stringify({ answers, exitedAfterMs: performance.now() - answeredAt }));
});
