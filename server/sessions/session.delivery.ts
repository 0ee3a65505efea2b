import type { TokenTransport } from '../generated/schema.ts';
import type { Grant } from './session.grant.ts';

/** The browser's refresh cookie. */
export interface RefreshCookie {
  read(): string | null;
  write(token: string, lifetime: { expiresAt: Date; now: Date }): void;
  clear(): void;
}

/** A grant as it is answered: with COOKIE the refresh token travels in the cookie, and nowhere else. */
export type DeliveredGrant = Omit<Grant, 'refreshToken'> & { refreshToken: string | null };

export function deliver(grant: Grant, transport: TokenTransport, cookie: RefreshCookie): DeliveredGrant {
  if (transport === 'BODY') return grant;
  cookie.write(grant.refreshToken, { expiresAt: grant.session.absoluteExpiresAt, now: grant.serverTime });
  return { ...grant, refreshToken: null };
}
