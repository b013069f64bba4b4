// Runs the embedded engine until it is ended, so that tests and other clients may use it:
// `npx tsx scripts/embedded-engine.ts SOCKET [PORT]`. It has the image of the tests, fairlead/busybox:test, and within it
// the registries of FAIRLEAD_TEST_REGISTRY and, for FAIRLEAD_TEST_REGISTRY_USER alone, FAIRLEAD_TEST_REGISTRY_AUTH.
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { busybox, startEngine } from "../src/testing/index.ts";

const [socket, port] = process.argv.slice(2);
if (socket === undefined) {
  throw new Error("usage: npx tsx scripts/embedded-engine.ts SOCKET [PORT]");
}
await mkdir(dirname(socket), { recursive: true });
// An engine that was killed leaves its socket.
await rm(socket, { force: true });
const engine = await startEngine({ socket, tcp: port === undefined ? false : Number(port) });
// The real one weighs some megabytes, and tests count on one.
engine.image("fairlead/busybox:test", busybox, { layers: [{ "/usr/share/weight": new Uint8Array(2_000_000) }] });
const { FAIRLEAD_TEST_REGISTRY, FAIRLEAD_TEST_REGISTRY_AUTH, FAIRLEAD_TEST_REGISTRY_USER = "" } = process.env;
if (FAIRLEAD_TEST_REGISTRY !== undefined) {
  engine.registry(FAIRLEAD_TEST_REGISTRY);
}
if (FAIRLEAD_TEST_REGISTRY_AUTH !== undefined) {
  const [user = "", password = ""] = FAIRLEAD_TEST_REGISTRY_USER.split(":");
  engine.registry(FAIRLEAD_TEST_REGISTRY_AUTH, { [user]: password });
}
process.stdout.write(`${[engine.host, engine.tcpHost].filter(Boolean).join(" ")}\n`);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void engine.close());
}
