/** Async iterator that pulls from its source each time it is woken, so it never holds more than one item. */
export interface OneSlotIterator<T> extends AsyncIterableIterator<T> {
  /** Pulls again for a reader that waits. */
  wake(): void;
}

export type Pull<T> =
  | { state: 'item'; item: T; isLast: boolean }
  | { state: 'nothing' }
  | { state: 'done' }
  /** The read rejects with the error, and the iterator is done. */
  | { state: 'failed'; error: Error };

/**
 * Calls `pull` on demand, so a slow reader gets the newest state instead of a queue. Not a generator: `return()` on a
 * generator waits until the pending `next()` settles.
 */
export function createOneSlotIterator<T>(pull: () => Pull<T>, onClose: () => void): OneSlotIterator<T> {
  let isClosed = false;
  let wakeUp: (() => void) | null = null;

  function wake(): void {
    wakeUp?.();
    wakeUp = null;
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    onClose();
    wake();
  }

  const done = { value: undefined, done: true } as const;

  const iterator: OneSlotIterator<T> = {
    wake,
    async next() {
      while (!isClosed) {
        const pulled = pull();
        if (pulled.state === 'item') {
          if (pulled.isLast) close();
          return { value: pulled.item, done: false };
        }
        if (pulled.state === 'failed') {
          close();
          throw pulled.error;
        }
        if (pulled.state === 'done') close();
        else await new Promise<void>((resolve) => (wakeUp = resolve));
      }
      return done;
    },
    async return() {
      close();
      return done;
    },
    async throw(error: unknown) {
      close();
      throw error;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
