// Shows a container's whole life on a real engine: npm run demo
//
// It takes the engine that it finds; else, as root on Debian or Ubuntu, scripts/engines gets a private one. Whatever it
// started or brought along is gone afterwards.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tool = fileURLToPath(new URL("engines", import.meta.url));
const image = "fairlead/busybox:demo";

process.exitCode = runDemo();

function runDemo() {
  const up = spawnSync(tool, ["up"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (up.status !== 0) {
    return up.status ?? 1;
  }
  const { DOCKER_HOST, FAIRLEAD_ENGINE } = readVariables(up.stdout);
  const env = { ...process.env, DOCKER_HOST };
  try {
    engines(["image", image], env);
    console.log(`\nUsing the engine at ${DOCKER_HOST}\n`);
    const tsx = fileURLToPath(import.meta.resolve("tsx"));
    const life = spawnSync(process.execPath, ["--import", tsx, "examples/lifecycle.ts", image], {
      cwd: root,
      env,
      stdio: "inherit",
    });
    engines(["remove-image", image], env);
    return life.status ?? 1;
  } finally {
    if (FAIRLEAD_ENGINE === "started") {
      engines(["down"], process.env);
    }
  }
}

function engines(args, env) {
  execFileSync(tool, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
}

function readVariables(text) {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map(splitOnce),
  );
}

function splitOnce(line) {
  const at = line.indexOf("=");
  return [line.slice(0, at), line.slice(at + 1)];
}
