import { nearerDeadline } from './expiry-state.ts';
import { type Grant, type WatchedSession } from './session-state.ts';

/** In memory only. Times are milliseconds on the server's clock. */
export interface AccessToken {
  readonly value: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const NEEDED_MS = 15_000;

export const accessTokenOf = (grant: Grant): AccessToken => ({
  value: grant.accessToken,
  issuedAt: Date.parse(grant.serverTime),
  expiresAt: Date.parse(grant.accessTokenExpiresAt),
});

/** Whether a request that starts now gets through with it; a token that no renewal could make last longer will do. */
export function isGood(token: AccessToken, session: WatchedSession, now: number): boolean {
  if (token.expiresAt <= now) return false;
  const needed = Math.min(NEEDED_MS, (token.expiresAt - token.issuedAt) / 2);
  return token.expiresAt - now >= needed || token.expiresAt >= nearerDeadline(session).expiresAt;
}
