import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { tarOf } from "./tar.ts";

/**
 * A plugin as `plugins.create` takes it: the tar of a configuration, and of a file system that holds one program. The
 * program listens where the engine looks for plugins, and ends on SIGTERM; it answers nothing. Each is another: an engine
 * that has just removed one may refuse the same content for a while.
 */
export function pluginTar(): Buffer {
  const id = randomUUID();
  return tarOf(
    { name: "config.json", body: JSON.stringify({ ...config, documentation: id }) },
    { name: "rootfs/", type: "5", mode: 0o755 },
    { name: "rootfs/run/", type: "5", mode: 0o755 },
    { name: "rootfs/run/docker/", type: "5", mode: 0o755 },
    { name: "rootfs/run/docker/plugins/", type: "5", mode: 0o755 },
    { name: "rootfs/id", body: id },
    { name: "rootfs/listen", mode: 0o755, body: program() },
  );
}

const config = {
  description: "Listens",
  documentation: "",
  interface: { types: ["docker.volumedriver/1.0"], socket: "p.sock" },
  entrypoint: ["/listen"],
  network: { type: "none" },
  linux: { capabilities: ["CAP_SYS_ADMIN"] },
  env: [
    { name: "DEBUG", settable: ["value"], value: "0" },
    { name: "FIXED", value: "1" },
  ],
};

/**
 * x86-64 for: block SIGTERM (`rt_sigprocmask`), `socket`, `bind` to /run/docker/plugins/p.sock, `listen`, wait for
 * SIGTERM (`rt_sigtimedwait`), `exit`; then the signal set and the address.
 */
const code = Buffer.from(
  "b80e00000031ff488d355f00000031d241ba080000000f05b829000000bf01000000be0100000031d20f0589c7488d3541000000ba1d000000" +
    "b8310000000f05be08000000b8320000000f05b880000000488d3d1500000031f631d241ba080000000f05b83c00000031ff0f05" +
    "00400000000000000100" +
    Buffer.from("/run/docker/plugins/p.sock\0").toString("hex"),
  "hex",
);

/** The code as an executable: a header of ELF, one segment, nothing else. */
function program(): Buffer {
  const headers = Buffer.alloc(120);
  const address = 0x400000n;
  headers.write("7f454c46020101", 0, "hex");
  headers.writeUInt16LE(2, 16); // executable
  headers.writeUInt16LE(62, 18); // x86-64
  headers.writeUInt32LE(1, 20);
  headers.writeBigUInt64LE(address + 120n, 24); // where it starts
  headers.writeBigUInt64LE(64n, 32); // where the header of the segment is
  headers.writeUInt16LE(64, 52);
  headers.writeUInt16LE(56, 54);
  headers.writeUInt16LE(1, 56);
  headers.writeUInt32LE(1, 64); // to be loaded
  headers.writeUInt32LE(5, 68); // read and execute
  headers.writeBigUInt64LE(address, 80);
  headers.writeBigUInt64LE(address, 88);
  headers.writeBigUInt64LE(BigInt(120 + code.length), 96);
  headers.writeBigUInt64LE(BigInt(120 + code.length), 104);
  headers.writeBigUInt64LE(4096n, 112);
  return Buffer.concat([headers, code]);
}
