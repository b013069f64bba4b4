import { mkdtemp, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RawServer } from "../support/raw-server.ts";
import { freePort, type Place } from "./place.ts";

/** A place on a Unix socket. */
export async function openUnix(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  const path = await deadSocket(folder);
  return {
    options: { host: `unix://${path}` },
    listen: async (script) => {
      await rm(path);
      return RawServer.listen("unix", script, path);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** A place on a port of this machine. */
export async function openTcp(): Promise<Place> {
  const port = await freePort();
  return {
    options: { host: `tcp://127.0.0.1:${port}` },
    listen: (script) => RawServer.listen("tcp", script, port),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A socket on which nobody listens any more, as an engine leaves it that was killed. */
async function deadSocket(folder: string): Promise<string> {
  const [path, moved] = [join(folder, "s"), join(folder, "engine.sock")];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  // Closing removes the socket that it finds under the old name.
  await rename(path, moved);
  await new Promise((resolve) => server.close(resolve));
  return moved;
}
