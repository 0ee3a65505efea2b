import type { TokenTransport } from '../generated/schema.ts';
import type { TokenSet } from './token-set.ts';

/** The refresh cookie of the browser that made the request. */
export interface RefreshCookie {
  read(): string | null;
  write(token: string, lifetime: { expiresAt: Date; now: Date }): void;
  clear(): void;
}

/** A token set as the response carries it. With COOKIE the refresh token is in the cookie only. */
export type DeliveredTokenSet = Omit<TokenSet, 'refreshToken'> & { refreshToken: string | null };

/** Moves the refresh token into the cookie for COOKIE; leaves it in the response for BODY. */
export function deliverTokens(
  tokens: TokenSet,
  transport: TokenTransport,
  cookie: RefreshCookie,
): DeliveredTokenSet {
  if (transport === 'BODY') return tokens;
  cookie.write(tokens.refreshToken, { expiresAt: tokens.session.absoluteExpiresAt, now: tokens.serverTime });
  return { ...tokens, refreshToken: null };
}
