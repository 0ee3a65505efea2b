import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { dataOf, readPolicy, startPolicyApp } from './policy-calls.ts';

/** Every field of a session that could fail for its row. */
const FIELDS = `id user { id name lastLoginAt role } appType authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt
  expiresAt expiryReason idleMinutes absoluteMinutes idleWarningSeconds absoluteWarningSeconds device isCurrent
  endedAt endReason`;
const LIST = `query List($status: SessionStatus!) { sessions(status: $status) { totalCount edges { node { ${FIELDS} } } } }`;
const CURRENT = `{ currentSession { ${FIELDS} } }`;
const USER_SESSIONS = `query Live($userId: ID!) { userSessions(userId: $userId) { ${FIELDS} } }`;

const LAST = '9999-12-31T23:59:59.999Z';
const MAX_INT = 2 ** 31 - 1;

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
    // What a later version may do before the nodes of this one are gone.
    await run(sql`alter table sessions drop constraint sessions_app_type_check`);
    await run(sql`alter table users drop constraint users_role_check`);
  });
  afterAll(() => app.close());

  const run = (statement: ReturnType<typeof sql>) => statement.execute(app.database.em().getKysely());

  test('a list shows the row of a session that no version should have written, beside all others', async () => {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const member = await account.addUser();
    const odd = await Promise.all(Array.from({ length: 5 }, () => member.login()));
    const [endless, late, imported, uneven, unknown] = odd.map(({ sessionId }) => sessionId) as [
      string,
      string,
      string,
      string,
      string,
    ];
    await run(
      sql`update sessions set idle_expires_at = 'infinity', absolute_expires_at = 'infinity' where id = ${endless}`,
    );
    await run(
      sql`update sessions set idle_expires_at = '20000-01-01Z', absolute_expires_at = '20000-01-01Z' where id = ${late}`,
    );
    await run(sql`update sessions set is_imported = true, idle_seconds = null, absolute_seconds = null,
      idle_expires_at = '9999-12-31Z', absolute_expires_at = '9999-12-31Z' where id = ${imported}`);
    await run(sql`update sessions set idle_seconds = 3601 where id = ${uneven}`);
    await run(sql`update sessions set app_type = 'KIOSK' where id = ${unknown}`);
    await run(sql`update users set last_login_at = 'infinity', role = 'AUDITOR' where id = ${member.id}`);

    const list = async (status: string): Promise<Map<string, any>> => {
      const { sessions } = dataOf(await owner.gql(LIST, { status }));
      return new Map(sessions.edges.map(({ node }: any) => [node.id, node]));
    };
    const live = await list('ACTIVE');
    expect(live.size).toBe(6);
    expect(live.get(endless)).toMatchObject({ expiresAt: LAST, user: { lastLoginAt: LAST, role: 'MEMBER' } });
    expect(live.get(late)).toMatchObject({ absoluteExpiresAt: LAST });
    expect(live.get(imported)).toMatchObject({ idleMinutes: MAX_INT, absoluteMinutes: MAX_INT });
    expect(live.get(uneven)).toMatchObject({ idleMinutes: 61 });
    expect(live.get(unknown)).toMatchObject({ appType: 'TENANT_APP' });
    expect(dataOf(await odd[0]!.gql(CURRENT)).currentSession).toMatchObject({ id: endless, expiresAt: LAST });
    expect((await readPolicy(owner)).activeUsers).toContainEqual(
      expect.objectContaining({ userId: member.id, lastLoginAt: LAST, sessionCount: 5 }),
    );
    const { key } = await app.seed.serviceKey(account.id);
    const { userSessions } = dataOf(await app.gql(USER_SESSIONS, { userId: member.id }, { token: key }));
    expect(userSessions).toHaveLength(5);

    await run(
      sql`update sessions set ended_at = authenticated_at, end_reason = 'TELEPORTED' where id = ${unknown}`,
    );
    const ended = await list('ENDED');
    expect([...ended.values()]).toEqual([
      expect.objectContaining({ id: unknown, endReason: 'REVOKED_BY_SERVICE' }),
    ]);
  });
});
