import jwt from 'jsonwebtoken';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { connectKit } from '../client/server-kit.ts';
import { onPostgres } from '../databases.ts';
import type { ManualClock } from '../manual-clock.ts';
import type { Collector } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import {
  applyNow,
  dataOf,
  HOUR,
  readImpact,
  readPolicy,
  REVOKE_ALL,
  REVOKE_OTHERS,
  sessionRows,
} from '../policy/policy-calls.ts';
import { importSession } from '../refresh/session-rows.ts';
import { cancelBlockedStatement, holdLock, waitForBlockedStatement, type HeldLock } from '../row-locks.ts';
import { SESSION_EXPIRY, type SeededAccount, type SignedIn } from '../seed.ts';
import { introspect } from '../service-api/endpoint-calls.ts';
import { backEnd, END_USER_SESSIONS, USER_SESSIONS, type BackEnd } from '../service-api/service-calls.ts';
import { inRounds, RACE_TIMEOUT_MS, query, inParallel } from './race-app.ts';
import { startTwoNodes, SWEEP_MS, SWEEPING, type TwoNodes } from './two-nodes.ts';
import { waitUntil } from '../wait-until.ts';

// A revocation too large to apply with the answer (docs/decisions/018), with a batch of four.

const BATCH = 4;

const LOGOUT = 'mutation { logout { ended } }';
const TOUCH = 'mutation { touchSession { id } }';
const ME = '{ currentSession { id } }';
const REVOKE_ONE = 'mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';
const REVOKE_USER = 'mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }';
const LIST = `query ($status: SessionStatus, $userId: ID) { sessions(first: 100, status: $status, userId: $userId) {
  totalCount edges { node { id endedAt endReason } } } }`;
const FORECAST = '{ sessionExpiryForecast { idle absolute } }';

const REVOKED = { endReason: 'REVOKED_BY_OWNER' };

onPostgres(() => {
  let nodes: TwoNodes;
  let app: TestApp;
  /** Another node without messages from the first. */
  let other: TestApp;
  let clock: ManualClock;
  beforeAll(async () => {
    nodes = await startTwoNodes({ revocationBatchSize: BATCH, otherEnv: SWEEPING });
    ({ app, other } = nodes);
    ({ clock } = app);
  });
  afterAll(() => nodes.close());

  interface Crowd {
    account: SeededAccount;
    owner: SignedIn;
    member: SignedIn;
    service: BackEnd;
    /** Of service users, the latest sign-in last. */
    sessions: { sessionToken: string; session: any }[];
  }

  /** An account whose owner, one member and `strangers` others are signed in, once each. */
  async function seedCrowd(strangers: number): Promise<Crowd> {
    const account = await app.seed.account();
    const person = await account.addUser();
    const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    const [owner, member] = [await account.owner.login(), await person.login()];
    const sessions: Crowd['sessions'] = [];
    for (let n = 0; n < strangers; n += 1) {
      clock.advance(1);
      sessions.push(await service.create());
    }
    return { account, owner, member, service, sessions };
  }

  const hold = (statement: string, values: unknown[] = []): Promise<HeldLock> =>
    holdLock(nodes.databaseUrl, statement, values);
  const waitForBlocked = (text: string): Promise<void> => waitForBlockedStatement(nodes.databaseUrl, text);

  /** Runs `play` between the revocation of an account and its application to the first row. */
  async function whilePending<T>({ sessions }: Crowd, play: () => Promise<T>): Promise<T> {
    // The worker stops at this row.
    const lock = await hold('select from sessions where id = $1 for update', [sessions.at(-1)!.session.id]);
    return play().finally(() => lock.release());
  }

  const countPendingRevocations = async ({ account }: Crowd): Promise<number> =>
    (await query(app, sql`select from account_revocations where account_id = ${account.id}`)).length;
  const waitUntilApplied = (all: Crowd): Promise<void> =>
    waitUntil(async () => (await countPendingRevocations(all)) === 0);

  const rowsOf = ({ account }: Crowd) => sessionRows(app, account.id);
  /** Number of rows per end reason. */
  async function countByEndReason(all: Crowd): Promise<Record<string, number>> {
    const ends = Map.groupBy(await rowsOf(all), ({ end_reason }) => end_reason ?? 'none');
    return Object.fromEntries([...ends].map(([reason, rows]) => [reason, rows.length]));
  }

  async function revoke(who: SignedIn, mutation: string): Promise<number> {
    return dataOf(await who.gql(mutation)).revokeSessions.revokedCount;
  }

  /** All answers about the ended sessions, at either node. */
  async function everyAnswer({ owner, member, service, sessions }: Crowd, asker: SignedIn) {
    const { sessionToken, session } = sessions[0]!;
    const answers: unknown[] = [];
    for (const node of [app, other]) {
      const as = (who: SignedIn, document: string, variables = {}) =>
        node.gql(document, variables, { token: who.accessToken });
      const elsewhere = backEnd(node, service.key);
      for (const who of [owner, member]) {
        for (const document of [ME, TOUCH]) answers.push(await as(who, document));
        answers.push(await node.gql(REFRESH_SESSION, { input: { refreshToken: who.refreshToken } }));
        answers.push(await introspect(node, service.key, who.accessToken));
        answers.push(await introspect(node, service.key, who.refreshToken));
        answers.push(await as(who, LOGOUT));
      }
      for (const touch of [true, false]) answers.push(await elsewhere.validate(sessionToken, touch));
      answers.push(await elsewhere.end(sessionToken));
      answers.push(await introspect(node, service.key, sessionToken));
      const user = { userId: session.user.id };
      answers.push(await elsewhere.gql(USER_SESSIONS, user));
      answers.push(await elsewhere.gql(END_USER_SESSIONS, { input: user }));
      answers.push(await as(asker, REVOKE_ONE, { id: session.id }));
      answers.push(await as(asker, REVOKE_USER, { id: user.userId }));
      for (const status of ['ACTIVE', 'ENDED']) answers.push(await as(asker, LIST, { status }));
      answers.push(await as(asker, FORECAST));
    }
    answers.push(await readImpact(asker, { idleMinutes: 10, absoluteMinutes: 30 }));
    const { activeUserCount, activeUsers } = await readPolicy(asker);
    answers.push(
      activeUserCount,
      activeUsers.map(({ userId }: { userId: string }) => userId),
    );
    return answers.map((answer) => JSON.parse(JSON.stringify(answer)));
  }

  test('a large revocation takes effect with the answer, on every node, before any row is updated, and stays in effect', async () => {
    const all = await seedCrowd(8);
    const { account, owner, member, service, sessions } = all;
    const ids = [owner.sessionId, member.sessionId, ...sessions.map(({ session }) => session.id)];
    const { newborn, now, before } = await whilePending(all, async () => {
      const now = clock.now();
      expect(await revoke(owner, REVOKE_ALL)).toBe(10);
      expect(await countByEndReason(all)).toEqual({ none: 10 });

      const newborn = await account.owner.login();
      clock.advance(1000);
      const before = await everyAnswer(all, newborn);
      for (const node of [app, other]) {
        for (const who of [owner, member]) {
          const refused = { code: 'UNAUTHENTICATED', extensions: { ...REVOKED, endedAt: now.toISOString() } };
          for (const document of [ME, TOUCH])
            expect(await node.gql(document, {}, { token: who.accessToken })).toMatchObject(refused);
          const refreshed = await node.gql(REFRESH_SESSION, { input: { refreshToken: who.refreshToken } });
          expect(refreshed).toMatchObject({ code: 'INVALID_REFRESH_TOKEN', extensions: REVOKED });
          expect(await introspect(node, service.key, who.accessToken)).toEqual({ active: false });
        }
        for (const { sessionToken } of sessions)
          expect(await backEnd(node, service.key).validate(sessionToken)).toMatchObject({
            valid: false,
            reason: 'REVOKED',
            session: { endedAt: now.toISOString(), ...REVOKED },
          });
      }
      expect(await service.end(sessions[0]!.sessionToken)).toBe(false);
      const list = async (status: string) => dataOf(await newborn.gql(LIST, { status })).sessions;
      expect((await list('ACTIVE')).edges.map(({ node }: any) => node.id)).toEqual([newborn.sessionId]);
      expect((await list('ENDED')).edges.map(({ node }: any) => node.id).toSorted()).toEqual(ids.toSorted());
      expect((await readPolicy(newborn)).activeUserCount).toBe(1);
      const wide = { idleMinutes: null, absoluteMinutes: null };
      expect(await readImpact(newborn, wide)).toMatchObject({ activeSessions: 1 });
      expect(await countByEndReason(all)).toEqual({ none: 11 });
      return { newborn, now, before };
    });

    await waitUntilApplied(all);
    expect(await everyAnswer(all, newborn)).toEqual(before);
    const rows = await rowsOf(all);
    expect(rows.filter(({ id }) => id !== newborn.sessionId)).toMatchObject(
      ids.map(() => ({ ended_at: now, end_reason: 'REVOKED_BY_OWNER' })),
    );
    expect((await newborn.gql(ME)).errors).toBeUndefined();
    expect(await revoke(newborn, REVOKE_ALL)).toBe(1);
  });

  test('connected clients get the reason on every node before any row is updated', async () => {
    const all = await seedCrowd(BATCH);
    await query(
      app,
      sql`update sessions set idle_expires_at = ${clock.now()}::timestamptz + interval '200 seconds'
        where account_id = ${all.account.id}`,
    );
    const follow = (node: TestApp): Collector[] =>
      [all.owner, all.member].map(({ accessToken }) => node.subscribe(SESSION_EXPIRY, { accessToken }));
    const [here, there] = [follow(app), follow(other)];
    // It has begun once it has warned.
    for (const expiry of [...here, ...there]) expect(await expiry.next()).toMatchObject({ kind: 'WARNING' });
    const told = { kind: 'REVOKED', ...REVOKED, expiresAt: clock.now().toISOString() };
    await whilePending(all, async () => {
      expect(await revoke(all.owner, REVOKE_ALL)).toBe(BATCH + 2);
      for (const expiry of here) expect(await expiry.next()).toMatchObject(told);
      // Nothing was sent there: it polls.
      clock.advance(2_000);
      for (const expiry of there) expect(await expiry.next()).toMatchObject(told);
      for (const { closed } of [...here, ...there])
        expect(await closed).toEqual({ code: 4401, reason: 'REVOKED_BY_OWNER' });
      expect(await countByEndReason(all)).toEqual({ none: BATCH + 2 });
    });
    await waitUntilApplied(all);
  });

  test('OTHERS, ALL, and a repeat of each before anything is applied: each session is counted and ended once', async () => {
    const all = await seedCrowd(8);
    const owners = await inParallel(5, () => all.account.owner.login());
    const first = clock.now();
    const { second, last } = await whilePending(all, async () => {
      expect(await revoke(all.owner, REVOKE_OTHERS)).toBe(9);
      clock.advance(1000);
      expect(await revoke(all.owner, REVOKE_OTHERS)).toBe(0);
      clock.advance(1000);
      const second = clock.now();
      expect(await revoke(owners[0]!, REVOKE_ALL)).toBe(6);
      clock.advance(1000);
      const last = await all.account.owner.login();
      expect(await revoke(last, REVOKE_OTHERS)).toBe(0);
      expect(await countPendingRevocations(all)).toBe(2);
      expect(await all.service.validate(all.sessions[0]!.sessionToken)).toMatchObject({
        session: { endedAt: first.toISOString() },
      });
      return { second, last };
    });
    await waitUntilApplied(all);
    const rows = await rowsOf(all);
    const endOf = (id: string) => rows.find((row) => row.id === id)!.ended_at;
    expect(await countByEndReason(all)).toEqual({ none: 1, REVOKED_BY_OWNER: 15 });
    expect(endOf(last.sessionId)).toBeNull();
    for (const { sessionId } of [all.owner, ...owners]) expect(endOf(sessionId)).toEqual(second);
    for (const { session } of all.sessions) expect(endOf(session.id)).toEqual(first);
    expect(
      await query(
        app,
        sql`select details from audit_events where account_id = ${all.account.id}
          and action = 'account.sessions_revoked_bulk' order by created_at`,
      ),
    ).toEqual(
      [
        { scope: 'others', revoked_count: 9 },
        { scope: 'others', revoked_count: 0 },
        { scope: 'all', revoked_count: 6 },
        { scope: 'others', revoked_count: 0 },
      ].map((details) => ({ details })),
    );
  });

  test('a deadline or a policy before the revocation is applied changes no end, and activity moves nothing', async () => {
    const all = await seedCrowd(8);
    // Buffered, and written a second later.
    for (const { sessionToken } of all.sessions) await all.service.validate(sessionToken);
    const [over, ...others] = all.sessions;
    await query(
      app,
      sql`update sessions set idle_expires_at = case when id = ${over!.session.id} then ${clock.now()}::timestamptz else idle_expires_at end,
        next_check_at = ${clock.now()} where account_id = ${all.account.id}`,
    );
    const before = await rowsOf(all);
    const now = clock.now();
    const newborn = await whilePending(all, async () => {
      expect(await revoke(all.owner, REVOKE_ALL)).toBe(9);
      const newborn = await all.account.owner.login();
      clock.advance(2_000);
      await applyNow(newborn, 10, 30);
      for (const { sessionToken } of others)
        expect(await all.service.validate(sessionToken)).toMatchObject({ reason: 'REVOKED' });
      clock.advance(HOUR * 24 * 4);
      clock.advance(SWEEP_MS);
      for (const { sessionToken } of others)
        expect(await all.service.validate(sessionToken)).toMatchObject({ reason: 'REVOKED' });
      // Past its deadline when the account was revoked: never revoked, and recorded at the next look.
      expect(await all.service.validate(over!.sessionToken)).toMatchObject({ reason: 'IDLE' });
      expect(await countByEndReason(all)).toEqual({ none: 10, IDLE_TIMEOUT: 1 });
      return newborn;
    });
    await waitUntilApplied(all);
    const rows = (await rowsOf(all)).filter(({ id }) => id !== newborn.sessionId);
    expect(rows).toEqual(
      before.map((row) =>
        row.id === over!.session.id
          ? { ...row, ended_at: now, end_reason: 'IDLE_TIMEOUT' }
          : { ...row, ended_at: now, end_reason: 'REVOKED_BY_OWNER' },
      ),
    );
  });

  test('the count is exact when sessions end or expire between the count and the commit', async () => {
    const [all, elsewhere] = [await seedCrowd(8), await seedCrowd(1)];
    const soon = new Date(clock.now().getTime() + 1000);
    const due = (seconds: number, { id }: { id: string }) =>
      query(
        app,
        sql`update sessions set idle_expires_at = ${soon}, next_check_at = ${soon}::timestamptz + ${seconds}::int * interval '1 second'
          where account_id = ${id} and token_hash is not null`,
      );
    await due(0, all.account);
    await due(1, elsewhere.account);

    const lock = await hold('lock table audit_events in share mode');
    const revoked = revoke(all.owner, REVOKE_ALL);
    await waitForBlocked('insert into audit_events');
    const leaving = all.member.gql(LOGOUT);
    clock.advance(SWEEP_MS);
    for (const { sessionToken } of all.sessions)
      expect(await all.service.validate(sessionToken)).toMatchObject({ valid: false, reason: 'IDLE' });
    // The sweep has run.
    await waitUntil(async () => 'IDLE_TIMEOUT' in (await countByEndReason(elsewhere)));
    await lock.release();

    expect(await revoked).toBe(10);
    expect((await leaving).data.logout).toEqual({ ended: false });
    await waitUntilApplied(all);
    expect(await countByEndReason(all)).toEqual({ REVOKED_BY_OWNER: 10 });
  });

  test('an imported session created before the revocation is applied is not revoked', async () => {
    const all = await seedCrowd(BATCH);
    const jti = randomUUID();
    const exp = Math.floor(clock.now().getTime() / 1000) + 300;
    const [secret] = app.config.tokens.refreshSecrets!;
    const refreshToken = jwt.sign({ sub: all.account.owner.id, jti, type: 'refresh', exp }, secret!, {
      noTimestamp: true,
    });
    await whilePending(all, async () => {
      expect(await revoke(all.owner, REVOKE_ALL)).toBe(BATCH + 2);
      await importSession(app, all.account.owner, jti, new Date(exp * 1000));
      const refreshed = await app.gql(REFRESH_SESSION, { input: { refreshToken } });
      expect(refreshed.data.refreshSession.session).toEqual({ id: jti });
    });
    await waitUntilApplied(all);
    expect(await countByEndReason(all)).toEqual({ none: 1, REVOKED_BY_OWNER: BATCH + 2 });
  });

  test('a revocation of one batch is applied with the answer and never pending', async () => {
    const revocationEpochs = async ({ account }: Crowd) =>
      query(
        app,
        sql`select revocation_epoch, applied_revocation_epoch from accounts where id = ${account.id}`,
      );
    const few = await seedCrowd(BATCH - 2);
    expect(await revoke(few.owner, REVOKE_ALL)).toBe(BATCH);
    expect(await countByEndReason(few)).toEqual({ REVOKED_BY_OWNER: BATCH });
    expect(await revocationEpochs(few)).toEqual([{ revocation_epoch: 0, applied_revocation_epoch: 0 }]);

    const many = await seedCrowd(BATCH - 1);
    expect(await revoke(many.owner, REVOKE_ALL)).toBe(BATCH + 1);
    await waitUntilApplied(many);
    expect(await countByEndReason(many)).toEqual({ REVOKED_BY_OWNER: BATCH + 1 });
    expect(await revocationEpochs(many)).toEqual([{ revocation_epoch: 1, applied_revocation_epoch: 1 }]);
  });

  test('a back end with local token checks asks again, with or without a message to its node', async () => {
    const all = await seedCrowd(6);
    const kits = [app, other].map(({ url }) =>
      connectKit({
        url,
        issuer: app.url,
        serviceKey: all.service.key,
        now: () => clock.now().getTime(),
      }),
    );
    const check = () => Promise.all(kits.map(({ curfew }) => curfew.check(all.member.accessToken)));
    try {
      await Promise.all(kits.map(({ curfew }) => curfew.following()));
      expect(await check()).toEqual([
        expect.objectContaining({ state: 'live' }),
        expect.objectContaining({ state: 'live' }),
      ]);
      await whilePending(all, async () => {
        await revoke(all.owner, REVOKE_ALL);
        await waitUntil(async () => {
          clock.advance(100);
          return (await check()).every(({ state }) => state === 'refused');
        });
        expect(await countByEndReason(all)).toEqual({ none: 8 });
      });
    } finally {
      for (const { curfew } of kits) curfew.close();
    }
    await waitUntilApplied(all);
  });

  test('the sweep of one node applies what another left pending', async () => {
    const all = await seedCrowd(8);
    await whilePending(all, async () => {
      expect(await revoke(all.owner, REVOKE_ALL)).toBe(10);
      await cancelBlockedStatement(nodes.databaseUrl, 'picked');
    });
    expect(await countByEndReason(all)).toEqual({ none: 10 });
    expect(await countPendingRevocations(all)).toBe(1);
    const now = clock.now();
    clock.advance(SWEEP_MS);
    await waitUntilApplied(all);
    expect(await rowsOf(all)).toMatchObject(
      Array.from({ length: 10 }, () => ({ ended_at: now, end_reason: 'REVOKED_BY_OWNER' })),
    );
  });

  test(
    'simultaneous sign-outs of users and of the account count each end once',
    async () => {
      const lane = async () => seedCrowd(0);
      await inRounds(40, 2, lane, async ({ account, service }) => {
        const owner = await account.owner.login();
        const people = await inParallel(8, () => account.owner.login());
        const guests = await inParallel(8, () => service.create());
        let left = 0;
        const leaving = Promise.all([
          ...people.map(async (who) => {
            const { data } = await who.gql(LOGOUT);
            if (data?.logout.ended) left += 1;
          }),
          ...guests.map(async ({ sessionToken }) => {
            if (await service.end(sessionToken)) left += 1;
          }),
        ]);
        const revoked = await revoke(owner, REVOKE_ALL);
        await leaving;
        // The lane's own two sessions have ended in the first round.
        expect([17, 19]).toContain(left + revoked);
        await waitUntilApplied({ account } as Crowd);
        const kept = await query(
          app,
          sql`select from live_sessions(${clock.now()}::timestamptz) s where s.account_id = ${account.id}`,
        );
        expect(kept).toEqual([]);
      });
    },
    RACE_TIMEOUT_MS,
  );
});

const REFRESH_SESSION = `mutation Refresh($input: RefreshSessionInput) { refreshSession(input: $input) { session { id } } }`;
