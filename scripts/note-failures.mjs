// Is loaded into each process of Node's test runner: while a file of tests runs, and after it has failed, there is a file in
// FAIRLEAD_TEST_FAILURES that names it. The runner's own reports name the file in which a test is defined, which may be a
// helper's.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

const { FAIRLEAD_TEST_FAILURES: folder, NODE_TEST_CONTEXT: isInRunner } = process.env;
const [, file = ""] = process.argv;

if (folder && isInRunner && isMainThread && file.endsWith(".test.ts")) {
  const note = join(folder, String(process.pid));
  writeFileSync(note, file);
  process.on("exit", (code) => {
    if (code === 0) rmSync(note);
  });
}
