import type { TokenTransport } from '../generated/schema.ts';
import type { TokenSet } from './token-set.ts';

/** The refresh cookie of the browser that made the request. */
export interface RefreshCookie {
  read(): string | null;
  /** `lifetime` null: until the browser is closed. */
  write(token: string, lifetime: { expiresAt: Date; now: Date } | null): void;
  clear(): void;
}

/** A token set as the response carries it. With COOKIE the refresh token is in the cookie only. */
export type DeliveredTokenSet = Omit<TokenSet, 'refreshToken'> & { refreshToken: string | null };

/**
 * Moves the refresh token into the cookie for COOKIE; leaves it in the response for BODY. Every refresh cookie is written
 * here, so the choice of the sign-in (`persistent`) holds for all of its session.
 */
export function deliverTokens(
  tokens: TokenSet,
  transport: TokenTransport,
  cookie: RefreshCookie,
): DeliveredTokenSet {
  if (transport === 'BODY') return tokens;
  const { session, isPersistent, serverTime } = tokens;
  const lifetime = isPersistent ? { expiresAt: session.absoluteExpiresAt, now: serverTime } : null;
  cookie.write(tokens.refreshToken, lifetime);
  return { ...tokens, refreshToken: null };
}
