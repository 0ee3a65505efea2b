// The stores need nothing of Svelte, so they work in each of its versions.
export { type SessionState } from './core/session-state.ts';
export { type SessionExpiry } from './session-expiry.ts';
export { sessionExpiryStore, sessionStore, type SessionStore } from './session-stores.ts';
