/** An async iterator that asks its source again whenever it is woken, and so never holds more than one item. */
export interface OneSlotIterator<T> extends AsyncIterableIterator<T> {
  /** There may be something new. */
  wake(): void;
}

export type Pull<T> = { state: 'item'; item: T; isLast: boolean } | { state: 'nothing' } | { state: 'done' };

/**
 * Pulls from `pull` on demand; a slow reader finds the newest state, not a queue. Written by hand because a generator
 * that waits inside cannot be returned from before it wakes.
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
