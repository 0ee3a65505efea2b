import { sql } from 'kysely';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { Person } from '../seed.ts';
import {
  accountWithMember,
  signedInOwner,
  during,
  expectOnly,
  inRounds,
  query,
  startRacingApp,
  inParallel,
  RACE_TIMEOUT_MS,
} from './race-app.ts';

const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const REVOKE = `mutation ($sessionId: ID!) { revokeSession(sessionId: $sessionId) { revokedCount } }`;
const DEMOTE = `mutation ($userId: ID!) { setUserRole(userId: $userId, role: MEMBER) { id } }`;
const DEACTIVATE = `mutation ($userId: ID!) { setUserActive(userId: $userId, isActive: false) { id } }`;

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startRacingApp();
  });
  afterAll(() => app.close());

  const auditCount = async (resourceId: string, action: string): Promise<number> =>
    (
      await query(
        app,
        sql<{ count: number }>`
          select count(*)::int as count from audit_events where resource_id = ${resourceId} and action = ${action}`,
      )
    )[0]!.count;

  async function twoOwners(): Promise<{ id: string; owners: Person[] }> {
    const account = await app.seed.account();
    const owners = [account.owner, await account.addUser('OWNER')];
    return { id: account.id, owners };
  }

  test(
    'a session revoked during activity stays revoked, with one end',
    async () => {
      await inRounds(
        200,
        4,
        () => signedInOwner(app),
        async ({ owner, boss }) => {
          const session = await owner.login();
          const { answers, outcome } = await during(
            () => boss.gql(REVOKE, { sessionId: session.sessionId }),
            3,
            () => session.gql('mutation { touchSession { id } }'),
          );
          expect(outcome.data.revokeSession.revokedCount).toBe(1);
          expectOnly(answers, 'UNAUTHENTICATED');
          expect(answers.at(-1)!.extensions).toMatchObject({
            code: 'UNAUTHENTICATED',
            endReason: 'REVOKED_BY_USER',
          });
          expect(
            await query(app, sql`select end_reason from sessions where id = ${session.sessionId}`),
          ).toEqual([{ end_reason: 'REVOKED_BY_USER' }]);
        },
      );
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'ten simultaneous revocations of one session count one and write one audit row',
    async () => {
      await inRounds(
        100,
        4,
        () => signedInOwner(app),
        async ({ owner, boss }) => {
          const { sessionId } = await owner.login();
          const answers = await inParallel(10, () => boss.gql(REVOKE, { sessionId }));
          expectOnly(answers);
          const counts = answers.map(({ data }) => data.revokeSession.revokedCount as number);
          expect(counts.reduce((sum, count) => sum + count)).toBe(1);
          expect(await auditCount(sessionId, 'session.ended')).toBe(1);
        },
      );
    },
    RACE_TIMEOUT_MS,
  );

  test.each([
    ['demote each other', [DEMOTE, DEMOTE]],
    ['deactivate each other', [DEACTIVATE, DEACTIVATE]],
    ['demote and deactivate each other', [DEMOTE, DEACTIVATE]],
  ])(
    'two owners who %s at once leave one active owner',
    async (_, mutations) => {
      await inRounds(70, 4, twoOwners, async ({ id, owners }) => {
        const sessions = await Promise.all(owners.map((owner) => owner.login()));
        const answers = await inParallel(2, (index) =>
          sessions[index]!.gql(mutations[index]!, { userId: owners[1 - index]!.id }),
        );
        expectOnly(answers, 'FORBIDDEN', 'UNAUTHENTICATED');
        expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
        const left = sql`select id from users where account_id = ${id} and role = 'OWNER' and is_active`;
        expect(await query(app, left)).toHaveLength(1);
        await query(app, sql`update users set role = 'OWNER', is_active = true where account_id = ${id}`);
      });
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'two owners who step down at once leave one active owner',
    async () => {
      const lane = async () => {
        const { id, owners } = await twoOwners();
        return { id, owners, sessions: await Promise.all(owners.map((owner) => owner.login())) };
      };
      await inRounds(50, 4, lane, async ({ id, owners, sessions }) => {
        const answers = await inParallel(2, (index) =>
          sessions[index]!.gql(DEMOTE, { userId: owners[index]!.id }),
        );
        expectOnly(answers, 'BAD_USER_INPUT');
        const refused = answers.filter(({ code }) => code !== undefined);
        expect(refused.map(({ extensions }) => extensions.reason)).toEqual(['LAST_OWNER']);
        await query(app, sql`update users set role = 'OWNER' where account_id = ${id}`);
      });
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'of five policies saved on the same version one is accepted and four are conflicts',
    async () => {
      const lane = async () => {
        const account = await app.seed.account();
        return { account, boss: await account.owner.login(), version: 0 };
      };
      await inRounds(100, 4, lane, async (lane) => {
        const answers = await inParallel(5, (index) => {
          const input = {
            idleMinutes: 10 + index,
            absoluteMinutes: 100 + index,
            expectedVersion: lane.version,
          };
          return lane.boss.gql(UPDATE, { input });
        });
        expectOnly(answers, 'CONFLICT');
        const [saved, ...others] = answers.filter(({ code }) => code === undefined);
        expect(others).toEqual([]);
        lane.version += 1;
        expect(saved!.data.updateSessionPolicy.sessionPolicy.version).toBe(lane.version);
        expect(await auditCount(lane.account.id, 'account.session_policy_update')).toBe(lane.version);
      });
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'concurrent bulk revocations count every session once',
    async () => {
      const lane = async () => {
        const { account, member } = await accountWithMember(app);
        return { member, boss: await account.owner.login() };
      };
      await inRounds(50, 4, lane, async ({ member, boss }) => {
        await inParallel(4, () => member.login());
        const answers = await inParallel(4, (index) =>
          index % 2 === 0
            ? boss.gql('mutation { revoked: revokeSessions(scope: OTHERS) { revokedCount } }')
            : boss.gql('mutation ($id: ID!) { revoked: revokeUserSessions(userId: $id) { revokedCount } }', {
                id: member.id,
              }),
        );
        expectOnly(answers);
        const counts = answers.map(({ data }) => data.revoked.revokedCount as number);
        expect(counts.reduce((sum, count) => sum + count)).toBe(4);
      });
    },
    RACE_TIMEOUT_MS,
  );
});
