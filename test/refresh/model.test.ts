import fc from 'fast-check';
import { startApp, type TestApp } from '../harness.ts';
import { REFRESH, type Person } from '../seed.ts';
import { cheapenPasswords } from '../races/racing.ts';
import { applyPolicy, isLive, refresh, touch, type ModelSession } from './model.ts';
import { LIMITS, MINUTE, rowOf, SECOND, untilMarked } from './rows.ts';

const POLICIES = [
  { idleMinutes: 30, absoluteMinutes: 60 },
  { idleMinutes: 10, absoluteMinutes: 45 },
  { idleMinutes: 4, absoluteMinutes: 20 },
  { idleMinutes: 60, absoluteMinutes: 120 },
];
const REQUEST_IDS = ['request-id-of-16+', 'another-request-id'];
const MOMENTS = [
  1,
  4 * SECOND,
  9_999,
  10 * SECOND,
  MINUTE,
  5 * MINUTE,
  14 * MINUTE,
  30 * MINUTE,
  61 * MINUTE,
];
const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const REVOKE = `mutation ($sessionId: ID!) { revokeSession(sessionId: $sessionId) { revokedCount } }`;

const which = fc.nat(2);
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('login' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('refresh' as const),
      which,
      age: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)),
      isActive: fc.boolean(),
      requestId: fc.constantFrom(null, ...REQUEST_IDS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('touch' as const), which }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.constantFrom(...MOMENTS) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('policy' as const),
      policy: fc.constantFrom(...POLICIES),
      isApplied: fc.boolean(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ env: { ...LIMITS, ACCESS_TOKEN_TTL_SECONDS: '100000' } });
});
afterAll(() => app.close());

const now = (): number => app.clock.now().getTime();
const stored = (session: ModelSession): Promise<Record<string, any>> => rowOf(app, session.id);

async function login(member: Person): Promise<ModelSession> {
  const { payload } = await member.login();
  const { session } = payload;
  expect(Date.parse(session.authenticatedAt)).toBe(now());
  return {
    id: session.id,
    tokens: [payload.refreshToken],
    requestId: null,
    rotatedAt: now(),
    authenticatedAt: now(),
    lastActivityAt: now(),
    idleSeconds: session.idleMinutes * 60,
    idleExpiresAt: now() + session.idleMinutes * MINUTE,
    absoluteExpiresAt: now() + session.absoluteMinutes * MINUTE,
    endReason: null,
    isConsumed: false,
    accessToken: payload.accessToken,
    accessExpiresAt: Date.parse(payload.accessTokenExpiresAt),
  };
}

async function doRefresh(session: ModelSession, given: Extract<Step, { do: 'refresh' }>): Promise<void> {
  const age = Math.min(given.age, session.tokens.length - 1);
  const input = {
    refreshToken: session.tokens.at(-1 - age),
    userActive: given.isActive,
    requestId: given.requestId,
  };
  const expected = refresh(session, { ...given, age }, now());
  const answer = await app.gql(REFRESH, { input });
  if (expected.kind === 'refused') {
    const { code, endReason, expiredAt } = expected;
    expect(answer.code).toBe(code);
    expect(answer.extensions.endReason).toBe(endReason);
    if (expiredAt !== undefined) expect(Date.parse(answer.extensions.expiredAt)).toBe(expiredAt);
    return;
  }
  expect(answer.code).toBeUndefined();
  const grant = answer.data.refreshSession;
  if (expected.kind === 'replayed') expect(grant.refreshToken).toBe(expected.token);
  else {
    expect(session.tokens).not.toContain(grant.refreshToken);
    session.tokens.push(grant.refreshToken);
  }
  expect(Date.parse(grant.idleExpiresAt)).toBe(session.idleExpiresAt);
  expect(Date.parse(grant.absoluteExpiresAt)).toBe(session.absoluteExpiresAt);
  session.accessToken = grant.accessToken;
  session.accessExpiresAt = Date.parse(grant.accessTokenExpiresAt);
  expect(session.accessExpiresAt).toBeLessThanOrEqual(
    Math.min(session.idleExpiresAt, session.absoluteExpiresAt),
  );
}

async function doTouch(session: ModelSession): Promise<void> {
  const answer = await app.gql('mutation { touchSession { id } }', {}, { token: session.accessToken });
  const isGood = isLive(session, now()) && now() < session.accessExpiresAt;
  expect(answer.code).toBe(isGood ? undefined : 'UNAUTHENTICATED');
  if (isGood) touch(session, now());
}

/** The row says of generation, deadlines and end what the model says. */
async function expectRow(session: ModelSession): Promise<void> {
  const row = await stored(session);
  expect(row.generation).toBe(session.tokens.length - 1 + (session.isConsumed ? 1 : 0));
  expect(Date.parse(row.absolute_expires_at)).toBe(session.absoluteExpiresAt);
  expect(Date.parse(row.idle_expires_at)).toBe(session.idleExpiresAt);
  expect(Date.parse(row.last_activity_at)).toBe(session.lastActivityAt);
  if (session.endReason !== null) expect(row.end_reason).toBe(session.endReason);
  else if (isLive(session, now())) expect(row.end_reason).toBeNull();
  else expect([null, 'IDLE_TIMEOUT', 'ABSOLUTE_TIMEOUT']).toContain(row.end_reason);
}

test('whatever is done in whatever order, every answer and every row is what the contract says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 15 }), async (steps) => {
      const account = await app.seed.account();
      const member = await account.addUser();
      await cheapenPasswords(app, account.id);
      const sessions = [await login(member)];
      const pick = (index: number): ModelSession => sessions[index % sessions.length]!;

      for (const given of steps) {
        switch (given.do) {
          case 'login':
            sessions.push(await login(member));
            break;
          case 'refresh':
            await doRefresh(pick(given.which), given);
            break;
          case 'touch':
            await doTouch(pick(given.which));
            break;
          case 'advance':
            app.clock.advance(given.by);
            break;
          case 'sweep': {
            const session = pick(given.which);
            if (session.endReason === null && !isLive(session, now())) await untilMarked(app, session.id);
            break;
          }
          case 'revoke': {
            const session = pick(given.which);
            const boss = await account.owner.login();
            const answer = await boss.gql(REVOKE, { sessionId: session.id });
            const isEnded = isLive(session, now());
            expect(answer.data.revokeSession.revokedCount).toBe(isEnded ? 1 : 0);
            if (isEnded) session.endReason = 'REVOKED_BY_OWNER';
            break;
          }
          case 'policy': {
            const boss = await account.owner.login();
            const input = { ...given.policy, apply: given.isApplied ? 'ACTIVE_SESSIONS' : 'NEXT_LOGIN' };
            expect((await boss.gql(UPDATE, { input })).code).toBeUndefined();
            if (given.isApplied) for (const session of sessions) applyPolicy(session, given.policy, now());
            break;
          }
          default:
            given satisfies never;
        }
        for (const session of sessions) await expectRow(session);
      }
    }),
    { numRuns: 50, interruptAfterTimeLimit: 40_000 },
  );
});
