import { SECOND } from '../refresh/session-rows.ts';
import { claimsOf } from '../seed.ts';
import { ACCESS_TTL_SECONDS } from './installation.ts';
import { accessLimit, iso, type ModelSession } from './session-model.ts';

const seconds = (moment: number): number => Math.floor(moment / SECOND);

/** Compares the answer of a sign-in or a refresh with the session, and keeps its tokens. */
export function takeTokens(session: ModelSession, payload: any, now: number): void {
  const { idleExpiresAt, absoluteExpiresAt } = session;
  const isIdleNearer = idleExpiresAt < absoluteExpiresAt;
  expect(payload).toMatchObject({
    idleExpiresAt: iso(idleExpiresAt),
    absoluteExpiresAt: iso(absoluteExpiresAt),
    serverTime: iso(now),
    user: { id: session.userId },
    session: {
      id: session.id,
      authenticatedAt: iso(session.authenticatedAt),
      lastActivityAt: iso(session.lastActivityAt),
      idleExpiresAt: iso(idleExpiresAt),
      absoluteExpiresAt: iso(absoluteExpiresAt),
      expiresAt: iso(isIdleNearer ? idleExpiresAt : absoluteExpiresAt),
      expiryReason: isIdleNearer ? 'IDLE' : 'ABSOLUTE',
      idleMinutes: session.idleSeconds / 60,
      absoluteMinutes: session.absoluteSeconds / 60,
    },
  });

  const { accessToken, refreshToken } = payload;
  const limit = accessLimit(session, ACCESS_TTL_SECONDS, now);
  const expiresAt = Date.parse(payload.accessTokenExpiresAt);
  expect(expiresAt).toBeLessThanOrEqual(limit);
  expect(expiresAt).toBeGreaterThan(limit - SECOND);
  expect(claimsOf(accessToken)).toMatchObject({
    sid: session.id,
    sub: session.userId,
    exp: seconds(expiresAt),
    auth_time: seconds(session.authenticatedAt),
  });
  session.accessTokens.push({ token: accessToken, expiresAt });

  if (refreshToken === session.tokens.at(-1)) return;
  expect(session.tokens).not.toContain(refreshToken);
  session.tokens.push(refreshToken);
  expect(claimsOf(refreshToken)).toMatchObject({
    type: 'refresh',
    sid: session.id,
    sub: session.userId,
    gen: session.tokens.length - 1,
    auth_time: seconds(session.authenticatedAt),
    idle_max: session.idleSeconds,
    abs_max: session.absoluteSeconds,
    exp: seconds(idleExpiresAt),
  });
}
