interface Offer<T> {
  readonly item: T;
  readonly taken: (goOn: boolean) => void;
}

interface Taker<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** Hands items from many givers to one reader. A giver waits until its item is taken, so nothing piles up. */
export class Rendezvous<T> implements AsyncIterableIterator<T> {
  readonly #offers: Offer<T>[] = [];
  readonly #takers: Taker<T>[] = [];
  readonly #left: () => Promise<void>;
  #over = false;
  #failure: { readonly error: unknown } | undefined;

  /** @param left is called when the reader leaves before the end */
  constructor(left: () => Promise<void>) {
    this.#left = left;
  }

  /** Offers an item; resolves when it is taken, with whether another one is wanted. */
  give(item: T): Promise<boolean> {
    if (this.#over) {
      return Promise.resolve(false);
    }
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker.resolve({ done: false, value: item });
      return Promise.resolve(true);
    }
    return new Promise((taken) => this.#offers.push({ item, taken }));
  }

  /** Ends it: for the reader with an error if there is one. What was not taken by then is dropped. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#over) {
      return;
    }
    this.#over = true;
    const [first, ...others] = this.#takers.splice(0);
    if (failure !== undefined && first !== undefined) {
      first.reject(failure.error);
    } else {
      this.#failure = failure;
      first?.resolve({ done: true, value: undefined });
    }
    for (const taker of others) taker.resolve({ done: true, value: undefined });
    for (const offer of this.#offers.splice(0)) offer.taken(false);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const offer = this.#offers.shift();
    if (offer !== undefined) {
      offer.taken(true);
      return Promise.resolve({ done: false, value: offer.item });
    }
    if (this.#over) {
      const failure = this.#failure;
      this.#failure = undefined;
      return failure === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(failure.error);
    }
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#failure = undefined;
    this.end();
    await this.#left();
    return { done: true, value: undefined };
  }
}
