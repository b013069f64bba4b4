import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { RawServer } from "../support/raw-server.ts";
import type { Place } from "./place.ts";

/**
 * A place behind ssh. A program of that name, first on the PATH, stands in for it: it passes its standard streams on to
 * the socket, and says that it shares a login of the user's.
 */
export async function openSsh(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  const path = join(folder, "engine.sock");
  await writeFile(join(folder, "ssh"), ssh(path), { mode: 0o755 });
  await writeFile(join(folder, "pipe.cjs"), pipe);
  const { PATH } = process.env;
  process.env["PATH"] = `${folder}${delimiter}${PATH}`;
  return {
    options: { host: "ssh://example" },
    listen: (script) => RawServer.listen("unix", script, path),
    [Symbol.asyncDispose]: async () => {
      process.env["PATH"] = PATH;
      await rm(folder, { recursive: true });
    },
  };
}

function ssh(path: string): string {
  return `#!/bin/sh
case "$*" in *"-O check"*) exit 0 ;; esac
exec "${process.execPath}" "\${0%/*}/pipe.cjs" "${path}"
`;
}

const pipe = `
const socket = require("node:net").connect({ path: process.argv[2], allowHalfOpen: true });
socket.on("error", ({ code }) => {
  if (code !== "ENOENT") return;
  console.error("ssh: connect to host example port 22: Connection refused");
  process.exitCode = 255;
});
process.stdin.pipe(socket).pipe(process.stdout);
// As docker's dial-stdio does, it ends when the engine has ended its side.
socket.on("end", () => socket.destroy()).on("close", () => process.stdin.destroy());
process.stdout.on("error", () => socket.destroy());
`;
