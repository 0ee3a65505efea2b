import { inject, onScopeDispose, shallowRef, type App, type InjectionKey, type ShallowRef } from 'vue';
import { type SessionState } from './core/session-state.ts';
import { readSessionExpiry, type SessionExpiry } from './session-expiry.ts';
import { sessionExpiryStore, sessionStore, type SessionStore } from './session-stores.ts';
import { type SessionWatcher } from './watcher.ts';

export { type SessionExpiry };

const WATCHER: InjectionKey<SessionWatcher> = Symbol('curfew');

/** `app.use(createCurfew(watcher))` provides the watcher to the functions below. The application starts and stops it. */
export const createCurfew = (watcher: SessionWatcher): { install(app: App): void } => ({
  install: (app) => void app.provide(WATCHER, watcher),
});

/** Returns the watcher of the application. Call it in `setup`. */
export function useWatcher(): SessionWatcher {
  const watcher = inject(WATCHER, null);
  if (!watcher) throw new Error('Call app.use(createCurfew(watcher)).');
  return watcher;
}

/** Returns the state of the session, which changes as it does. Call it in `setup`. */
export function useSession(): Readonly<ShallowRef<SessionState>> {
  const watcher = useWatcher();
  return follow(sessionStore(watcher), watcher.getState());
}

/** Returns the data of an expiry notice. Changes every second while a warning is shown, too. Call it in `setup`. */
export function useSessionExpiry(): Readonly<ShallowRef<SessionExpiry>> {
  const watcher = useWatcher();
  return follow(sessionExpiryStore(watcher), readSessionExpiry(watcher));
}

function follow<T>(store: SessionStore<T>, first: T): Readonly<ShallowRef<T>> {
  const value = shallowRef(first);
  // A server renders once and disposes of no scope.
  if ('document' in globalThis) onScopeDispose(store.subscribe((next) => (value.value = next)));
  return value;
}
