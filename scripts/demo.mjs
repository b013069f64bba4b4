// Shows a container's whole life: npm run demo
//
// It takes the engine that it finds, which may be one that `scripts/engines up` has got; else the embedded one, for which
// nothing is needed. Whatever it brought along is gone afterwards.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startEmbedded } from "./embedded.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tool = fileURLToPath(new URL("engines", import.meta.url));
const image = "fairlead/busybox:demo";

const found = findEngine();
process.exitCode = found === undefined ? await showOnEmbeddedEngine() : showOnRealEngine(found);

/** The address of an engine that answers; fails if one was named that does not. */
function findEngine() {
  const { stdout, stderr } = spawnSync(tool, ["env"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const host = /^DOCKER_HOST=(.*)$/m.exec(stdout ?? "")?.[1];
  if (host === undefined && process.env.DOCKER_HOST) {
    console.error(stderr?.split("\n")[0]);
    process.exit(1);
  }
  return host;
}

function showOnRealEngine(host) {
  const env = { ...process.env, DOCKER_HOST: host };
  const engines = (...args) => execFileSync(tool, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  console.log(`Using the engine at ${host}\n`);
  engines("image", image);
  try {
    return showLife(image, env);
  } finally {
    engines("remove-image", image);
  }
}

async function showOnEmbeddedEngine() {
  console.log(
    "No engine answers here, so this uses the embedded engine of fairlead/testing, which runs no real programs.",
  );
  console.log(
    "`scripts/engines up` gets a real one (as root on Debian or Ubuntu), which this will find the next time.\n",
  );
  const engine = await startEmbedded();
  try {
    return showLife("busybox", { ...process.env, DOCKER_HOST: engine.host });
  } finally {
    engine.stop();
  }
}

function showLife(name, env) {
  const args = ["--import", "tsx", "examples/lifecycle.ts", name];
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
}
