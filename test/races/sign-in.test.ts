import { sql } from 'kysely';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import {
  accountWithMember,
  liveSessionsOf,
  during,
  expectOnly,
  inRounds,
  query,
  startRacingApp,
  RACE_TIMEOUT_MS,
} from './race-app.ts';

const ROUNDS = 200;
const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const SET_ACTIVE = `mutation ($userId: ID!, $isActive: Boolean!) { setUserActive(userId: $userId, isActive: $isActive) { id } }`;

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startRacingApp();
  });
  afterAll(() => app.close());

  test(
    'no session of an inactive user survives the deactivation or is created after it',
    async () => {
      const lane = async () => {
        const { account, member } = await accountWithMember(app);
        return { boss: await account.owner.login(), member };
      };
      await inRounds(ROUNDS, 4, lane, async ({ boss, member }) => {
        const { answers, outcome } = await during(
          () => boss.gql(SET_ACTIVE, { userId: member.id, isActive: false }),
          3,
          () => member.tryLogin(),
        );
        expect(outcome.code).toBeUndefined();
        expectOnly(answers, 'INVALID_CREDENTIALS');
        expect(answers.at(-1)!.code).toBe('INVALID_CREDENTIALS');
        expect(await liveSessionsOf(app, member.id)).toEqual([]);
        expect((await boss.gql(SET_ACTIVE, { userId: member.id, isActive: true })).code).toBeUndefined();
      });
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'no session outlives limits that were applied to the active ones',
    async () => {
      await inRounds(
        ROUNDS,
        4,
        () => accountWithMember(app),
        async ({ account, member }) => {
          const boss = await account.owner.login();
          const update = (input: object) => boss.gql(UPDATE, { input });
          expect((await update({ idleMinutes: 600, absoluteMinutes: 6000 })).code).toBeUndefined();
          const { answers, outcome } = await during(
            () => update({ idleMinutes: 20, absoluteMinutes: 40, apply: 'ACTIVE_SESSIONS' }),
            3,
            () => member.tryLogin(),
          );
          expect(outcome.code).toBeUndefined();
          expectOnly(answers);
          const tooLong = await query(
            app,
            sql`select id from sessions where account_id = ${account.id} and ended_at is null and (
          idle_seconds > 1200 or absolute_seconds > 2400
          or absolute_expires_at > authenticated_at + interval '40 minutes'
          or idle_expires_at > last_activity_at + interval '20 minutes')`,
          );
          expect(tooLong).toEqual([]);
          expect(answers[0]!.data.login.session.idleMinutes).toBe(600);
          expect(answers.at(-1)!.data.login.session.idleMinutes).toBe(20);
          await boss.gql('mutation { revokeSessions(scope: ALL) { revokedCount } }');
        },
      );
    },
    RACE_TIMEOUT_MS,
  );
});
