import { isTimeout, isUnavailable } from './database-errors.ts';

/** Transactions of one account that hold a connection at a time. One while the account is stuck. */
const MAX_PER_ACCOUNT = 4;

export interface AccountQueue {
  /**
   * Runs `work` when a slot of the account is free. `accountId` null: when any slot is free.
   * @throws the error of `createError` after the timeout
   */
  run<T>(accountId: string | null, work: () => Promise<T>): Promise<T>;
}

interface Waiting {
  enter(): void;
  refuse(): void;
}

interface Account {
  max: number;
  running: number;
  waiting: Set<Waiting>;
  /** When a transaction last got its lock, with any outcome. */
  progressAt: number;
  /** A transaction timed out waiting, and none has made progress since. */
  isStuck: boolean;
}

/**
 * Keeps one account from taking all connections. When the account's lock is held, its requests wait here without a
 * connection, and all other accounts are served. `total`: connections for the transactions of all accounts now. The rest
 * is for reads.
 */
export function createAccountQueue(options: {
  total: () => number;
  timeoutMs: number;
  createError: () => Error;
}): AccountQueue {
  const { total, timeoutMs, createError } = options;
  const accounts = new Map<string | null, Account>();
  let running = 0;

  const mayEnter = (account: Account): boolean =>
    running < total() && account.running < (account.isStuck ? 1 : account.max);

  function enter(account: Account): void {
    account.running += 1;
    running += 1;
  }

  /** Round robin: an account that entered moves to the end of the map, where this loop visits it again. */
  function enterWaiting(): void {
    for (const [accountId, account] of accounts) {
      if (running >= total()) return;
      const [next] = account.waiting;
      if (next === undefined || !mayEnter(account)) continue;
      account.waiting.delete(next);
      enter(account);
      next.enter();
      accounts.delete(accountId);
      accounts.set(accountId, account);
    }
  }

  function accountOf(accountId: string | null): Account {
    const max = accountId === null ? Infinity : MAX_PER_ACCOUNT;
    const account = accounts.get(accountId) ?? {
      max,
      running: 0,
      waiting: new Set(),
      progressAt: -Infinity,
      isStuck: false,
    };
    accounts.set(accountId, account);
    return account;
  }

  async function runEntered<T>(account: Account, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      const result = await work();
      markProgress(account);
      return result;
    } catch (error) {
      // Any other error comes after the lock was taken.
      if (!isUnavailable(error)) markProgress(account);
      else if (account.max < Infinity && isTimeout(error) && account.progressAt < started) markStuck(account);
      throw error;
    } finally {
      account.running -= 1;
      running -= 1;
      enterWaiting();
    }
  }

  function waitForSlot(account: Account): Promise<void> {
    if (account.waiting.size === 0 && mayEnter(account)) {
      enter(account);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        enter() {
          clearTimeout(timer);
          resolve();
        },
        refuse() {
          clearTimeout(timer);
          account.waiting.delete(waiting);
          reject(createError());
        },
      };
      const timer = setTimeout(waiting.refuse, timeoutMs);
      account.waiting.add(waiting);
    });
  }

  return {
    async run(accountId, work) {
      const account = accountOf(accountId);
      try {
        await waitForSlot(account);
        return await runEntered(account, work);
      } finally {
        if (account.running === 0 && account.waiting.size === 0) accounts.delete(accountId);
      }
    },
  };
}

function markProgress(account: Account): void {
  account.progressAt = performance.now();
  account.isStuck = false;
}

/** Every waiting request needs that lock, so each would only time out too. */
function markStuck(account: Account): void {
  account.isStuck = true;
  for (const waiting of [...account.waiting]) waiting.refuse();
}
