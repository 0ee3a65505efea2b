import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { LOGOUT, RESET_PASSWORD, SET_PASSWORD, tokenOf } from '../accounts/account-calls.ts';
import { onEachDatabase } from '../databases.ts';
import { untilGauge } from '../expiry/raw-socket.ts';
import type { TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { growth, scrape } from '../monitoring/scrape.ts';
import { importSession } from '../refresh/session-rows.ts';
import type { Person, SignedIn } from '../seed.ts';
import { startApp } from '../harness.ts';
import { backEnd, CREATE_SESSION } from '../service-api/service-calls.ts';
import { applyNow, auditRows, dataOf, HOUR, MINUTE, sessionRows } from './policy-calls.ts';
import { rule, saveRules } from './rules-calls.ts';

const DEVICE = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
const TOUCH = 'mutation { touchSession { id } }';

onEachDatabase((database) => {
  let app: TestApp;
  const log = collectLog();
  beforeAll(async () => {
    app = await startApp({
      database,
      logger: log.logger,
      // A policy for more than two sessions is pending for a second.
      revocationBatchSize: 2,
      env: { ACCESS_TOKEN_TTL_SECONDS: '10000000', SESSION_SWEEP_SECONDS: '86400' },
    });
  });
  afterAll(() => app.close());

  async function seedLimited(maxSessionsPerUser: number | null, sessionLimitAction?: string) {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    await saveRules(owner, { maxSessionsPerUser, sessionLimitAction });
    return { account, owner, person: await account.addUser() };
  }
  async function signIn(person: Person, times: number): Promise<SignedIn[]> {
    const sessions: SignedIn[] = [];
    for (let n = 0; n < times; n += 1) {
      app.clock.advance(MINUTE);
      sessions.push(await person.login({}, { headers: { 'user-agent': DEVICE } }));
    }
    return sessions;
  }
  /** Everything that a refused sign-in leaves as it was. */
  async function stateOf(person: Person): Promise<unknown> {
    const { rows } = await sql`
      select (select jsonb_agg(to_jsonb(s) order by s.id) from sessions s where s.account_id = ${person.accountId}) as sessions,
        (select jsonb_agg(to_jsonb(u) order by u.id) from users u where u.account_id = ${person.accountId}) as users,
        (select count(*)::int from audit_events where account_id = ${person.accountId}) as events`.execute(
      app.database.em().getKysely(),
    );
    return JSON.parse(JSON.stringify(rows[0]));
  }
  async function expectUnchanged<T>(person: Person, refused: () => Promise<T>): Promise<T> {
    const before = await stateOf(person);
    const answer = await refused();
    expect(await stateOf(person)).toEqual(before);
    return answer;
  }
  const endsOf = async ({ accountId }: Person) =>
    new Map(
      (await sessionRows(app, accountId, 'effective_sessions')).map(({ id, end_reason }) => [id, end_reason]),
    );
  const idsOf = (sessions: readonly SignedIn[]) => sessions.map(({ sessionId }) => sessionId);
  const REACHED = { code: 'SESSION_LIMIT_REACHED' };

  describe('DENY', () => {
    test('refuses one more and changes nothing; that is what a maximum without an action does', async () => {
      const { person } = await seedLimited(2);
      await signIn(person, 2);
      app.clock.advance(MINUTE);
      const refused = await expectUnchanged(person, () => person.tryLogin());
      expect(refused.extensions).toEqual({ ...REACHED, limit: 2 });
      // Of another user nothing was said.
      expect((await (await seedLimited(2)).person.tryLogin()).errors).toBeUndefined();
    });

    test('judges the credentials first', async () => {
      const { person } = await seedLimited(1, 'ASK');
      const [only] = await signIn(person, 1);
      const wrong = await person.tryLogin({
        password: 'wrong password',
        endSessionIds: [only!.sessionId],
      });
      expect(wrong.extensions).toEqual({ code: 'INVALID_CREDENTIALS' });
      expect((await endsOf(person)).get(only!.sessionId)).toBeNull();
    });

    test('counts no session that has ended or expired, whether or not its row says so', async () => {
      const { person } = await seedLimited(1);
      const [first] = await signIn(person, 1);
      await first!.gql(LOGOUT);
      const [second] = await signIn(person, 1);
      const idle = Date.parse(second!.payload.idleExpiresAt) - app.clock.now().getTime();
      app.clock.advance(idle - 1);
      expect((await person.tryLogin()).extensions).toMatchObject(REACHED);
      app.clock.advance(1);
      const expiredAt = app.clock.now();
      const before = await scrape(app);
      await signIn(person, 1);
      const row = (await sessionRows(app, person.accountId)).find(({ id }) => id === second!.sessionId);
      expect(row).toMatchObject({ end_reason: 'IDLE_TIMEOUT', ended_at: expiredAt });
      const series = 'curfew_sessions_ended_total{reason="IDLE_TIMEOUT"}';
      expect(await growth(app, before, [series])).toEqual({ [series]: 1 });
    });

    test('counts no session that a policy has ended, before it is in its row', async () => {
      const { account, person } = await seedLimited(1);
      await signIn(person, 1);
      const others = [await account.addUser(), await account.addUser()];
      app.clock.advance(2 * HOUR);
      await Promise.all(others.map((other) => other.login()));
      const owner = await (await account.addUser('OWNER')).login();
      await applyNow(owner, 60, 600);
      await signIn(person, 1);
      expect((await person.tryLogin()).extensions).toMatchObject(REACHED);
    });

    test('counts neither the session that the sign-in replaces nor those of other users', async () => {
      const { person } = await seedLimited(1);
      const cookieLogin = (cookie?: string) => person.tryLogin({ transport: 'COOKIE' }, { cookie });
      const first = await cookieLogin();
      expect((await cookieLogin()).extensions).toMatchObject(REACHED);
      const again = await cookieLogin(first.cookie!);
      expect(again.errors).toBeUndefined();
      expect((await endsOf(person)).get(first.data.login.session.id)).toBe('REPLACED');
      // The cookie of a colleague's session replaces that one, and makes no room for this user.
      const colleague = await (await seedLimited(null)).person.tryLogin({ transport: 'COOKIE' });
      expect((await cookieLogin(colleague.cookie!)).extensions).toMatchObject(REACHED);
    });

    test('a maximum that is lowered ends nothing by itself', async () => {
      const { owner, person } = await seedLimited(null);
      const sessions = await signIn(person, 3);
      await saveRules(owner, { maxSessionsPerUser: 1, apply: 'ACTIVE_SESSIONS' });
      const ends = await endsOf(person);
      for (const id of idsOf(sessions)) expect(ends.get(id)).toBeNull();
      expect((await person.tryLogin()).extensions).toEqual({ ...REACHED, limit: 1 });
      await saveRules(owner, { maxSessionsPerUser: 4 });
      expect((await person.tryLogin()).errors).toBeUndefined();
    });

    test('does not refuse a link that sets a password, which ends every other session', async () => {
      const { owner, person } = await seedLimited(1);
      const [before] = await signIn(person, 1);
      const { setPasswordUrl } = dataOf(
        await owner.gql(RESET_PASSWORD, { userId: person.id }),
      ).resetUserPassword;
      const input = { token: tokenOf(setPasswordUrl), newPassword: 'a much better password' };
      expect((await app.gql(SET_PASSWORD, { input })).errors).toBeUndefined();
      expect((await endsOf(person)).get(before!.sessionId)).toBe('PASSWORD_CHANGED');
    });

    test('does not refuse an import, whose sessions count from then on', async () => {
      const { person } = await seedLimited(1);
      await importSession(app, person, randomUUID(), new Date(app.clock.now().getTime() + HOUR));
      await importSession(app, person, randomUUID(), new Date(app.clock.now().getTime() + HOUR));
      expect((await person.tryLogin()).extensions).toMatchObject(REACHED);
    });

    test('leaves a line in the security log and a refused sign-in in the metrics', async () => {
      const { person } = await seedLimited(1);
      await signIn(person, 1);
      log.lines.length = 0;
      const series = 'curfew_sign_ins_total{method="password",outcome="refused"}';
      const before = await scrape(app);
      await person.tryLogin();
      expect(await growth(app, before, [series])).toEqual({ [series]: 1 });
      expect(log.lines.filter(({ part }) => part === 'security')).toMatchObject([
        {
          event: 'session_limit.reached',
          outcome: 'refused',
          field: 'login',
          reason: 'DENY',
          userId: person.id,
          accountId: person.accountId,
        },
      ]);
    });
  });

  describe('END_OLDEST', () => {
    test('ends the least recently active session, tells it, and records it as a single end', async () => {
      const { person } = await seedLimited(3, 'END_OLDEST');
      const [used, oldest, newest] = await signIn(person, 3);
      app.clock.advance(MINUTE);
      await used!.gql(TOUCH);
      const heard = oldest!.expiry();
      await untilGauge(app, 'curfew_watched_sessions', 1);
      const [fourth] = await signIn(person, 1);
      expect(await heard.next()).toMatchObject({ kind: 'REVOKED', endReason: 'SESSION_LIMIT' });
      expect((await oldest!.gql(TOUCH)).extensions).toMatchObject({
        code: 'UNAUTHENTICATED',
        endReason: 'SESSION_LIMIT',
      });
      const ends = await endsOf(person);
      expect(ends.get(oldest!.sessionId)).toBe('SESSION_LIMIT');
      for (const id of idsOf([used!, newest!, fourth!])) expect(ends.get(id)).toBeNull();
      expect(await auditRows(app, person.accountId, 'session.ended')).toMatchObject([
        {
          actor_id: person.id,
          resource_type: 'session',
          resource_id: oldest!.sessionId,
          details: { reason: 'SESSION_LIMIT', user_id: person.id },
        },
      ]);
    });

    test('ends as many as it takes, and needs no choice', async () => {
      const { owner, person } = await seedLimited(null);
      const sessions = await signIn(person, 5);
      await saveRules(owner, { maxSessionsPerUser: 2, sessionLimitAction: 'END_OLDEST' });
      app.clock.advance(MINUTE);
      const last = await person.login({ endSessionIds: [sessions[4]!.sessionId] });
      const ends = await endsOf(person);
      expect(idsOf(sessions).map((id) => ends.get(id))).toEqual([
        ...Array.from({ length: 4 }, () => 'SESSION_LIMIT'),
        null,
      ]);
      expect(ends.get(last.sessionId)).toBeNull();
      expect(await auditRows(app, person.accountId, 'session.ended')).toHaveLength(4);
    });

    test('ends none where the session that is replaced makes the room', async () => {
      const { person } = await seedLimited(2, 'END_OLDEST');
      const [other] = await signIn(person, 1);
      const mine = await person.tryLogin({ transport: 'COOKIE' });
      await person.tryLogin({ transport: 'COOKIE' }, { cookie: mine.cookie! });
      const ends = await endsOf(person);
      expect(ends.get(other!.sessionId)).toBeNull();
      expect(ends.get(mine.data.login.session.id)).toBe('REPLACED');
    });

    test('writes a pending policy into the sessions first: those that it has ended keep that end', async () => {
      const { account, person } = await seedLimited(2, 'END_OLDEST');
      const [past] = await signIn(person, 1);
      app.clock.advance(2 * HOUR);
      const [first, second] = [...(await signIn(person, 1)), await account.owner.login()];
      const caller = await (await account.addUser('OWNER')).login();
      await saveRules(caller, {
        idleMinutes: 60,
        absoluteMinutes: 600,
        rules: [rule('MEMBER', null, 30, 600)],
        maxSessionsPerUser: 1,
        apply: 'ACTIVE_SESSIONS',
      });
      await signIn(person, 1);
      const ends = await endsOf(person);
      expect(ends.get(past!.sessionId)).toBe('POLICY_CHANGED');
      expect(ends.get(first!.sessionId)).toBe('SESSION_LIMIT');
      expect(ends.get(second!.sessionId)).toBeNull();
      const row = (await sessionRows(app, account.id)).find(({ id }) => id === first!.sessionId);
      expect(row).toMatchObject({ idle_seconds: 1800, absolute_seconds: 36_000 });
    });
  });

  describe('ASK', () => {
    test('refuses with the list, the least recently active first', async () => {
      const { person } = await seedLimited(2, 'ASK');
      const [one, two] = await signIn(person, 2);
      app.clock.advance(MINUTE);
      await one!.gql(TOUCH);
      const touchedAt = app.clock.now().toISOString();
      const refused = await expectUnchanged(person, () => person.tryLogin());
      expect(refused.extensions).toEqual({
        ...REACHED,
        limit: 2,
        sessions: [
          {
            id: two!.sessionId,
            device: 'Firefox on Windows',
            appType: 'CONTROL_PANEL',
            lastActivityAt: two!.payload.session.lastActivityAt,
          },
          {
            id: one!.sessionId,
            device: 'Firefox on Windows',
            appType: 'CONTROL_PANEL',
            lastActivityAt: touchedAt,
          },
        ],
      });
    });

    test('ends the chosen ones and signs in, also more than it takes', async () => {
      const { person } = await seedLimited(3, 'ASK');
      const [one, two, three] = await signIn(person, 3);
      const heard = two!.expiry();
      await untilGauge(app, 'curfew_watched_sessions', 1);
      app.clock.advance(MINUTE);
      const next = await person.login({ endSessionIds: [two!.sessionId, three!.sessionId, two!.sessionId] });
      expect(await heard.next()).toMatchObject({ kind: 'REVOKED', endReason: 'SESSION_LIMIT' });
      const ends = await endsOf(person);
      expect(idsOf([one!, two!, three!, next]).map((id) => ends.get(id))).toEqual([
        null,
        'SESSION_LIMIT',
        'SESSION_LIMIT',
        null,
      ]);
      const rows = await auditRows(app, person.accountId, 'session.ended');
      expect(rows.map(({ resource_id }) => resource_id).toSorted()).toEqual(idsOf([two!, three!]).toSorted());
    });

    test('refuses again where they are not enough, and then nothing ends', async () => {
      const { owner, person } = await seedLimited(null);
      const [one, two, three] = await signIn(person, 3);
      await saveRules(owner, { maxSessionsPerUser: 2, sessionLimitAction: 'ASK' });
      const refused = await expectUnchanged(person, () =>
        person.tryLogin({ endSessionIds: [one!.sessionId] }),
      );
      expect(refused.extensions).toMatchObject({ ...REACHED, limit: 2 });
      expect(refused.extensions.sessions).toHaveLength(3);
      expect((await person.tryLogin({ endSessionIds: idsOf([one!, three!]) })).errors).toBeUndefined();
      expect((await endsOf(person)).get(two!.sessionId)).toBeNull();
    });

    test('ignores what is not a live session of that user', async () => {
      const { account, person } = await seedLimited(1, 'ASK');
      const [only] = await signIn(person, 1);
      const colleague = await (await account.addUser()).login();
      const stranger = await (await app.seed.account()).owner.login();
      const [ended] = await signIn((await seedLimited(null)).person, 1);
      const others = [...idsOf([colleague, stranger, ended!]), randomUUID(), '', 'x'.repeat(500), '\ud800'];
      const refused = await expectUnchanged(person, () => person.tryLogin({ endSessionIds: others }));
      expect(refused.extensions).toMatchObject(REACHED);
      expect((await person.tryLogin({ endSessionIds: [...others, only!.sessionId] })).errors).toBeUndefined();
      for (const { gql } of [colleague, stranger])
        expect((await gql('{ currentSession { id } }')).errors).toBeUndefined();
    });

    test('ends nothing where the sign-in fits, and nothing under another action', async () => {
      const { owner, person } = await seedLimited(2, 'ASK');
      const [one] = await signIn(person, 1);
      const chosen = { endSessionIds: [one!.sessionId] };
      await person.login(chosen);
      expect((await endsOf(person)).get(one!.sessionId)).toBeNull();
      await saveRules(owner, { sessionLimitAction: 'DENY' });
      const refused = await expectUnchanged(person, () => person.tryLogin(chosen));
      expect(refused.extensions).toEqual({ ...REACHED, limit: 2 });
    });

    test('takes at most 100 ids', async () => {
      const { person } = await seedLimited(1, 'ASK');
      const [only] = await signIn(person, 1);
      const ids = (count: number) => [
        only!.sessionId,
        ...Array.from({ length: count - 1 }, () => randomUUID()),
      ];
      expect((await person.tryLogin({ endSessionIds: ids(101) })).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'endSessionIds',
        reason: 'OUT_OF_BOUNDS',
        max: 100,
      });
      expect((await person.tryLogin({ endSessionIds: ids(100) })).errors).toBeUndefined();
    });
  });

  describe('a session of a service', () => {
    const seedService = async (max: number, action: string) => {
      const { account, person } = await seedLimited(max, action);
      const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
      const create = () => service.gql(CREATE_SESSION, { input: { userId: person.id } });
      return { service, person, create };
    };

    test.each(['DENY', 'ASK'])('is refused under %s, without a list', async (action) => {
      const { person, create } = await seedService(1, action);
      expect((await create()).errors).toBeUndefined();
      const refused = await expectUnchanged(person, create);
      expect(refused.extensions).toEqual({ ...REACHED, limit: 1 });
    });

    test('ends the least recently active one under END_OLDEST, in the name of the key', async () => {
      const { service, person, create } = await seedService(1, 'END_OLDEST');
      const first = dataOf(await create()).createSession;
      app.clock.advance(MINUTE);
      await create();
      expect(await service.validate(first.sessionToken)).toMatchObject({
        valid: false,
        reason: 'REVOKED',
        session: { endReason: 'SESSION_LIMIT' },
      });
      expect(await auditRows(app, person.accountId, 'session.ended')).toMatchObject([
        { actor_id: null, actor_name: 'back end', details: { reason: 'SESSION_LIMIT' } },
      ]);
    });
  });
});
