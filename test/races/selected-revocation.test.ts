import { sql } from 'kysely';
import { REVOKE_ALL, REVOKE_SELECTED, REVOKE_USER } from '../accounts/account-calls.ts';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { REFRESH, type SignedIn } from '../seed.ts';
import { expectOnly, inParallel, inRounds, query, RACE_TIMEOUT_MS, startRacingApp } from './race-app.ts';

const CALLERS = 50;

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startRacingApp();
  });
  afterAll(() => app.close());

  test(
    'fifty revocations at a time, of some, of a user and of all: each session ends once and is counted once',
    async () => {
      const lane = async () => {
        const account = await app.seed.account();
        return { account, member: await account.addUser() };
      };
      await inRounds(6, 1, lane, async ({ account, member }) => {
        const owners = await inParallel(4, () => account.owner.login());
        const theirs = await inParallel(12, () => member.login());
        const ids = theirs.map(({ sessionId }) => sessionId);
        const order = (index: number) => (index % 2 === 0 ? ids : ids.toReversed());
        const call = (who: SignedIn, index: number) => {
          if (index % 10 === 8) return who.gql(REVOKE_USER, { userId: member.id });
          if (index % 10 === 9) return who.gql(REVOKE_ALL, { scope: 'OTHERS' });
          return who.gql(REVOKE_SELECTED, { sessionIds: order(index).slice(index % 5) });
        };
        const refreshing = inParallel(theirs.length, (index) =>
          app.gql(REFRESH, { input: { refreshToken: theirs[index]!.refreshToken } }),
        );
        const answers = await inParallel(CALLERS, (index) => call(owners[index % owners.length]!, index));
        expectOnly(answers);
        expectOnly(await refreshing, 'INVALID_REFRESH_TOKEN');
        const counts = answers.map(
          ({ data }) => Object.values<{ revokedCount: number }>(data)[0]!.revokedCount,
        );
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(theirs.length);
        const rows = await query(
          app,
          sql<{ live: number; audited: number }>`
          select
            (select count(*)::int from effective_sessions where user_id = ${member.id} and ended_at is null) as live,
            (select count(*)::int from (select from audit_events where account_id = ${account.id} and action = 'session.ended'
              group by resource_id having count(*) > 1) twice) as audited`,
        );
        expect(rows).toEqual([{ live: 0, audited: 0 }]);
      });
    },
    RACE_TIMEOUT_MS,
  );
});
