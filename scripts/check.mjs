// Runs everything that CI runs, in order, and stops at the first failure: npm run check
import { spawnSync } from "node:child_process";

const steps = [
  ["Set up", "node scripts/bootstrap.mjs"],
  ["Lint and format", "npx biome ci --error-on-warnings"],
  ["Types", "npx tsc -p tsconfig.json"],
  ["Generated files", "npx tsx scripts/generate/main.ts --check"],
  ["List of methods", "npx tsx scripts/api-docs/main.ts --check"],
  ["Compatibility", "npx tsx scripts/compatibility/main.ts --check"],
  ["Build", "npm run --silent build"],
  ["Package", "npx publint --strict"],
  ["Package types", "npx attw --pack . --profile esm-only"],
  ["Public surface", "npx api-extractor run"],
  ["Unused files, exports and dependencies", "npx knip"],
  ["Tests", "npm test"],
];

for (const [title, command] of steps) {
  console.log(`\n== ${title}: ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: "inherit" });
  if (status !== 0) {
    console.error(`\ncheck: "${title}" failed`);
    process.exit(status ?? 1);
  }
}
