/**
 * Creates the container of the first idea behind Fairlead, and deals with every answer that the engine documents.
 *
 * Run it with: npx tsx examples/create-container.ts
 */
import { Docker } from "fairlead";

await using docker = new Docker();

const outcome = await docker.containers.create({ Image: "python:3.12", Cmd: ["pip", "install", "pandas"] }).outcome();

switch (outcome.kind) {
  case "Succeeded":
    console.log(`Created ${outcome.value.Id}`);
    break;
  case "NoSuchImage":
    console.error("The image python:3.12 is not here. Get it first: npx fairlead pull python:3.12");
    process.exitCode = 1;
    break;
  case "BadParameter":
  case "Conflict":
  case "ServerError":
    console.error(`The engine refused: ${outcome.error.message}`);
    process.exitCode = 1;
    break;
  default:
    // Forgetting one of the kinds above would not compile.
    outcome satisfies never;
}
