/** What a handler throws to answer with an error: a status, and the message as dockerd words it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Tries something; what it refuses is told with what was tried before it, as dockerd wraps its errors. */
export function attempt<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.status, `${what}: ${error.message}`) : error;
  }
}

/** The same with another status, where dockerd has one of its own for what is refused. */
export function withStatus<T>(status: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(status, error.message) : error;
  }
}

/** How Go says that a text is no number, or what else `parser` of its package `strconv` reads. */
export function goSyntax(parser: string, text: string): string {
  return `strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`;
}

/** The answer to what the embedded engine does not do; it says so instead of pretending. */
export function notImplemented(what: string): Refusal {
  return new Refusal(501, `${what} is not implemented by Fairlead's embedded engine`);
}
