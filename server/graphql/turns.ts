/** Waits for a turn of the event loop that no other caller gets. */
export type NextTurn = () => Promise<void>;

/**
 * Lets requests that need much CPU time take turns. Several of them in one iteration of the event loop would block all
 * other requests for the sum of their times.
 */
export function createTurns(): NextTurn {
  const waiting: (() => void)[] = [];

  function begin(): void {
    waiting.shift()!();
    if (waiting.length > 0) setImmediate(begin);
  }

  return () =>
    new Promise((begun) => {
      waiting.push(begun);
      // An immediate that is set while input is read still runs in the same iteration.
      if (waiting.length === 1) setImmediate(() => setImmediate(begin));
    });
}
