/**
 * What a dialer reports when there is no way to an engine, and that only it can tell: nothing that was written has
 * reached one. Becomes the `cause` of a `ConnectError`, with these words in its attempt.
 */
export class DialError extends Error {
  override readonly name = "DialError";
  /** Tells the kinds of failure apart, e.g. `SSH_LOGIN_REFUSED`. */
  readonly code: string;
  /** What to do about it. */
  readonly advice: string | undefined;

  constructor(message: string, facts: { readonly code: string; readonly advice?: string; readonly cause?: unknown }) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.advice = facts.advice;
  }
}
