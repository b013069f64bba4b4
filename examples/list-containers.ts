/**
 * Lists all containers, one a line: the first 8 characters of the id, the status, the image.
 *
 * Run it with: npx tsx examples/list-containers.ts
 */
import { Docker } from "fairlead";

await using docker = new Docker();

for (const { Id, Status, Image } of await docker.containers.list({ all: true })) {
  console.log([Id.slice(0, 8), Status.padStart(32), Image].join(" | "));
}
