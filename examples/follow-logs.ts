/**
 * Follows the output of a container, line by line, until it ends or Ctrl-C is pressed.
 *
 * Run it with: npx tsx examples/follow-logs.ts CONTAINER
 */
import { AbortError, Docker } from "fairlead";

const [id] = process.argv.slice(2);
if (id === undefined) {
  console.error("Which container? npx tsx examples/follow-logs.ts CONTAINER");
  process.exit(2);
}

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());

await using docker = new Docker();

try {
  for await (const { stream, text } of docker.containers.logs(id, { follow: true, signal: interrupt.signal }).lines()) {
    (stream === "stderr" ? console.error : console.log)(text);
  }
} catch (error) {
  if (!(error instanceof AbortError)) {
    throw error;
  }
}
