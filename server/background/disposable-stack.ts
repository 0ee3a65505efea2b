type Dispose = () => unknown;

/** The methods of JavaScript's `AsyncDisposableStack` that Curfew uses. Node 22 has no such class. */
export interface DisposableStack extends AsyncDisposable {
  /** Remembers how to release a value. Returns the value. */
  adopt<Value>(value: Value, dispose: (value: Value) => unknown): Value;
  defer(dispose: Dispose): void;
  /** Hands everything so far over to a new stack. The old stack then releases nothing. */
  move(): DisposableStack;
  disposeAsync(): Promise<void>;
}

/**
 * Releases everything in reverse, each once, and goes on when a release fails.
 * @throws the error of the one release that failed, or an AggregateError of several
 */
export function createDisposableStack(releases: Dispose[] = []): DisposableStack {
  async function disposeAsync(): Promise<void> {
    const errors: unknown[] = [];
    for (const dispose of releases.splice(0).reverse()) {
      try {
        await dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, 'Several releases failed.');
  }
  return {
    adopt(value, dispose) {
      releases.push(() => dispose(value));
      return value;
    },
    defer: (dispose) => void releases.push(dispose),
    move: () => createDisposableStack(releases.splice(0)),
    disposeAsync,
    [Symbol.asyncDispose]: disposeAsync,
  };
}
