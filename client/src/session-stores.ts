import { type SessionState } from './core/session-state.ts';
import { isCountingDown, readSessionExpiry, type SessionExpiry } from './session-expiry.ts';
import { type SessionWatcher } from './watcher.ts';

/** The contract of Svelte's stores: `$name` in a component, in Svelte 3, 4 and 5. */
export interface SessionStore<T> {
  /** Calls `run` at once, and after each change. Returns a function that unsubscribes. */
  subscribe(run: (value: T) => void): () => void;
}

/** The state of the session. The application starts and stops the watcher. */
export const sessionStore = (watcher: SessionWatcher): SessionStore<SessionState> => ({
  subscribe(run) {
    run(watcher.getState());
    return watcher.subscribe(() => run(watcher.getState()));
  },
});

/** The data of an expiry notice. Changes every second while a warning is shown, too, and only then. */
export const sessionExpiryStore = (watcher: SessionWatcher): SessionStore<SessionExpiry> => ({
  subscribe(run) {
    let timer: ReturnType<typeof setInterval> | undefined;
    const update = (): void => {
      if (!isCountingDown(watcher.getState())) {
        clearInterval(timer);
        timer = undefined;
      } else timer ??= setInterval(update, 1000);
      run(readSessionExpiry(watcher));
    };
    const unsubscribe = watcher.subscribe(update);
    update();
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  },
});
