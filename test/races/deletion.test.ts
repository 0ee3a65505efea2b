import { sql } from 'kysely';
import { INVITE, RESET_PASSWORD, SET_PASSWORD, SET_ROLE, tokenOf } from '../accounts/account-calls.ts';
import { onPostgres } from '../databases.ts';
import { DELETE_ACCOUNT, DELETE_USER, pendingErasures, rowsWith } from '../deletion/deletion-calls.ts';
import type { TestApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';
import { CREATE_SESSION } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import {
  accountWithMember,
  during,
  expectOnly,
  inParallel,
  inRounds,
  liveSessionsOf,
  query,
  RACE_TIMEOUT_MS,
  startRacingApp,
} from './race-app.ts';

const ROUNDS = 20;
const LANES = 4;
const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    // More sessions than this end by one row, and an erasure takes several batches.
    app = await startRacingApp({}, undefined, 5);
  });
  afterAll(() => app.close());

  /** Live rows of an account, also those that a pending revocation has not ended. */
  const liveIn = (accountId: string) =>
    query(
      app,
      sql`select id from live_sessions(${app.clock.now()}::timestamptz) where account_id = ${accountId}`,
    );

  test(
    'a user deleted during sign-ins, good and bad: no session lives on, and nothing written beside it names them',
    () =>
      inRounds(
        ROUNDS,
        LANES,
        async () => null,
        async () => {
          const { account, member } = await accountWithMember(app);
          const boss = await account.owner.login();
          const isBad = (n: number) => n % 2 === 1;
          let calls = 0;
          const { answers, outcome } = await during(
            () => boss.gql(DELETE_USER, { userId: member.id }),
            4,
            () => member.tryLogin(isBad((calls += 1)) ? { password: 'not this one' } : {}),
          );
          expect(outcome.data).toEqual({ deleteUser: true });
          expectOnly(answers, 'INVALID_CREDENTIALS');
          expect(await liveSessionsOf(app, member.id)).toEqual([]);
          await waitUntil(async () => (await pendingErasures(app)) === 0);
          expect(await rowsWith(app, [member.email])).toEqual([]);
        },
      ),
    RACE_TIMEOUT_MS,
  );

  test('a failed sign-in that is being recorded holds the deletion up, so its e-mail is erased too', async () => {
    const { account, member } = await accountWithMember(app);
    const boss = await account.owner.login();
    await query(
      app,
      sql`create function record_slowly() returns trigger language plpgsql as $$
        begin perform pg_sleep(1); return new; end $$`,
    );
    await query(
      app,
      sql`create trigger record_slowly before insert on audit_events for each row
        when (new.action = 'login.failed') execute function record_slowly()`,
    );
    try {
      const failing = member.tryLogin({ password: 'not this one' });
      const asleep = sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event = 'PgSleep'`;
      await waitUntil(async () => (await query(app, asleep)).length > 0);
      expect((await boss.gql(DELETE_USER, { userId: member.id })).data).toEqual({ deleteUser: true });
      expect((await failing).code).toBe('INVALID_CREDENTIALS');
      expect(await rowsWith(app, [member.email])).toEqual([]);
    } finally {
      await query(app, sql`drop function record_slowly cascade`);
    }
  });

  test(
    'a user deleted during refreshes, links and role changes stays deleted',
    () =>
      inRounds(
        ROUNDS,
        LANES,
        async () => null,
        async () => {
          const { account, member } = await accountWithMember(app);
          const [boss, session] = [await account.owner.login(), await member.login()];
          const reset = await boss.gql(RESET_PASSWORD, { userId: member.id });
          const token = tokenOf(reset.data.resetUserPassword.setPasswordUrl);
          let latest = session.refreshToken;
          const actions = [
            async () => {
              const answer = await session.refresh({ refreshToken: latest });
              latest = answer.data?.refreshSession?.refreshToken ?? latest;
              return answer;
            },
            () => app.gql(SET_PASSWORD, { input: { token, newPassword: 'a much better password' } }),
            () => boss.gql(SET_ROLE, { userId: member.id, role: 'OWNER' }),
            () => boss.gql(RESET_PASSWORD, { userId: member.id }),
          ];
          let calls = 0;
          const { answers, outcome } = await during(
            () => boss.gql(DELETE_USER, { userId: member.id }),
            4,
            () => actions[(calls += 1) % actions.length]!(),
          );
          expect(outcome.data).toEqual({ deleteUser: true });
          expectOnly(answers, 'INVALID_CREDENTIALS', 'INVALID_REFRESH_TOKEN', 'NOT_FOUND');
          expect(await liveSessionsOf(app, member.id)).toEqual([]);
          const rows = await query(
            app,
            sql`select role, is_active, password_hash, sign_in_email from users where id = ${member.id}`,
          );
          expect(rows).toEqual([
            { role: 'MEMBER', is_active: false, password_hash: null, sign_in_email: null },
          ]);
        },
      ),
    RACE_TIMEOUT_MS,
  );

  test(
    'of simultaneous deletions of a user one succeeds; of two owners who delete each other one stays',
    () =>
      inRounds(
        ROUNDS,
        LANES,
        async () => null,
        async () => {
          const { account, member } = await accountWithMember(app);
          const second = await account.addUser('OWNER');
          const [boss, other] = [await account.owner.login(), await second.login()];
          const answers = await inParallel(6, (n) =>
            (n % 2 ? boss : other).gql(DELETE_USER, { userId: member.id }),
          );
          expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
          expectOnly(answers, 'NOT_FOUND');

          const mutual = await Promise.all([
            boss.gql(DELETE_USER, { userId: second.id }),
            other.gql(DELETE_USER, { userId: account.owner.id }),
          ]);
          expect(mutual.filter(({ errors }) => !errors)).toHaveLength(1);
          expectOnly(mutual, 'UNAUTHENTICATED');
          const owners = sql`select id from users where account_id = ${account.id} and role = 'OWNER' and is_active`;
          expect(await query(app, owners)).toHaveLength(1);
        },
      ),
    RACE_TIMEOUT_MS,
  );

  test(
    'an account deleted during everything that brings something to life: nothing does after it',
    () =>
      inRounds(
        ROUNDS,
        LANES,
        async () => null,
        async (_, round) => {
          const { account, member } = await accountWithMember(app);
          const second = await account.addUser('OWNER');
          const [boss, deleter] = [await account.owner.login(), await second.login()];
          const { key } = await app.seed.serviceKey(account.id);
          const forAll = await app.seed.serviceKey(null);
          let calls = 0;
          const named = () => `race-${round}-${(calls += 1)}-${account.id.slice(0, 8)}`;
          const create = (token: string) => {
            const name = named();
            const input = { externalId: name, email: `${name}@example.test`, name, accountId: account.id };
            return app.gql(CREATE_SESSION, { input }, { token });
          };
          const actions = [
            () => member.tryLogin(),
            () => create(key),
            () => create(forAll.key),
            () => boss.gql(INVITE, { input: { email: `${named()}@example.test`, name: 'Gus Guest' } }),
            () =>
              boss.gql(UPDATE, { input: { idleMinutes: 20, absoluteMinutes: 40, apply: 'ACTIVE_SESSIONS' } }),
            () => boss.gql(DELETE_USER, { userId: member.id }),
          ];
          let turn = 0;
          const { answers, outcome } = await during(
            () => deleter.gql(DELETE_ACCOUNT, { confirmName: account.name }),
            4,
            () => actions[(turn += 1) % actions.length]!(),
          );
          expect(outcome.data).toEqual({ deleteAccount: true });
          expectOnly(answers, 'INVALID_CREDENTIALS', 'UNAUTHENTICATED', 'NOT_FOUND');
          for (const action of actions) expect((await action()).errors).toHaveLength(1);
          expect(await liveIn(account.id)).toEqual([]);
          await waitUntil(async () => (await pendingErasures(app)) === 0);
          const people = sql`select id from users where account_id = ${account.id} and deleted_at is null`;
          expect(await query(app, people)).toEqual([]);
          expect(await rowsWith(app, [member.email, account.name, account.id.slice(0, 8) + '@'])).toEqual([]);
        },
      ),
    RACE_TIMEOUT_MS,
  );

  test(
    'of simultaneous deletions of an account one succeeds, and the e-mails are free once',
    () =>
      inRounds(
        ROUNDS / 2,
        LANES,
        async () => null,
        async () => {
          const { account } = await accountWithMember(app);
          const sessions = await inParallel(4, () => account.owner.login());
          const answers = await Promise.all(
            sessions.map((session) => session.gql(DELETE_ACCOUNT, { confirmName: account.name })),
          );
          expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
          expectOnly(answers, 'UNAUTHENTICATED');
          const others = await inParallel(2, async () => (await app.seed.account()).owner.login());
          const input = { email: account.owner.email, name: 'Nia New' };
          const invitations = await Promise.all(others.map((other) => other.gql(INVITE, { input })));
          expect(invitations.map(({ code }) => code).toSorted()).toEqual(['CONFLICT', undefined]);
          expect((await account.owner.tryLogin({ password: PASSWORD })).code).toBe('INVALID_CREDENTIALS');
        },
      ),
    RACE_TIMEOUT_MS,
  );
});
