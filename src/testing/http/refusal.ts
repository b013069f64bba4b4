/** What a handler throws to answer with an error: a status, and the message as dockerd words it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The answer to what the embedded engine does not do; it says so instead of pretending. */
export function notImplemented(what: string): Refusal {
  return new Refusal(501, `${what} is not implemented by Fairlead's embedded engine`);
}
