/** Returns the value at once while the turn has room, else in a later turn of the event loop. */
export type Pace = <Value>(value: Value) => Value | Promise<Value>;

const MAX_PER_TURN = 100;

/**
 * Spreads the results of loaders over turns of the event loop, in order. One statement answers every load of an
 * operation, so without this a thousand objects would be completed in one turn, and block other requests.
 */
export function createPace(): Pace {
  const waiting: (() => void)[] = [];
  let released = 0;
  let isScheduled = false;

  function release(): void {
    isScheduled = false;
    released = 0;
    for (const next of waiting.splice(0, MAX_PER_TURN)) {
      released += 1;
      next();
    }
    if (waiting.length > 0) schedule();
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(release);
  }

  return (value) => {
    schedule();
    if (released < MAX_PER_TURN && waiting.length === 0) {
      released += 1;
      return value;
    }
    return new Promise((resolve) => {
      waiting.push(() => resolve(value));
    });
  };
}
