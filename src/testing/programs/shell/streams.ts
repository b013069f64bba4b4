import { FileError } from "../../files/file-error.ts";
import { pathOf } from "../applets/applet.ts";
import { nowhere } from "../io/devices.ts";
import { Input } from "../io/input.ts";
import type { Output } from "../io/pipe.ts";
import type { Session } from "../session.ts";
import { ShellError } from "./control.ts";
import type { Redirection } from "./syntax.ts";

/** What a command reads from and writes to, by the numbers. It is never changed, only replaced. */
export class Streams {
  readonly #all: ReadonlyMap<number, Input | Output>;

  constructor(all: ReadonlyMap<number, Input | Output>) {
    this.#all = all;
  }

  get stdin(): Input {
    return this.input(0) ?? Input.of();
  }

  get stdout(): Output {
    return this.output(1) ?? nowhere;
  }

  get stderr(): Output {
    return this.output(2) ?? nowhere;
  }

  input(number: number): Input | undefined {
    const found = this.#all.get(number);
    return found instanceof Input ? found : undefined;
  }

  output(number: number): Output | undefined {
    const found = this.#all.get(number);
    return found instanceof Input ? undefined : found;
  }

  get(number: number): Input | Output | undefined {
    return this.#all.get(number);
  }

  /** The same, but for one; without it if it is undefined. */
  with(number: number, stream: Input | Output | undefined): Streams {
    const all = new Map(this.#all);
    if (stream === undefined) all.delete(number);
    else all.set(number, stream);
    return new Streams(all);
  }
}

/**
 * Does one redirection.
 *
 * @throws ShellError if the file cannot be opened.
 */
export function redirect(
  streams: Streams,
  { from, operator }: Redirection,
  target: string,
  { session, folder }: { readonly session: Session; readonly folder: string },
): Streams {
  if (operator === "<<") {
    return streams.with(from, Input.of(Buffer.from(target)));
  }
  if (operator === ">&" || operator === "<&") {
    return duplicate(streams, from, target);
  }
  const path = pathOf({ folder }, target);
  const device = /^\/dev\/(?:fd\/(\d+)|std(in|out|err))$/.exec(path);
  if (device !== null) {
    const names = ["in", "out", "err"];
    return duplicate(streams, from, device[1] ?? String(names.indexOf(device[2] ?? "")));
  }
  if (path === "/dev/tty") {
    return streams.with(from, operator === "<" ? streams.stdin : streams.stderr);
  }
  try {
    return streams.with(
      from,
      operator === "<" ? session.open.read(path) : session.open.write(path, operator === ">>" || operator === "<>"),
    );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ShellError(failure(error, operator, target), 1);
  }
}

function failure({ code, message }: FileError, operator: string, target: string): string {
  const what = operator === "<" ? "open" : "create";
  const nothing = operator === "<" ? "no such file" : "nonexistent directory";
  return `can't ${what} ${target}: ${code === "ENOENT" ? nothing : message}`;
}

function duplicate(streams: Streams, from: number, target: string): Streams {
  if (target === "-") {
    return streams.with(from, undefined);
  }
  const stream = streams.get(Number(target));
  if (stream === undefined) {
    throw new ShellError(`${target}: Bad file descriptor`, 1);
  }
  return streams.with(from, stream);
}
