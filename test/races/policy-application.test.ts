import { sql } from 'kysely';
import { onPostgres } from '../databases.ts';
import type { ManualClock } from '../manual-clock.ts';
import type { Collector } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import {
  applyNow,
  dataOf,
  HOUR,
  MINUTE,
  readImpact,
  readPolicy,
  REVOKE_ALL,
  sessionRows,
} from '../policy/policy-calls.ts';
import { untilGauge } from '../expiry/raw-socket.ts';
import { holdLock } from '../row-locks.ts';
import { claimsOf, REFRESH, SESSION_EXPIRY, type SeededAccount, type SignedIn } from '../seed.ts';
import { introspect } from '../service-api/endpoint-calls.ts';
import { backEnd, USER_SESSIONS, type BackEnd } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import { query } from './race-app.ts';
import {
  countPendingPolicies,
  startTwoNodes,
  SWEEP_MS,
  SWEEPING,
  type TwoNodes,
  whileUnwritten,
} from './two-nodes.ts';

// A policy applied to more sessions than are written with the answer (docs/decisions/037), with a batch of four.

const BATCH = 4;

const TOUCH = 'mutation { touchSession { id idleMinutes idleExpiresAt } }';
const ME = '{ currentSession { id idleMinutes absoluteMinutes idleExpiresAt absoluteExpiresAt } }';
const REVOKE_USER = 'mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }';
const LIST = `query ($status: SessionStatus) { sessions(first: 100, status: $status) {
  totalCount edges { node { id idleMinutes idleExpiresAt absoluteExpiresAt endedAt endReason } } } }`;
const FORECAST = '{ sessionExpiryForecast { idle absolute } }';

onPostgres(() => {
  let nodes: TwoNodes;
  let app: TestApp;
  /** Another node without messages from the first. */
  let other: TestApp;
  let clock: ManualClock;
  beforeAll(async () => {
    nodes = await startTwoNodes({
      revocationBatchSize: BATCH,
      env: { SENSITIVE_ACTION_MAX_AGE_SECONDS: '0' },
      otherEnv: SWEEPING,
    });
    ({ app, other } = nodes);
    ({ clock } = app);
  });
  afterAll(() => nodes.close());

  type Created = { sessionToken: string; session: any };
  interface Crowd {
    account: SeededAccount;
    owner: SignedIn;
    member: SignedIn;
    service: BackEnd;
    /** Of service users: signed in two hours before the others. */
    stale: Created[];
    fresh: Created[];
  }

  async function seedCrowd(): Promise<Crowd> {
    const account = await app.seed.account();
    const person = await account.addUser();
    const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    const create = async (): Promise<Created[]> => {
      const created: Created[] = [];
      for (let n = 0; n < 4; n += 1) {
        clock.advance(1);
        created.push(await service.create());
      }
      return created;
    };
    const stale = await create();
    clock.advance(2 * HOUR);
    const [owner, member] = [await account.owner.login(), await person.login()];
    return { account, owner, member, service, stale, fresh: await create() };
  }

  /** Runs `play` before the policy is written into the first batch: the worker stops at the latest session. */
  async function whilePending<T>({ account, fresh }: Crowd, play: () => Promise<T>): Promise<T> {
    const lock = await holdLock(nodes.databaseUrl, 'select from sessions where id = $1 for update', [
      fresh.at(-1)!.session.id,
    ]);
    const result = await play().finally(() => lock.release());
    await waitUntil(async () => (await countPending(account)) === 0);
    return result;
  }

  /** Applies a policy and runs `play` while no node may write it. */
  async function appliedUnwritten<T>({ account, owner }: Crowd, play: () => Promise<T>): Promise<T> {
    await applyNow(owner, 60, 240);
    return whileUnwritten(nodes, account.id, play);
  }

  const countPending = ({ id }: SeededAccount): Promise<number> => countPendingPolicies(app, id);
  const storedRows = ({ account }: Crowd) => sessionRows(app, account.id);
  const storedRow = async (all: Crowd, id: string) => (await storedRows(all)).find((row) => row.id === id)!;
  const idsOf = (created: readonly Created[]): string[] => created.map(({ session }) => session.id);

  /** What both nodes answer about the sessions, without activity. */
  async function everyAnswer({ owner, member, service, stale, fresh }: Crowd): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const node of [app, other]) {
      const as = (who: SignedIn, document: string, variables = {}) =>
        node.gql(document, variables, { token: who.accessToken });
      const elsewhere = backEnd(node, service.key);
      for (const who of [owner, member]) {
        answers.push(await as(who, ME));
        for (const token of [who.accessToken, who.refreshToken])
          answers.push(await introspect(node, service.key, token));
      }
      for (const { sessionToken, session } of [...stale, ...fresh]) {
        answers.push(await elsewhere.validate(sessionToken, false));
        answers.push(await introspect(node, service.key, sessionToken));
        answers.push(await elsewhere.gql(USER_SESSIONS, { userId: session.user.id }));
      }
      for (const status of ['ACTIVE', 'ENDED']) answers.push(await as(owner, LIST, { status }));
      answers.push(await as(owner, FORECAST));
      answers.push(await readImpact(owner, { idleMinutes: 30, absoluteMinutes: 90 }));
      answers.push((await readPolicy(owner)).activeUserCount);
    }
    return answers.map((answer) => JSON.parse(JSON.stringify(answer)));
  }

  test('a policy for many takes effect with the answer, on every node, before any row is written', async () => {
    const all = await seedCrowd();
    const now = clock.now();
    const before = await storedRows(all);
    const inEffect = await whilePending(all, async () => {
      await applyNow(all.owner, 60, 240);
      expect(await countPending(all.account)).toBe(1);
      const ended = { endReason: 'POLICY_CHANGED', endedAt: now.toISOString() };
      for (const node of [app, other]) {
        const elsewhere = backEnd(node, all.service.key);
        for (const { sessionToken } of all.stale)
          expect(await elsewhere.validate(sessionToken)).toMatchObject({
            valid: false,
            reason: 'REVOKED',
            session: ended,
          });
        for (const { sessionToken, session } of all.fresh)
          expect(await elsewhere.validate(sessionToken, false)).toMatchObject({
            valid: true,
            session: {
              idleMinutes: 60,
              absoluteMinutes: 240,
              idleExpiresAt: new Date(Date.parse(session.authenticatedAt) + HOUR).toISOString(),
              absoluteExpiresAt: new Date(Date.parse(session.authenticatedAt) + 4 * HOUR).toISOString(),
            },
          });
      }
      const list = async (status: string) =>
        dataOf(await all.owner.gql(LIST, { status })).sessions.edges.map(({ node }: any) => node.id);
      const live = [all.owner.sessionId, all.member.sessionId, ...idsOf(all.fresh)];
      expect((await list('ACTIVE')).toSorted()).toEqual(live.toSorted());
      expect((await list('ENDED')).toSorted()).toEqual(idsOf(all.stale).toSorted());
      expect(await storedRows(all)).toEqual(before);
      return everyAnswer(all);
    });

    expect(await everyAnswer(all)).toEqual(inEffect);
    for (const row of await storedRows(all))
      expect(row).toMatchObject(
        idsOf(all.stale).includes(row.id)
          ? { end_reason: 'POLICY_CHANGED', ended_at: now }
          : { ended_at: null, idle_seconds: 3600, absolute_seconds: 14_400 },
      );
  });

  test('connected clients hear of it on every node before any row is written', async () => {
    const all = await seedCrowd();
    const idle = await all.account.owner.login();
    clock.advance(2 * HOUR);
    const owner = await all.account.owner.login();
    const follow = (node: TestApp): Collector[] =>
      [idle, owner].map(({ accessToken }) => node.subscribe(SESSION_EXPIRY, { accessToken }));
    const nodes = [follow(app), follow(other)];
    // It has begun once the node watches the session.
    for (const node of [app, other]) await untilGauge(node, 'curfew_watched_sessions', 2);
    const now = clock.now();
    await whilePending(all, async () => {
      await applyNow(owner, 60, 20_160);
      const [here, there] = nodes;
      const expectNews = async ([ended, shortened]: Collector[]): Promise<void> => {
        expect(await ended!.next()).toMatchObject({ kind: 'REVOKED', endReason: 'POLICY_CHANGED' });
        expect(await shortened!.next()).toMatchObject({
          kind: 'SHORTENED',
          expiresAt: new Date(now.getTime() + HOUR).toISOString(),
        });
      };
      await expectNews(here!);
      // Nothing was sent there: it polls.
      clock.advance(2_000);
      await expectNews(there!);
    });
    for (const [, shortened] of nodes) await shortened!.stop();
  });

  test('activity, refreshes and single ends before it is written count under the new limits', async () => {
    const all = await seedCrowd();
    const [reported, ended, left, userEnded] = all.fresh;
    const applied = clock.now();
    await appliedUnwritten(all, async () => {
      clock.advance(30 * MINUTE);
      const inAnHour = new Date(clock.now().getTime() + HOUR);

      const touched = dataOf(await all.owner.gql(TOUCH)).touchSession;
      expect(touched).toMatchObject({ idleMinutes: 60, idleExpiresAt: inAnHour.toISOString() });
      const input = { refreshToken: all.member.refreshToken };
      const { refreshToken, idleExpiresAt } = dataOf(await other.gql(REFRESH, { input })).refreshSession;
      expect(idleExpiresAt).toBe(inAnHour.toISOString());
      expect(claimsOf(refreshToken)).toMatchObject({ idle_max: 3600, abs_max: 14_400 });
      const stored = { idle_expires_at: inAnHour, idle_seconds: 3600, absolute_seconds: 14_400 };
      for (const id of [all.owner.sessionId, all.member.sessionId])
        expect(await storedRow(all, id)).toMatchObject(stored);

      expect(await all.service.validate(reported!.sessionToken)).toMatchObject({
        session: { idleExpiresAt: inAnHour.toISOString() },
      });
      // Buffered activity is written a second later.
      clock.advance(1_000);
      await waitUntil(async () => (await storedRow(all, idsOf(all.fresh)[0]!)).idle_seconds === 3600);
      expect(await storedRow(all, reported!.session.id)).toMatchObject(stored);

      expect(await all.service.end(ended!.sessionToken)).toBe(true);
      expect(await all.service.end(all.stale[0]!.sessionToken)).toBe(false);
      const revokeUser = (id: string) => all.owner.gql(REVOKE_USER, { id });
      expect(dataOf(await revokeUser(userEnded!.session.user.id)).revokeUserSessions.revokedCount).toBe(1);
      expect(dataOf(await revokeUser(all.stale[1]!.session.user.id)).revokeUserSessions.revokedCount).toBe(0);
      expect(await all.service.validate(all.stale[2]!.sessionToken)).toMatchObject({ reason: 'REVOKED' });
    });
    const rowOf = ({ session }: Created) => storedRow(all, session.id);
    expect(await rowOf(ended!)).toMatchObject({ end_reason: 'LOGOUT' });
    expect(await rowOf(userEnded!)).toMatchObject({ end_reason: 'REVOKED_BY_OWNER' });
    expect(await rowOf(left!)).toMatchObject({ ended_at: null, idle_seconds: 3600 });
    for (const each of all.stale)
      expect(await rowOf(each)).toMatchObject({ end_reason: 'POLICY_CHANGED', ended_at: applied });
  });

  test('a deadline that passes, and a revocation of all, before it is written: each session ends once', async () => {
    const all = await seedCrowd();
    const applied = clock.now();
    const { expiredAt, revokedAt } = await appliedUnwritten(all, async () => {
      clock.advance(59 * MINUTE);
      dataOf(await all.owner.gql(TOUCH));
      clock.advance(2 * MINUTE);
      // All but the owner's session are past the new deadline now, and no row says so.
      for (const { sessionToken } of all.fresh)
        expect(await backEnd(other, all.service.key).validate(sessionToken)).toMatchObject({
          reason: 'IDLE',
        });
      const ended = dataOf(await all.owner.gql(LIST, { status: 'ENDED' })).sessions.edges;
      expect(ended).toHaveLength(9);
      const revokedAt = clock.now();
      expect(dataOf(await all.owner.gql(REVOKE_ALL)).revokeSessions.revokedCount).toBe(1);
      expect((await all.owner.gql(ME)).code).toBe('UNAUTHENTICATED');
      return { expiredAt: HOUR, revokedAt };
    });
    await waitUntil(
      async () =>
        (await query(app, sql`select from account_revocations where account_id = ${all.account.id}`))
          .length === 0,
    );
    clock.advance(SWEEP_MS);
    const endOf = async (id: string) => {
      const { end_reason, ended_at } = await storedRow(all, id);
      return [end_reason, ended_at];
    };
    await waitUntil(async () => (await storedRows(all)).every(({ ended_at }) => ended_at !== null));
    expect(await endOf(all.owner.sessionId)).toEqual(['REVOKED_BY_OWNER', revokedAt]);
    for (const { session } of all.stale) expect(await endOf(session.id)).toEqual(['POLICY_CHANGED', applied]);
    for (const { session } of all.fresh)
      expect(await endOf(session.id)).toEqual([
        'IDLE_TIMEOUT',
        new Date(Date.parse(session.authenticatedAt) + expiredAt),
      ]);
  });

  test('a second policy waits until the first is written, and a new session is under neither', async () => {
    const all = await seedCrowd();
    await applyNow(all.owner, 60, 240);
    const policy = await applyNow(all.owner, 30, 480);
    expect(policy).toMatchObject({ version: 2, idleMinutes: 30 });
    const newborn = await all.account.owner.login();
    await waitUntil(async () => (await countPending(all.account)) === 0);
    expect(await storedRow(all, newborn.sessionId)).toMatchObject({
      idle_seconds: 1800,
      absolute_seconds: 28_800,
    });
    for (const { session } of all.fresh)
      expect(await storedRow(all, session.id)).toMatchObject({
        idle_seconds: 1800,
        absolute_seconds: 14_400,
      });
  });

  test('what a stopped node left pending is written by the sweep of another', async () => {
    const all = await seedCrowd();
    await query(
      app,
      sql`with account as (update accounts set revocation_epoch = revocation_epoch + 1 where id = ${all.account.id} returning *)
        insert into policy_applications (account_id, epoch, applied_at, idle_seconds, absolute_seconds)
        select id, revocation_epoch, ${clock.now()}::timestamptz, 3600, 14400 from account`,
    );
    clock.advance(SWEEP_MS);
    await waitUntil(async () => (await countPending(all.account)) === 0);
    expect(await storedRow(all, all.fresh[0]!.session.id)).toMatchObject({ idle_seconds: 3600 });
  });
});
