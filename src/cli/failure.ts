import {
  ConfigError,
  ConnectError,
  EngineStreamError,
  FairleadError,
  InvalidRequestError,
  StatusError,
  TimeoutError,
} from "../index.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { printable } from "./printable.ts";

/** The exit code that a failure leads to. */
export function exitCodeOf(failure: unknown): ExitCode {
  if (failure instanceof InvalidRequestError || failure instanceof ConfigError) {
    return exitCodes.usage;
  }
  const isUnreachable =
    failure instanceof ConnectError || (failure instanceof TimeoutError && failure.timeout === "connect");
  return isUnreachable ? exitCodes.unreachable : exitCodes.failed;
}

/** A failure in words for a person, with advice where there is some. */
export function failureText(failure: unknown): string {
  return printable(textOf(failure));
}

function textOf(failure: unknown): string {
  if (failure instanceof ConnectError) {
    return attemptsText(failure);
  }
  if (failure instanceof StatusError) {
    return `${failure.engineMessage || failure.message}${adviceFor(failure)}`;
  }
  if (failure instanceof EngineStreamError) {
    return failure.engineMessage;
  }
  return failure instanceof Error ? failure.message : String(failure);
}

function attemptsText({ attempts }: ConnectError): string {
  const lines = attempts.map(
    ({ endpoint, source, reason, advice }) => `${endpoint} (${source}): ${reason}${advice ? `. ${advice}` : ""}`,
  );
  return lines.length === 1
    ? `cannot reach a Docker engine at ${lines[0]}`
    : `cannot reach a Docker engine; tried:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function adviceFor({ kind, operation }: StatusError): string {
  return operation === "ContainerCreate" && kind === "NoSuchImage" ? "; `fairlead pull` it first" : "";
}

/** A failure as data for another program. */
export function failureData(failure: unknown): Readonly<Record<string, unknown>> {
  if (!(failure instanceof Error)) {
    return { name: "Error", message: String(failure) };
  }
  const { name, message } = failure;
  if (!(failure instanceof FairleadError)) {
    return { name, message };
  }
  const { operation } = failure;
  if (failure instanceof StatusError) {
    return { name, operation, kind: failure.kind, status: failure.status, message: failure.engineMessage };
  }
  if (failure instanceof ConfigError) {
    return { name, file: failure.file, message };
  }
  return failure instanceof ConnectError
    ? { name, operation, message, attempts: failure.attempts }
    : { name, operation, message };
}
