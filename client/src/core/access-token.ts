import { nearerDeadline } from './expiry-state.ts';
import { type TokenSet, type WatchedSession } from './session-state.ts';

/** Held in memory only. Times are milliseconds on the server's clock. */
export interface AccessToken {
  readonly value: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When its user had last authenticated. */
  readonly authenticatedAt: number;
}

const NEEDED_MS = 15_000;

export const accessTokenOf = (tokens: TokenSet): AccessToken => ({
  value: tokens.accessToken,
  issuedAt: Date.parse(tokens.serverTime),
  expiresAt: Date.parse(tokens.accessTokenExpiresAt),
  authenticatedAt: Date.parse(tokens.session.authenticatedAt),
});

/** Of two tokens of a session: the one of the later authentication, which a back end may ask for, or that lasts longer. */
export function betterToken(known: AccessToken | null, token: AccessToken): AccessToken {
  if (!known || token.authenticatedAt > known.authenticatedAt) return token;
  return token.authenticatedAt < known.authenticatedAt || known.expiresAt > token.expiresAt ? known : token;
}

/** Whether the token outlasts a request that starts now, or a refresh could not make it last longer. */
export function isGood(token: AccessToken, session: WatchedSession, now: number): boolean {
  if (token.expiresAt <= now) return false;
  const needed = Math.min(NEEDED_MS, (token.expiresAt - token.issuedAt) / 2);
  return token.expiresAt - now >= needed || token.expiresAt >= nearerDeadline(session).expiresAt;
}
