// Makes a clone ready to work in: checks the version of Node and installs the dependencies if they are missing or
// older than package-lock.json. Silent when there is nothing to do. Needs nothing but Node and npm.
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

checkNode();
if (modified("node_modules/.package-lock.json") < modified("package-lock.json")) install();

function checkNode() {
  const wanted = JSON.parse(readFileSync(`${root}package.json`, "utf8")).engines.node;
  const floor = wanted
    .match(/^>=(\d+)\.(\d+)$/)
    .slice(1)
    .map(Number);
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > floor[0] || (major === floor[0] && minor >= floor[1])) return;
  fail(`Fairlead needs Node ${wanted}; this is ${process.versions.node} (${process.execPath}).`);
}

function modified(path) {
  return statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function install() {
  process.stderr.write("Installing the development dependencies (npm ci) ...\n");
  // NODE_ENV=production would leave them out; a shell finds npm.cmd on Windows.
  const { status, error, stdout, stderr } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  if (status !== 0) fail(`${stdout ?? ""}${stderr ?? ""}npm ci failed${error ? `: ${error.message}` : ""}.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
