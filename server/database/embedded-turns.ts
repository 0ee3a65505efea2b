import { setImmediate as nextTurn } from 'node:timers/promises';

/** The part of PGlite that runs one message of a statement. */
interface Executor {
  execProtocolRaw(message: Uint8Array, options?: { syncToFs?: boolean }): Promise<Uint8Array>;
}

/** The embedded database gives way to other work after this much time in one turn of the event loop. */
const MAX_TURN_MS = 10;

/**
 * Lets other requests have a turn between the statements of the embedded database. It runs in this process, so eleven
 * statements of one operation would otherwise follow each other in a single turn and block the event loop.
 */
export function yieldBetweenStatements(pglite: Executor): void {
  const execute = pglite.execProtocolRaw.bind(pglite);
  let yieldedAt = -Infinity;

  pglite.execProtocolRaw = async (...args) => {
    const result = await execute(...args);
    // The caller holds PGlite's lock, so no other statement runs in between.
    if (performance.now() - yieldedAt > MAX_TURN_MS) {
      await nextTurn();
      yieldedAt = performance.now();
    }
    return result;
  };
}
