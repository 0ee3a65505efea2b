import { type BrowserEnv } from '../browser/browser-env.ts';
import { type Effect } from '../core/effects.ts';
import { type Occurrence } from '../core/events.ts';
import { reduce } from '../core/reducer.ts';
import { type WatcherState } from '../core/state.ts';

/** Holds the state and takes events one at a time. */
export interface Store {
  getState(): WatcherState;
  /** Throws the error of the first effect that failed, once everything is done. */
  dispatch(occurrence: Occurrence): void;
  /** Called after the view has changed. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
}

export function createStore(options: {
  initial: WatcherState;
  env: Pick<BrowserEnv, 'now' | 'page'>;
  run(effect: Effect): void;
}): Store {
  const { env, run } = options;
  const listeners = new Set<() => void>();
  const queue: Occurrence[] = [];
  const failures: unknown[] = [];
  let state = options.initial;
  let isBusy = false;

  function drain(): void {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const result = reduce(state, { ...next, at: env.now(), isVisible: env.page.isVisible() });
      state = result.state;
      result.effects.forEach(carryOut);
    }
  }

  /** An effect that fails, such as a message that cannot be cloned, does not hold up the others. */
  function carryOut(effect: Effect): void {
    try {
      run(effect);
    } catch (error) {
      failures.push(error);
    }
  }

  function notify(): void {
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        // Reported as the application's error, without ending the watch.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  return {
    getState: () => state,
    dispatch(occurrence) {
      queue.push(occurrence);
      // An effect may report back at once: its event waits for its turn.
      if (isBusy) return;
      isBusy = true;
      const { view } = state;
      try {
        drain();
      } finally {
        isBusy = false;
      }
      if (state.view !== view) notify();
      if (failures.length > 0) throw failures.splice(0)[0];
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
