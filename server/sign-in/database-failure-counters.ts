import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import { createBatches } from '../database/batches.ts';
import { unavailableOf } from '../database/database-errors.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import { groupPrefix, WINDOW_SECONDS, type FailureCounters } from './failure-counters.ts';
import { createSharedFailureCounter, type SharedStore } from './shared-failure-counter.ts';
import { addFailures, clearFailures, clearFailuresFrom, findFailures } from './sign-in-failures.sql.ts';

/** Counters that all nodes share in PostgreSQL. A node counts the failures of all its sign-ins in one statement. */
export function createDatabaseFailureCounters({
  database,
  clock,
  logger,
}: {
  database: Database;
  clock: Clock;
  logger: Logger;
}): FailureCounters {
  const store = watchStore(logger);
  const find = createBatchedRead((keys: readonly string[]) => findFailures(database.em(), keys, clock.now()));
  const createAdd = (windowSeconds: number) =>
    createBatches(async (keys: readonly string[]) => {
      await database.statement((em) => addFailures(em, keys, clock.now(), windowSeconds));
      return keys;
    });
  const addToWindow = createAdd(WINDOW_SECONDS);

  return {
    get isShared() {
      return store.isWorking;
    },
    create(name, limit, windowSeconds = WINDOW_SECONDS) {
      const add = windowSeconds === WINDOW_SECONDS ? addToWindow : createAdd(windowSeconds);
      const keyOf = (key: string): string => `${name}:${key}`;
      const shared = {
        read: (key: string) => database.withTimeout(find(keyOf(key))),
        add: (key: string) => database.withTimeout(add(keyOf(key))),
        clear: (key: string) =>
          database.withTimeout(database.statement((em) => clearFailures(em, keyOf(key)))),
        clearGroup: (group: string) =>
          database.withTimeout(database.statement((em) => clearFailuresFrom(em, keyOf(groupPrefix(group))))),
      };
      return createSharedFailureCounter({ name, limit, windowSeconds }, { shared, store });
    },
    stop() {},
  };
}

/** Remembers and logs whether the database counts. */
function watchStore(logger: Logger): SharedStore & { readonly isWorking: boolean } {
  let isWorking = true;
  let completeAt = -Infinity;
  return {
    get isWorking() {
      return isWorking;
    },
    get isComplete() {
      return performance.now() >= completeAt;
    },
    async run(command, { isCheck } = { isCheck: false }) {
      try {
        const result = await command();
        if (!isWorking) logger.info({ part: 'sign-in' }, 'failed sign-ins are counted in the database again');
        isWorking = true;
        return { result };
      } catch (error) {
        completeAt = performance.now() + WINDOW_SECONDS * 1000;
        if (isWorking)
          logger.warn(
            { part: 'sign-in', err: error },
            'failed sign-ins cannot be counted in the database; each node counts for itself',
          );
        isWorking = false;
        const unavailable = unavailableOf(error);
        // The sign-in needs the database too. To find that out again would make the client wait twice as long.
        if (isCheck && unavailable) throw unavailable;
        return null;
      }
    },
  };
}
