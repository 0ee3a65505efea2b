import type { RefreshCookie } from '../graphql/context.ts';
import type { TokenTransport } from '../generated/schema.ts';
import type { Grant } from './session.grant.ts';

/** A grant as it is answered: with COOKIE the refresh token travels in the cookie, and nowhere else. */
export type DeliveredGrant = Omit<Grant, 'refreshToken'> & { refreshToken: string | null };

export function deliver(grant: Grant, transport: TokenTransport, cookie: RefreshCookie): DeliveredGrant {
  if (transport === 'BODY') return grant;
  cookie.write(grant.refreshToken, grant.session.absoluteExpiresAt);
  return { ...grant, refreshToken: null };
}
