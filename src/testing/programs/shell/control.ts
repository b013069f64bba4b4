/** Thrown to leave the shell, or a subshell, with a status. */
export class Exit extends Error {
  override readonly name = "Exit";
  readonly status: number;

  constructor(status: number) {
    super("exit");
    this.status = status;
  }
}

/** Thrown to leave a function or a file that is read. */
export class Return extends Error {
  override readonly name = "Return";
  readonly status: number;

  constructor(status: number) {
    super("return");
    this.status = status;
  }
}

/** Thrown to leave a loop, or to go on with its next turn. */
export class LoopJump extends Error {
  override readonly name = "LoopJump";
  readonly kind: "break" | "continue";
  /** How many loops are left. */
  readonly depth: number;

  constructor(kind: "break" | "continue", depth: number) {
    super(kind);
    this.kind = kind;
    this.depth = depth;
  }
}

/** Thrown when the shell itself cannot do something; it is said on stderr. */
export class ShellError extends Error {
  override readonly name = "ShellError";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}
