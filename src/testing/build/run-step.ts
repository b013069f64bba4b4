import { CodedFailure, type Report } from "../operations/progress.ts";
import type { OutputListener } from "../programs/process.ts";
import { runProgram } from "../programs/run-program.ts";
import { environmentOf } from "../state/container-config.ts";
import { noProgram } from "../state/no-program.ts";
import type { World } from "../state/world.ts";
import type { BuildRequest } from "./build-request.ts";
import type { BuildStage } from "./build-stage.ts";
import { commandOf } from "./config-steps.ts";
import type { Instruction } from "./dockerfile.ts";
import { nameOf, red, tellCached, tellImage, tellRemoved, tellRunning } from "./step-reports.ts";

/** Runs a command in the image as it is now. @throws Error in dockerd's words if it fails. */
export async function* runStep(
  stage: BuildStage,
  { rest }: Instruction,
  world: World,
  request: BuildRequest,
): AsyncGenerator<Report> {
  const { config } = stage;
  const cmd = commandOf(rest, config);
  const args = argumentsOf(stage);
  const words = Object.entries(args).map(([name, value]) => `${name}=${value}`);
  const createdBy = [...(words.length > 0 ? [`|${words.length}`, ...words.sort()] : []), ...cmd].join(" ");
  if (stage.takeCached(createdBy)) {
    yield* tellCached(stage);
    return;
  }
  const container = world.ids.next();
  const hostname = container.slice(0, 12);
  yield tellRunning(container);
  const files = stage.filesToChange();
  const env = { ...args, ...environmentOf({ Env: config.Env ?? [], User: config.User ?? "", Hostname: hostname }) };
  const program = stage.image?.program ?? noProgram;
  const reason = program.refuses?.(cmd[0] ?? "", files, env);
  const place = { workingDir: config.WorkingDir || "/", user: config.User ?? "", hostname };
  const spec = { program, cmd, env, files, clock: world.clock, ...place };
  const code = reason === undefined ? yield* output((write) => runProgram(spec, write, request.signal)) : 0;
  yield* tellRemoved(container, request, reason !== undefined || code !== 0);
  if (reason !== undefined) {
    throw new Error(
      `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${reason}`,
    );
  }
  if (code !== 0) {
    throw new CodedFailure(code, `The command '${cmd.join(" ")}' returned a non-zero code: ${code}`);
  }
  stage.grow({ createdBy, files });
  yield tellImage(stage);
}

/** The arguments that the environment does not hide. */
function argumentsOf({ args, config }: BuildStage): Record<string, string> {
  const set = new Set((config.Env ?? []).map(nameOf));
  return Object.fromEntries(Object.entries(args).filter(([name]) => !set.has(name)));
}

/** What a program prints, report by report, and its exit code in the end. The program waits while nobody reads. */
async function* output(start: (write: OutputListener) => Promise<number>): AsyncGenerator<Report, number> {
  const queue: { readonly report: Report; readonly taken: () => void }[] = [];
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  let wake = () => {};
  let code: number | undefined;
  const write: OutputListener = (stream, bytes) => {
    const text = decoders[stream].decode(bytes, { stream: true });
    const report = { stream: stream === "stdout" ? text : `${red.on}${text}${red.off}` };
    return new Promise((taken) => {
      queue.push({ report, taken });
      wake();
    });
  };
  void start(write).then((exitCode) => {
    code = exitCode;
    wake();
  });
  for (;;) {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      next.taken();
      yield next.report;
    }
    if (code !== undefined) {
      return code;
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (queue.length > 0 || code !== undefined) resolve();
    });
  }
}
