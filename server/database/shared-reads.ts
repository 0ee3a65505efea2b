/** A read waits no longer for the one before it, which may hang. */
const QUEUE_TIMEOUT_MS = 5_000;

export interface SharedReads {
  /** Runs `read` after the earlier reads of the account. Queued reads with the same `key` share one result. */
  read<T>(accountId: string, key: string, read: () => Promise<T>): Promise<T>;
}

interface Queue {
  /** Settles when the newest read of the queue is done. Never rejects. */
  last: Promise<unknown>;
  waiting: Map<string, Promise<unknown>>;
}

/**
 * Runs expensive reads one at a time per account. Identical reads that are still queued share one result. A read that
 * has started is never joined, so its caller sees everything committed before the call.
 */
export function createSharedReads(): SharedReads {
  const queues = new Map<string, Queue>();

  return {
    read<T>(accountId: string, key: string, read: () => Promise<T>): Promise<T> {
      const queue = queues.get(accountId) ?? { last: Promise.resolve(), waiting: new Map() };
      queues.set(accountId, queue);
      const shared = queue.waiting.get(key) as Promise<T> | undefined;
      if (shared) return shared;

      const answer = waitAtMost(queue.last, QUEUE_TIMEOUT_MS).then(() => {
        queue.waiting.delete(key);
        return read();
      });
      queue.waiting.set(key, answer);
      const done = answer.then(
        () => {},
        () => {},
      );
      queue.last = done;
      void done.then(() => {
        if (queue.last === done) queues.delete(accountId);
      });
      return answer;
    },
  };
}

/** Resolves with `work`, which must not reject, or after `timeoutMs`. */
async function waitAtMost(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
