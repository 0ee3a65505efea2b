import type { AccessTokenClaims } from './access-token.ts';
import { authorize, errorResponse } from './authorization.ts';
import { requireSession as requireInFastify } from './fastify.ts';
import type { ActiveAccessToken } from './introspection.ts';
import { requireSession } from './require-session.ts';
import { createSessionCache } from './session-cache.ts';
import { createSessionCheck, type CheckOptions } from './session-check.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const SECOND = 1_000;
const ACCESS_TOKEN = 'a.b.c';
const SESSION_TOKEN = 's'.repeat(43);

const claims: AccessTokenClaims = {
  userId: 'user',
  sessionId: 'session',
  accountId: 'account',
  role: 'MEMBER',
  authenticatedAt: new Date(NOON),
  exp: NOON + 3_600 * SECOND,
};

/** A checked access token, and the row of its session, whose user may have authenticated again. */
function start({ isFollowing = true, hasKeys = true } = {}) {
  const row = { authenticatedAt: new Date(NOON), isLive: true };
  const state = { now: NOON, asked: 0, validated: 0 };
  const check = createSessionCheck({
    accessTokens: {
      check: async () =>
        hasKeys ? { state: 'verified', claims, isNearExpiry: false } : { state: 'unknown' },
    },
    cache: createSessionCache({ maxSize: 10 }),
    feed: { epoch: () => (isFollowing ? 1 : null) },
    issuer: 'https://curfew.test',
    audience: 'curfew',
    now: () => state.now,
    async introspect(): Promise<ActiveAccessToken | null> {
      state.asked += 1;
      const sessionExpiresAt = NOON + 7_200 * SECOND;
      const origin = { audience: 'curfew', issuer: 'https://curfew.test' };
      return row.isLive
        ? { ...claims, ...origin, authenticatedAt: row.authenticatedAt, sessionExpiresAt }
        : null;
    },
    async validate() {
      state.validated += 1;
      const { userId, accountId, role } = claims;
      const at = new Date(NOON + 7_200 * SECOND);
      const deadlines = { expiresAt: at, idleExpiresAt: at, absoluteExpiresAt: at };
      return {
        valid: true,
        reason: null,
        warning: false,
        secondsRemaining: 60,
        absoluteSecondsRemaining: 60,
        session: {
          ...deadlines,
          id: 'session',
          userId,
          externalId: null,
          accountId,
          role,
          authenticatedAt: row.authenticatedAt,
          endedAt: null,
          endReason: null,
        },
      };
    },
    onProblem() {},
    onOtherOrigin() {},
  });
  const ages = async (token: string, options: CheckOptions): Promise<string> => {
    const result = await check.check(token, options);
    return result.state === 'refused' ? result.reason : result.state;
  };
  return { row, state, check, ages };
}

describe('a limit on the age of the authentication', () => {
  const LIMIT = { maxAuthAgeSeconds: 900 };

  test('passes at that age and not later, and only then is Curfew asked', async () => {
    const { state, ages } = start();
    expect(await ages(ACCESS_TOKEN, LIMIT)).toBe('live');
    expect(state.asked).toBe(1);
    state.now += 900 * SECOND;
    expect(await ages(ACCESS_TOKEN, LIMIT)).toBe('live');
    expect(state.asked).toBe(1);
    state.now += SECOND;
    expect(await ages(ACCESS_TOKEN, LIMIT)).toBe('REAUTHENTICATION_REQUIRED');
    expect(state.asked).toBe(2);
    expect(await ages(ACCESS_TOKEN, {})).toBe('live');
    expect(state.asked).toBe(2);
  });

  test.each([
    ['an access token from before it', ACCESS_TOKEN, {}],
    ['an access token while no ends are reported', ACCESS_TOKEN, { isFollowing: false }],
    ['an access token whose key is not at hand', ACCESS_TOKEN, { hasKeys: false }],
    ['a session token', SESSION_TOKEN, {}],
  ])('%s passes once the user has authenticated again, until that is too old', async (_, token, options) => {
    const { state, row, ages } = start(options);
    expect(await ages(token, LIMIT)).toBe('live');
    state.now += 1_000 * SECOND;
    expect(await ages(token, LIMIT)).toBe('REAUTHENTICATION_REQUIRED');
    row.authenticatedAt = new Date(state.now);
    expect(await ages(token, LIMIT)).toBe('live');
    state.now += 901 * SECOND;
    expect(await ages(token, LIMIT)).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('a session that has ended is refused as ended', async () => {
    const { state, row, ages } = start();
    state.now += 1_000 * SECOND;
    row.isLive = false;
    expect(await ages(ACCESS_TOKEN, LIMIT)).toBe('SESSION_ENDED');
  });

  test('is judged after role and account, and is answered as RFC 9470 says', async () => {
    const { state, check } = start();
    state.now += 1_000 * SECOND;
    const request = { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } };
    const owners = await authorize(check, request, { ...LIMIT, roles: ['OWNER'] });
    expect(owners).toMatchObject({ reason: 'WRONG_ROLE' });
    const others = await authorize(check, request, { ...LIMIT, accounts: ['other'] });
    expect(others).toMatchObject({ reason: 'WRONG_ACCOUNT' });
    const result = await authorize(check, request, LIMIT);
    if (result.state === 'live') throw new Error('The session passed.');
    expect(errorResponse(result)).toEqual({
      status: 401,
      headers: {
        'cache-control': 'no-store',
        'www-authenticate':
          'Bearer error="insufficient_user_authentication", ' +
          'error_description="A more recent authentication is required", max_age="900"',
      },
      body: {
        error: 'UNAUTHENTICATED',
        reason: 'REAUTHENTICATION_REQUIRED',
        maxAgeSeconds: 900,
        authenticatedAt: '2026-03-01T12:00:00.000Z',
      },
    });
  });

  test.each([0, -1, 1.5, NaN, Infinity, '900' as unknown as number])('%p is no limit', async (limit) => {
    const { check } = start();
    const options = { maxAuthAgeSeconds: limit };
    expect(() => requireSession(check, options)).toThrow(TypeError);
    expect(() => requireInFastify(check, options)).toThrow(TypeError);
    await expect(check.check(ACCESS_TOKEN, options)).rejects.toThrow(TypeError);
  });
});
