import { Docker } from "../../src/index.ts";

// Asks over one connection, follows a stream over another, and leaves the client open or is killed.
const docker = new Docker();
await docker.system.version();
console.log("answered");
if (process.argv[2] === "killed") {
  const events = docker.system.events({ filters: { container: ["nobody"] } });
  void events.catch(() => {});
  await docker.system.version();
  process.kill(process.pid, "SIGKILL");
}
