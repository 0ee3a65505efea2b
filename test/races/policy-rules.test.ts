import { sql } from 'kysely';
import { INVITE, SET_PASSWORD, SET_ROLE, tokenOf } from '../accounts/account-calls.ts';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { dataOf, HOUR, MINUTE, sessionRows } from '../policy/policy-calls.ts';
import { readImpactByRule, rule, saveRules } from '../policy/rules-calls.ts';
import { claimsOf, REFRESH, type SeededAccount, type SignedIn } from '../seed.ts';
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

// A policy with rules that is pending, on two nodes: each session is under the limits of its own rule before any row says so.

const BATCH = 4;
const TOUCH = 'mutation { touchSession { idleMinutes idleExpiresAt } }';
const ME = '{ currentSession { id idleMinutes absoluteMinutes idleExpiresAt absoluteExpiresAt } }';
const LIST = `query ($status: SessionStatus) { sessions(first: 100, status: $status) {
  totalCount edges { node { id idleMinutes idleExpiresAt absoluteExpiresAt endedAt endReason } } } }`;
const FORECAST = '{ sessionExpiryForecast { idle absolute } }';

const APPLY = {
  idleMinutes: 600,
  absoluteMinutes: 6000,
  rules: [
    rule('OWNER', null, 60, 240),
    rule('MEMBER', 'CONTROL_PANEL', 90, 360),
    rule(null, 'TENANT_APP', 45, 180),
  ],
  apply: 'ACTIVE_SESSIONS',
};

onPostgres(() => {
  let nodes: TwoNodes;
  let app: TestApp;
  /** Another node without messages from the first. */
  let other: TestApp;
  beforeAll(async () => {
    nodes = await startTwoNodes({
      revocationBatchSize: BATCH,
      env: { SENSITIVE_ACTION_MAX_AGE_SECONDS: '0' },
      otherEnv: SWEEPING,
    });
    ({ app, other } = nodes);
  });
  afterAll(() => nodes.close());

  type Created = { sessionToken: string; session: any };
  interface Crowd {
    account: SeededAccount;
    owner: SignedIn;
    member: SignedIn;
    memberId: string;
    service: BackEnd;
    created: Created[];
  }

  async function seedCrowd(): Promise<Crowd> {
    const account = await app.seed.account();
    const person = await account.addUser();
    const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    const created: Created[] = [];
    for (let n = 0; n < 6; n += 1) {
      app.clock.advance(n === 3 ? HOUR : 1);
      created.push(await service.create());
    }
    const [owner, member] = [await account.owner.login(), await person.login()];
    return { account, owner, member, memberId: person.id, service, created };
  }

  /** Applies the policy and runs `play` while no node may write it. */
  async function appliedUnwritten<T>({ account, owner }: Crowd, play: () => Promise<T>): Promise<T> {
    await saveRules(owner, APPLY);
    return whileUnwritten(nodes, account.id, play);
  }

  /** What both nodes answer about the sessions, without activity. */
  async function everyAnswer({ owner, member, service, created }: Crowd): Promise<unknown[]> {
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
      for (const { sessionToken, session } of created) {
        const {
          secondsRemaining: _,
          absoluteSecondsRemaining: __,
          ...validation
        } = await elsewhere.validate(sessionToken, false);
        answers.push(validation);
        answers.push(await elsewhere.gql(USER_SESSIONS, { userId: session.user.id }));
      }
      for (const status of ['ACTIVE', 'ENDED']) answers.push(await as(owner, LIST, { status }));
      answers.push(await as(owner, FORECAST));
      answers.push(await readImpactByRule(owner, { ...APPLY, apply: undefined, idleMinutes: 300 }));
    }
    return JSON.parse(JSON.stringify(answers)) as unknown[];
  }

  test('each session is under its rule with the answer, on every node, and the rows say the same later', async () => {
    const all = await seedCrowd();
    const appliedAt = app.clock.now();
    const before = await sessionRows(app, all.account.id);
    const inEffect = await appliedUnwritten(all, async () => {
      expect(await sessionRows(app, all.account.id)).toEqual(before);
      for (const node of [app, other]) {
        const limitsOf = async (who: SignedIn) => {
          const { data } = await node.gql(ME, {}, { token: who.accessToken });
          return [data.currentSession.idleMinutes, data.currentSession.absoluteMinutes];
        };
        expect(await limitsOf(all.owner)).toEqual([60, 240]);
        expect(await limitsOf(all.member)).toEqual([90, 360]);
        const validations = await Promise.all(
          all.created.map(({ sessionToken }) => backEnd(node, all.service.key).validate(sessionToken, false)),
        );
        // The first three signed in an hour ago: past the 45 minutes of their rule, not past 600.
        expect(
          validations.map(({ valid, session }) => [valid, session.endReason ?? session.idleMinutes]),
        ).toEqual([
          ...Array.from({ length: 3 }, () => [false, 'POLICY_CHANGED']),
          ...Array.from({ length: 3 }, () => [true, 45]),
        ]);
      }
      app.clock.advance(MINUTE);
      return everyAnswer(all);
    });
    // The same moment plus the sweep: nothing that is compared depends on it.
    expect(await everyAnswer(all)).toEqual(inEffect);
    const rows = await sessionRows(app, all.account.id);
    const rowOf = (id: string) => rows.find((row) => row.id === id)!;
    expect(rowOf(all.owner.sessionId)).toMatchObject({ idle_seconds: 3600, absolute_seconds: 14_400 });
    expect(rowOf(all.member.sessionId)).toMatchObject({ idle_seconds: 5400, absolute_seconds: 21_600 });
    for (const { session } of all.created.slice(0, 3))
      expect(rowOf(session.id)).toMatchObject({ end_reason: 'POLICY_CHANGED', ended_at: appliedAt });
  });

  test('activity and refreshes before it is written count under the limits of the rule', async () => {
    const all = await seedCrowd();
    await appliedUnwritten(all, async () => {
      app.clock.advance(30 * MINUTE);
      const after = (minutes: number) => new Date(app.clock.now().getTime() + minutes * MINUTE).toISOString();
      expect(dataOf(await all.owner.gql(TOUCH)).touchSession).toEqual({
        idleMinutes: 60,
        idleExpiresAt: after(60),
      });
      const input = { refreshToken: all.member.refreshToken };
      const { refreshToken, idleExpiresAt } = dataOf(await other.gql(REFRESH, { input })).refreshSession;
      expect(idleExpiresAt).toBe(after(90));
      expect(claimsOf(refreshToken)).toMatchObject({ idle_max: 5400, abs_max: 21_600 });
      expect(await all.service.validate(all.created[5]!.sessionToken)).toMatchObject({
        session: { idleMinutes: 45, idleExpiresAt: after(45) },
      });
    });
  });

  test('a role that changes before it is written: first the limits of the old role, then the shorter of both', async () => {
    const all = await seedCrowd();
    // As a member 90 minutes of inactivity are allowed, as an owner 60.
    await appliedUnwritten(all, async () => {
      app.clock.advance(59 * MINUTE);
      dataOf(await all.owner.gql(TOUCH));
      app.clock.advance(30 * MINUTE);
      dataOf(await all.owner.gql(SET_ROLE, { userId: all.memberId, role: 'OWNER' }));
      const row = (await sessionRows(app, all.account.id, 'effective_sessions')).find(
        ({ id }) => id === all.member.sessionId,
      );
      // It was live as a member's: it ends now, and not at the time of the policy.
      expect(row).toMatchObject({ end_reason: 'POLICY_CHANGED', ended_at: app.clock.now() });
    });
    const demoted = await seedCrowd();
    const secondOwner = await demoted.account.addUser('OWNER');
    const theirs = await secondOwner.login();
    await appliedUnwritten(demoted, async () => {
      dataOf(await demoted.owner.gql(SET_ROLE, { userId: secondOwner.id, role: 'MEMBER' }));
      for (const node of [app, other]) {
        const { data } = await node.gql(ME, {}, { token: theirs.accessToken });
        expect(data.currentSession).toMatchObject({ idleMinutes: 60, absoluteMinutes: 240 });
      }
    });
    const row = (await sessionRows(app, demoted.account.id)).find(({ id }) => id === theirs.sessionId);
    expect(row).toMatchObject({ idle_seconds: 3600, absolute_seconds: 14_400, end_reason: null });
  });

  test('a role that comes with a link before it is written: what the old role has ended stays ended', async () => {
    const all = await seedCrowd();
    const { user } = all.created[5]!.session;
    const input = { userId: user.id, email: `${user.id}@example.test`, role: 'OWNER' };
    const { setPasswordUrl } = dataOf(await all.owner.gql(INVITE, { input })).inviteUser;
    // Past the 45 minutes of a member's session in an application, not past the 60 of an owner's.
    app.clock.advance(50 * MINUTE);
    const appliedAt = app.clock.now();
    await appliedUnwritten(all, async () => {
      app.clock.advance(MINUTE);
      const link = { token: tokenOf(setPasswordUrl), newPassword: 'a much better password' };
      expect((await app.gql(SET_PASSWORD, { input: link })).errors).toBeUndefined();
    });
    const rows = await sessionRows(app, all.account.id);
    expect(rows.find(({ id }) => id === all.created[5]!.session.id)).toMatchObject({
      end_reason: 'POLICY_CHANGED',
      ended_at: appliedAt,
    });
  });

  test('what a stopped node left pending with rules is written by the sweep of another', async () => {
    const all = await seedCrowd();
    const limits = JSON.stringify({ 'MEMBER TENANT_APP': [1200, 7200] });
    await query(
      app,
      sql`with account as (update accounts set revocation_epoch = revocation_epoch + 1 where id = ${all.account.id} returning *)
        insert into policy_applications (account_id, epoch, applied_at, idle_seconds, absolute_seconds, limits)
        select id, revocation_epoch, ${app.clock.now()}::timestamptz, 3600, 14400, ${limits}::jsonb from account`,
    );
    app.clock.advance(SWEEP_MS);
    await waitUntil(async () => (await countPendingPolicies(app, all.account.id)) === 0);
    const rows = await sessionRows(app, all.account.id);
    const secondsOf = (id: string) => rows.find((row) => row.id === id)!.idle_seconds;
    expect(secondsOf(all.created[5]!.session.id)).toBe(1200);
    // A kind that it does not name is under its two limits.
    expect(secondsOf(all.owner.sessionId)).toBe(3600);
  });
});
