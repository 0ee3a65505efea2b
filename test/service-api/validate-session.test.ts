import { sql } from 'kysely';
import { addSeconds } from '../../server/clock.ts';
import { sessionEnd, SET_ACTIVE } from '../accounts/account-calls.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { backEnd, VALIDATE, VALIDATE_MANY, type BackEnd } from './service-calls.ts';
import { waitUntil } from '../wait-until.ts';

const NOT_FOUND = {
  valid: false,
  reason: 'NOT_FOUND',
  warning: false,
  secondsRemaining: null,
  absoluteSecondsRemaining: null,
  session: null,
};
const MINUTES = 60_000;

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let shop: BackEnd;
  beforeAll(async () => {
    app = await startApp({ database, env: { SESSION_SWEEP_SECONDS: '86400' } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
    shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    // The owner's own session is older and keeps the defaults.
    await owner.gql(
      `mutation { updateSessionPolicy(input: { idleMinutes: 20, absoluteMinutes: 60 }) { sessionPolicy { version } } }`,
    );
  });

  const now = () => app.clock.now().toISOString();
  const inMinutes = (minutes: number) => addSeconds(app.clock.now(), minutes * 60).toISOString();

  test('a live session is valid, and the check is activity', async () => {
    const { sessionToken, session } = await shop.create();
    app.clock.advance(6 * MINUTES + 500);
    expect(await shop.validate(sessionToken)).toMatchObject({
      valid: true,
      reason: null,
      warning: false,
      secondsRemaining: 20 * 60,
      absoluteSecondsRemaining: 54 * 60 - 1,
      session: {
        id: session.id,
        lastActivityAt: now(),
        idleExpiresAt: inMinutes(20),
        isCurrent: false,
        endedAt: null,
      },
    });
  });

  test('a check with touch false moves nothing', async () => {
    const { sessionToken, session } = await shop.create();
    app.clock.advance(6 * MINUTES);
    const looked = await shop.validate(sessionToken, false);
    expect(looked).toMatchObject({ valid: true, secondsRemaining: 14 * 60 });
    expect(looked.session).toEqual(session);
    app.clock.advance(14 * MINUTES);
    expect(await shop.validate(sessionToken, false)).toMatchObject({ valid: false, reason: 'IDLE' });
  });

  test('activity is the default, also when touch is null', async () => {
    const { sessionToken } = await shop.create();
    for (const input of [{ sessionToken }, { sessionToken, touch: null }]) {
      app.clock.advance(6 * MINUTES);
      const { data } = await shop.gql(VALIDATE, { input });
      expect(data.validateSession.session.lastActivityAt).toBe(now());
    }
  });

  test('a check right after activity sees it, and so does every other a second later', async () => {
    const { sessionToken, session } = await shop.create();
    app.clock.advance(6 * MINUTES);
    const touched = await shop.validate(sessionToken);
    expect((await shop.validate(sessionToken, false)).session).toEqual(touched.session);
    app.clock.advance(1_000);
    await waitUntil(async () => {
      const { rows } = await sql<{
        last: string;
      }>`select last_activity_at as last from sessions where id = ${session.id}`.execute(
        app.database.em().getKysely(),
      );
      return new Date(rows[0]!.last).toISOString() === touched.session.lastActivityAt;
    });
    expect((await shop.validate(sessionToken, false)).session).toEqual(touched.session);
  });

  test('activity keeps it alive to the absolute deadline and not beyond', async () => {
    const { sessionToken, session } = await shop.create();
    for (const minutes of [19, 19, 19]) {
      app.clock.advance(minutes * MINUTES);
      expect((await shop.validate(sessionToken)).valid).toBe(true);
    }
    expect(await shop.validate(sessionToken)).toMatchObject({
      secondsRemaining: 180,
      absoluteSecondsRemaining: 180,
      warning: true,
      session: { idleExpiresAt: session.absoluteExpiresAt },
    });
    app.clock.advance(3 * MINUTES);
    for (let n = 0; n < 2; n += 1) {
      const answer = await shop.validate(sessionToken);
      expect(answer).toMatchObject({
        valid: false,
        reason: 'ABSOLUTE',
        warning: false,
        secondsRemaining: null,
        absoluteSecondsRemaining: null,
        session: { endReason: 'ABSOLUTE_TIMEOUT', endedAt: session.absoluteExpiresAt },
      });
    }
    expect(await sessionEnd(app, session.id)).toEqual({
      ended_at: new Date(session.absoluteExpiresAt),
      end_reason: 'ABSOLUTE_TIMEOUT',
    });
  });

  test('at its idle deadline a session has expired; the end is recorded in the row, and the reason stays', async () => {
    const { sessionToken, session } = await shop.create();
    app.clock.advance(20 * MINUTES - 1);
    expect(await shop.validate(sessionToken, false)).toMatchObject({
      valid: true,
      warning: true,
      secondsRemaining: 0,
    });
    app.clock.advance(1);
    for (const minutes of [0, 1, 60]) {
      app.clock.advance(minutes * MINUTES);
      expect(await shop.validate(sessionToken)).toMatchObject({
        valid: false,
        reason: 'IDLE',
        session: { endReason: 'IDLE_TIMEOUT' },
      });
    }
    expect(await sessionEnd(app, session.id)).toEqual({
      ended_at: new Date(session.idleExpiresAt),
      end_reason: 'IDLE_TIMEOUT',
    });
  });

  test('with both deadlines past it is ABSOLUTE', async () => {
    const { sessionToken } = await shop.create();
    app.clock.advance(61 * MINUTES);
    expect((await shop.validate(sessionToken)).reason).toBe('ABSOLUTE');
  });

  test('warning begins with the lead of the nearer deadline', async () => {
    const { sessionToken } = await shop.create();
    app.clock.advance(15 * MINUTES - 1);
    expect((await shop.validate(sessionToken, false)).warning).toBe(false);
    app.clock.advance(1);
    expect((await shop.validate(sessionToken, false)).warning).toBe(true);
    expect((await shop.validate(sessionToken)).warning).toBe(false);
  });

  test.each([
    ['the back end', 'LOGOUT', async ({ sessionToken }: any) => void (await shop.end(sessionToken))],
    [
      'the owner',
      'REVOKED_BY_OWNER',
      async ({ session }: any) =>
        void (await owner.gql(`mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`, {
          id: session.id,
        })),
    ],
    [
      'everyone being signed out',
      'REVOKED_BY_OWNER',
      async () => void (await owner.gql(`mutation { revokeSessions(scope: OTHERS) { revokedCount } }`)),
    ],
    [
      'the user being deactivated',
      'USER_DEACTIVATED',
      async ({ session }: any) =>
        void (await owner.gql(SET_ACTIVE, { userId: session.user.id, isActive: false })),
    ],
    [
      'an applied policy',
      'POLICY_CHANGED',
      async () => {
        app.clock.advance(15 * MINUTES);
        owner = await account.owner.login();
        await owner.gql(
          `mutation { updateSessionPolicy(input: { idleMinutes: 10, absoluteMinutes: 60, apply: ACTIVE_SESSIONS }) { sessionPolicy { version } } }`,
        );
      },
    ],
  ])('ended by %s it is REVOKED at every check', async (_, endReason, end) => {
    const created = await shop.create();
    await end(created);
    for (const minutes of [0, 30, 60]) {
      app.clock.advance(minutes * MINUTES);
      expect(await shop.validate(created.sessionToken)).toMatchObject({
        valid: false,
        reason: 'REVOKED',
        warning: false,
        secondsRemaining: null,
        session: { id: created.session.id, endReason },
      });
    }
  });

  test('the session of an inactive user is REVOKED', async () => {
    const { sessionToken, session } = await shop.create();
    await sql`update users set is_active = false where id = ${session.user.id}`.execute(
      app.database.em().getKysely(),
    );
    expect(await shop.validate(sessionToken)).toMatchObject({
      valid: false,
      reason: 'REVOKED',
      session: { id: session.id },
    });
  });

  test.each([
    ['unknown', 'A'.repeat(43)],
    ['empty', ''],
    ['too long', 'A'.repeat(44)],
    ['huge', 'A'.repeat(60_000)],
    ['with a NUL', `${'A'.repeat(42)}\0`],
    ['not ASCII', '\u{1f512}'.repeat(43)],
    ['half a character', '\ud800'],
    ['a JWT', 'eyJhbGciOiJub25lIn0.e30.'],
  ])('a token that is %s: NOT_FOUND, and never an error', async (_, sessionToken) => {
    expect(await shop.validate(sessionToken)).toEqual(NOT_FOUND);
    expect(await shop.end(sessionToken)).toBe(false);
  });

  test('access token, refresh token and session id are not session tokens', async () => {
    for (const token of [owner.accessToken, owner.refreshToken, owner.sessionId])
      expect(await shop.validate(token)).toEqual(NOT_FOUND);
  });

  test('many at once: in order, duplicates included, by one read', async () => {
    const [one, two, three] = [await shop.create(), await shop.create(), await shop.create()];
    await shop.end(two.sessionToken);
    const tokens = [three, two, one, three].map(({ sessionToken }) => sessionToken);
    const input = ['rubbish', ...tokens].map((sessionToken) => ({ sessionToken }));
    const { data } = await shop.gql(VALIDATE_MANY, { input });
    expect(data.validateSessions.map(({ reason, session }: any) => [reason, session?.id])).toEqual([
      ['NOT_FOUND', undefined],
      [null, three.session.id],
      ['REVOKED', two.session.id],
      [null, one.session.id],
      [null, three.session.id],
    ]);
  });

  test('1 to 1000 at once', async () => {
    const { sessionToken } = await shop.create();
    const ask = (count: number) =>
      shop.gql(VALIDATE_MANY, { input: Array.from({ length: count }, () => ({ sessionToken })) });
    for (const count of [0, 1_001])
      expect((await ask(count)).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input',
        reason: 'OUT_OF_BOUNDS',
        min: 1,
        max: 1000,
      });
    for (const count of [1, 1_000]) {
      const { data } = await ask(count);
      expect(data.validateSessions).toHaveLength(count);
      expect(data.validateSessions.every(({ valid }: any) => valid)).toBe(true);
    }
  });
});
