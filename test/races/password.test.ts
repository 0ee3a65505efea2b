import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';
import {
  accountWithMember,
  liveSessionsOf,
  resetPasswords,
  during,
  expectOnly,
  inRounds,
  startRacingApp,
  inParallel,
  RACE_TIMEOUT_MS,
} from './race-app.ts';

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

  test(
    'no session created with the old password survives its change',
    async () => {
      let refused = 0;
      let ended = 0;
      const lane = async () => {
        const { owner } = await app.seed.account();
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
        expect(await liveSessionsOf(app, user.id)).toEqual([{ id: here.sessionId }]);
        refused += answers.filter(({ code }) => code).length;
        ended += outcome.data.changePassword.endedSessions;
        await here.gql('mutation { logout { ended } }');
        await resetPasswords(app, user.accountId);
      });
      // Both outcomes occurred: sign-ins that the change ended, and sign-ins that it refused.
      expect(refused).toBeGreaterThan(ROUNDS);
      expect(ended).toBeGreaterThanOrEqual(ROUNDS);
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'one of two simultaneous uses of one set-password link wins',
    async () => {
      const lane = async () => {
        const { account, member } = await accountWithMember(app);
        return { boss: await account.owner.login(), member };
      };
      await inRounds(50, 4, lane, async ({ boss, member }, round) => {
        const link = await boss.gql(RESET, { userId: member.id });
        const token = link.data.resetUserPassword.setPasswordUrl.split('#token=')[1];
        const answers = await inParallel(2, (index) =>
          app.gql(SET_PASSWORD, {
            input: { token, newPassword: `good password ${round} of racer ${index}` },
          }),
        );
        expectOnly(answers, 'INVALID_CREDENTIALS');
        const winners = answers.filter(({ code }) => code === undefined);
        expect(winners).toHaveLength(1);
        expect(await liveSessionsOf(app, member.id)).toEqual([
          { id: winners[0]!.data.setPassword.session.id },
        ]);
      });
    },
    RACE_TIMEOUT_MS,
  );
});
