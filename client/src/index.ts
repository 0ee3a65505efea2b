export {
  followSessionExpiry,
  type FollowOptions,
  type SessionExpiryEvent,
  type SessionOver,
} from './follow-session-expiry.ts';
export { createSessionWatcher } from './session-watcher.ts';
export { type SessionWatcher, type TabMessage, type WatcherOptions } from './watcher.ts';
export { UnreachableError } from './transport.ts';
export { type SessionAccessToken } from './session-access-token.ts';
export { SessionOverError } from './session-over-error.ts';
export {
  type Grant,
  type SessionEnding,
  type SessionFacts,
  type SessionState,
  type WatchedSession,
  type WatchedUser,
} from './session-state.ts';
export {
  type BrowserEnv,
  type KeyValueStore,
  type LockManager,
  type PageEvents,
  type TabChannel,
} from './browser-env.ts';
