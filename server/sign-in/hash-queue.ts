import { AppError } from '../errors.ts';

export interface HashQueueLimits {
  /** Tasks that run at once. */
  readonly slots: number;
  readonly waiting: number;
  readonly waitingPerNetwork: number;
}

/** The queue for password hashing. It is fair between networks. */
export interface HashQueue {
  /**
   * Runs the task when a slot is free. Networks are served in rotation, so one that sends a thousand tasks delays
   * another by one task only.
   * @throws RATE_LIMITED when too many tasks of this network are waiting
   */
  run<T>(network: string, task: () => Promise<T>): Promise<T>;
}

interface Waiting {
  start(): void;
  refuse(error: AppError): void;
}

const RETRY_AFTER_SECONDS = 1;

/** A full queue makes room for another network by refusing the latest task of the network with the most. */
export function createHashQueue(limits: HashQueueLimits): HashQueue {
  let freeSlots = limits.slots;
  let size = 0;
  /** In the order of service: the network served last is at the end. */
  const queues = new Map<string, Waiting[]>();

  function take(network: string, end: 'first' | 'last'): Waiting {
    const queue = queues.get(network)!;
    const taken = end === 'first' ? queue.shift()! : queue.pop()!;
    size -= 1;
    if (queue.length === 0) queues.delete(network);
    return taken;
  }

  function release(): void {
    const next = queues.entries().next().value;
    if (!next) {
      freeSlots += 1;
      return;
    }
    const [network, queue] = next;
    const waiting = take(network, 'first');
    if (queue.length > 0) {
      queues.delete(network);
      queues.set(network, queue);
    }
    waiting.start();
  }

  function requireRoom(network: string): void {
    const own = queues.get(network)?.length ?? 0;
    if (own >= limits.waitingPerNetwork) throw tooMany();
    if (size < limits.waiting) return;
    const [longest, { length }] = [...queues].reduce((most, queue) =>
      queue[1].length > most[1].length ? queue : most,
    );
    if (length <= own + 1) throw tooMany();
    take(longest, 'last').refuse(tooMany());
  }

  function acquire(network: string): Promise<void> | undefined {
    if (freeSlots > 0) {
      freeSlots -= 1;
      return undefined;
    }
    requireRoom(network);
    return new Promise((start, refuse) => {
      const queue = queues.get(network);
      if (queue) queue.push({ start, refuse });
      else queues.set(network, [{ start, refuse }]);
      size += 1;
    });
  }

  return {
    async run(network, task) {
      await acquire(network);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}

const tooMany = (): AppError =>
  new AppError('RATE_LIMITED', 'Too many sign-ins from this network at once. Try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
