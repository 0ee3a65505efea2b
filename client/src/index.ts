export {
  followSessionExpiry,
  type FollowOptions,
  type SessionExpiryEvent,
  type SessionOver,
} from './follow-session-expiry.ts';
export { createSessionWatcher } from './session-watcher.ts';
export { type SessionWatcher, type TabMessage, type WatcherOptions } from './watcher.ts';
export { ReauthenticationError, SessionOverError, UnreachableError } from './core/errors.ts';
export { type SessionAccessToken } from './tokens/session-access-token.ts';
export { type Credentials } from './tokens/token-source.ts';
export {
  type Grant,
  type SessionEnd,
  type SessionEnding,
  type SessionFacts,
  type SessionState,
  type TokenSet,
  type WatchedSession,
  type WatchedUser,
} from './core/session-state.ts';
export {
  type BrowserEnv,
  type KeyValueStore,
  type LockManager,
  type PageEvents,
  type TabChannel,
} from './browser/browser-env.ts';
