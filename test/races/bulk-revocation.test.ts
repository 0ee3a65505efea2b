import { sql } from 'kysely';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { REFRESH, type SignedIn } from '../seed.ts';
import { expectOnly, inRounds, RACE_TIMEOUT_MS, query, startRacingApp } from './race-app.ts';

/** Four sessions at a time: applied with the answer, or so many that they are applied afterwards. */
const MARKED = { 'with the answer': 4, afterwards: 1 };

onPostgres(() => {
  describe.each(Object.entries(MARKED))('applied %s', (_, revocationBatchSize) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startRacingApp({}, undefined, revocationBatchSize);
    });
    afterAll(() => app.close());

    test(
      'no session of an account survives its bulk revocation, however many refreshes race with it',
      async () => {
        const lane = async () => {
          const account = await app.seed.account();
          const people = [account.owner, await account.addUser()];
          return { id: account.id, people };
        };
        await inRounds(200, 4, lane, async ({ id, people }) => {
          const sessions = await Promise.all([...people, ...people].map((person) => person.login()));
          const [owner] = sessions;
          const seen: { accessToken: string; refreshToken: string }[] = [...sessions];
          let isRevoked = false;
          const renew = async (session: SignedIn): Promise<void> => {
            let token = session.refreshToken;
            for (;;) {
              const wasRevoked = isRevoked;
              const answer = await app.gql(REFRESH, { input: { refreshToken: token } });
              expectOnly([answer], 'INVALID_REFRESH_TOKEN');
              if (answer.code) return expect(answer.extensions.endReason).toBe('REVOKED_BY_OWNER');
              // Starts after the acknowledged end: it must not be accepted.
              expect(wasRevoked).toBe(false);
              seen.push(answer.data.refreshSession);
              token = answer.data.refreshSession.refreshToken;
            }
          };
          const refreshing = Promise.all(sessions.map(renew));
          const revoked = await owner!.gql('mutation { revokeSessions(scope: ALL) { revokedCount } }');
          isRevoked = true;
          await refreshing;
          expect(revoked.data.revokeSessions.revokedCount).toBe(sessions.length);

          const alive = await query(
            app,
            sql<{ count: number }>`
          select count(*)::int as count from effective_sessions where account_id = ${id} and end_reason is distinct from 'REVOKED_BY_OWNER'`,
          );
          expect(alive).toEqual([{ count: 0 }]);
          const latest = seen.slice(-8);
          const checks = latest.flatMap(({ accessToken, refreshToken }) => [
            app.gql('{ viewer { id } }', {}, { token: accessToken }),
            app.gql(REFRESH, { input: { refreshToken } }),
          ]);
          for (const { code, extensions } of await Promise.all(checks)) {
            expect(['UNAUTHENTICATED', 'INVALID_REFRESH_TOKEN']).toContain(code);
            expect(extensions.endReason).toBe('REVOKED_BY_OWNER');
          }
        });
      },
      RACE_TIMEOUT_MS,
    );
  });
});
