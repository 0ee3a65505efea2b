import { sql } from 'kysely';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';
import {
  cheapenPasswords,
  during,
  expectOnly,
  inRounds,
  query,
  startRacingApp,
  together,
  PATIENCE_MS,
} from './racing.ts';

const ROUNDS = 200;
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessions } }`;
const SET_PASSWORD = `mutation ($input: SetPasswordInput!) { setPassword(input: $input) { session { id } } }`;
const RESET = `mutation ($userId: ID!) { resetUserPassword(userId: $userId) { setPasswordUrl } }`;

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startRacingApp();
  });
  afterAll(() => app.close());

  const liveOf = (userId: string) =>
    query(
      app,
      sql<{ id: string }>`select id from sessions where user_id = ${userId} and ended_at is null order by id`,
    );

  test(
    'no session that was opened with the old password outlives its change',
    async () => {
      let refused = 0;
      let ended = 0;
      const lane = async () => {
        const { owner } = await app.seed.account();
        await cheapenPasswords(app, owner.accountId);
        return owner;
      };
      await inRounds(ROUNDS, 8, lane, async (user, round) => {
        const here = await user.login();
        const input = { currentPassword: PASSWORD, newPassword: `another good password ${round}` };
        const { answers, outcome } = await during(
          () => here.gql(CHANGE, { input }),
          1,
          () => user.tryLogin(),
        );
        expect(outcome.code).toBeUndefined();
        expectOnly(answers, 'INVALID_CREDENTIALS');
        expect(answers.at(-1)!.code).toBe('INVALID_CREDENTIALS');
        expect(await liveOf(user.id)).toEqual([{ id: here.sessionId }]);
        refused += answers.filter(({ code }) => code).length;
        ended += outcome.data.changePassword.endedSessions;
        await here.gql('mutation { logout { ended } }');
        await cheapenPasswords(app, user.accountId);
      });
      // Both sides of the race were seen: sign-ins that the change ended, and sign-ins that it kept out.
      expect(refused).toBeGreaterThan(ROUNDS);
      expect(ended).toBeGreaterThanOrEqual(ROUNDS);
    },
    PATIENCE_MS,
  );

  test(
    'of two uses of one set-password link one wins',
    async () => {
      const lane = async () => {
        const account = await app.seed.account();
        const member = await account.addUser();
        return { boss: await account.owner.login(), member };
      };
      await inRounds(50, 4, lane, async ({ boss, member }, round) => {
        const link = await boss.gql(RESET, { userId: member.id });
        const token = link.data.resetUserPassword.setPasswordUrl.split('#token=')[1];
        const answers = await together(2, (index) =>
          app.gql(SET_PASSWORD, {
            input: { token, newPassword: `good password ${round} of racer ${index}` },
          }),
        );
        expectOnly(answers, 'INVALID_CREDENTIALS');
        const winners = answers.filter(({ code }) => code === undefined);
        expect(winners).toHaveLength(1);
        expect(await liveOf(member.id)).toEqual([{ id: winners[0]!.data.setPassword.session.id }]);
      });
    },
    PATIENCE_MS,
  );
});
