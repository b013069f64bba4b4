// One candidate in a process of its own, where no other one's code and memory weigh on it. For every number that it is
// told, it sends so many requests and tells how much processor time they took.
import { cpuMs } from "./measure.mjs";
import { openCandidate } from "./request-candidates.mjs";

const [name, socketPath] = process.argv.slice(2);
const send = await openCandidate(name, socketPath);

process.on("message", async (requests) => {
  const cpu = await cpuMs(async () => {
    for (let count = 0; count < requests; count += 1) {
      await send();
    }
  });
  process.send?.(cpu);
});
process.on("disconnect", () => process.exit());
