#!/usr/bin/env node
import { outputTo } from "./io.ts";
import { run } from "./run.ts";

const interrupt = new AbortController();
// Once: a second Ctrl-C ends a process that does not end by itself.
process.once("SIGINT", () => interrupt.abort("SIGINT"));
process.once("SIGTERM", () => interrupt.abort("SIGTERM"));

process.exitCode = await run(process.argv.slice(2), {
  stdin: () => process.stdin,
  stdout: outputTo(() => process.stdout),
  stderr: outputTo(() => process.stderr),
  env: process.env,
  get isTTY() {
    return process.stdout.isTTY;
  },
  get columns() {
    return process.stdout.columns;
  },
  get rows() {
    return process.stdout.rows;
  },
  onResize(listener) {
    process.stdout.on("resize", listener);
    return () => process.stdout.off("resize", listener);
  },
  signal: interrupt.signal,
});
