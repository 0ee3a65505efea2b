import { sql } from 'kysely';
import { migrate } from '../../server/database/migrate.ts';
import { DELETE_USER } from '../deletion/deletion-calls.ts';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { LOGIN, PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import { idsOf, nodesOf, readPage, readPages } from './lists.ts';
import {
  auditRows,
  dataOf,
  HOUR,
  MINUTE,
  POLICY_UPDATE,
  restartWith,
  savePolicy,
  startPolicyApp,
  trySave,
} from './policy-calls.ts';
import { rule } from './rules-calls.ts';
import { readVersions, restore, RESTORE_POLICY, VERSIONS } from './version-calls.ts';

const MIGRATION = '20261130120000-policy-versions';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const run = (statement: ReturnType<typeof sql>) => statement.execute(app.database.em().getKysely());
  async function saveLater(input: Record<string, unknown>): Promise<string> {
    app.clock.advance(MINUTE);
    await savePolicy(owner, input);
    return app.clock.now().toISOString();
  }
  const versionsOf = (versions: any[]) => versions.map(({ version }) => version);

  test('every save is a version, newest first, with what it did and who saved it', async () => {
    const member = await account.addUser();
    expect(await readVersions(owner)).toEqual([]);
    await member.login();
    const owners = rule('OWNER', 'CONTROL_PANEL', 15, 60);
    const first = await saveLater({ idleMinutes: 60, rules: [owners], maxSessionsPerUser: 3 });
    app.clock.advance(HOUR);
    await member.login();
    const second = await saveLater({ idleMinutes: 30, absoluteMinutes: 720, apply: 'ACTIVE_SESSIONS' });
    const createdBy = { id: account.owner.id, name: owner.payload.user.name };
    const again = await account.owner.login();
    expect(await readVersions(again)).toEqual([
      {
        version: 2,
        createdAt: second,
        createdBy,
        idleMinutes: 30,
        absoluteMinutes: 720,
        effectiveIdleMinutes: 30,
        effectiveAbsoluteMinutes: 720,
        rules: [owners],
        maxSessionsPerUser: 3,
        sessionLimitAction: 'DENY',
        apply: 'ACTIVE_SESSIONS',
        // The first session of the member, and the owner's, which has been idle for over an hour.
        endedSessions: 2,
        shortenedSessions: 1,
        restoredFrom: null,
      },
      {
        version: 1,
        createdAt: first,
        createdBy,
        idleMinutes: 60,
        absoluteMinutes: null,
        effectiveIdleMinutes: 60,
        effectiveAbsoluteMinutes: 20_160,
        rules: [owners],
        maxSessionsPerUser: 3,
        sessionLimitAction: 'DENY',
        apply: 'NEXT_LOGIN',
        endedSessions: 0,
        shortenedSessions: 0,
        restoredFrom: null,
      },
    ]);
  });

  test('what is refused is no version', async () => {
    await savePolicy(owner, { idleMinutes: 60 });
    expect((await trySave(owner, { idleMinutes: 5 })).code).toBe('BAD_USER_INPUT');
    expect((await trySave(owner, { idleMinutes: 30, expectedVersion: 0 })).code).toBe('CONFLICT');
    expect(versionsOf(await readVersions(owner))).toEqual([1]);
  });

  test('the list has pages, and a version that is saved between two moves nothing', async () => {
    for (let count = 1; count <= 5; count += 1) await savePolicy(owner, { idleMinutes: 10 * count });
    const pages = await readPages(owner, VERSIONS, { first: 2 }, () => savePolicy(owner, {}));
    expect(pages.flatMap(nodesOf).map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    expect(pages.map(({ totalCount }) => totalCount)[0]).toBe(5);
    expect(pages[0]!.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(idsOf(await readPage(owner, VERSIONS, { first: 1 }))).toHaveLength(1);
    for (const first of [0, 101, -1])
      expect((await owner.gql(VERSIONS, { first })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'first',
      });
    for (const after of ['', 'x', 'djA', Buffer.from('v01').toString('base64url'), '\0'])
      expect((await owner.gql(VERSIONS, { after })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'after',
      });
  });

  test('versions are for owners, of their own account', async () => {
    await savePolicy(owner, { idleMinutes: 60 });
    const member = await (await account.addUser()).login();
    expect((await member.gql(VERSIONS)).code).toBe('FORBIDDEN');
    expect((await restore(member, { version: 1 })).code).toBe('FORBIDDEN');
    const neighbour = await (await app.seed.account()).owner.login();
    expect(await readVersions(neighbour)).toEqual([]);
    expect((await restore(neighbour, { version: 1 })).code).toBe('NOT_FOUND');
  });

  test('the version of a deleted user names no one', async () => {
    const second = await account.addUser('OWNER');
    const session = await second.login();
    await savePolicy(session, { idleMinutes: 60 });
    await dataOf(await owner.gql(DELETE_USER, { userId: second.id }));
    expect((await readVersions(owner))[0]).toMatchObject({
      createdBy: { id: second.id, name: 'Deleted user' },
    });
  });

  describe('restoring', () => {
    test('saves the whole earlier policy as a new version, with one audit row', async () => {
      const owners = rule('OWNER', null, 15, 60);
      const whole = {
        idleMinutes: 60,
        absoluteMinutes: 720,
        rules: [owners],
        maxSessionsPerUser: 2,
        sessionLimitAction: 'ASK',
      };
      await saveLater(whole);
      await saveLater({ rules: null, maxSessionsPerUser: null, sessionLimitAction: null });
      app.clock.advance(MINUTE);
      const restored = dataOf(await restore(owner, { version: 1, expectedVersion: 2 })).restoreSessionPolicy;
      expect(restored).toEqual({
        endedSessions: 0,
        shortenedSessions: 0,
        sessionPolicy: { version: 3, ...whole },
      });
      expect((await readVersions(owner))[0]).toMatchObject({ version: 3, ...whole, restoredFrom: 1 });
      const rows = await auditRows(app, account.id, POLICY_UPDATE);
      expect(rows).toHaveLength(3);
      expect(rows[2]).toMatchObject({
        actor_id: account.owner.id,
        details: {
          restored_from: 1,
          old: { idle_minutes: null, rules: [] },
          new: { idle_minutes: 60, absolute_minutes: 720, max_sessions_per_user: 2 },
          apply: 'next_login',
        },
      });
      expect(rows[1].details).not.toHaveProperty('restored_from');
      // A restoration of a restoration is one of that version.
      await restore(owner, { version: 3 });
      expect((await readVersions(owner))[0]).toMatchObject({ version: 4, restoredFrom: 3 });
    });

    test('with ACTIVE_SESSIONS it shortens live sessions', async () => {
      await saveLater({ idleMinutes: 30, absoluteMinutes: 60 });
      await saveLater({});
      const { sessionId } = await (await account.addUser()).login();
      expect(
        dataOf(await restore(owner, { version: 1, apply: 'ACTIVE_SESSIONS' })).restoreSessionPolicy,
      ).toMatchObject({ endedSessions: 0, shortenedSessions: 2 });
      const { rows } = await run(sql`select idle_seconds from sessions where id = ${sessionId}`);
      expect(rows).toEqual([{ idle_seconds: 1800 }]);
    });

    test('an unknown version is NOT_FOUND, an outdated one CONFLICT, and nothing is written', async () => {
      await savePolicy(owner, { idleMinutes: 60 });
      for (const version of [0, -1, 2, 2_147_483_647])
        expect((await restore(owner, { version })).code).toBe('NOT_FOUND');
      expect((await restore(owner, { version: 1, expectedVersion: 0 })).code).toBe('CONFLICT');
      expect(versionsOf(await readVersions(owner))).toEqual([1]);
      expect(await auditRows(app, account.id, POLICY_UPDATE)).toHaveLength(1);
    });

    test('the bounds of now count', async () => {
      await savePolicy(owner, { idleMinutes: 60, absoluteMinutes: 720 });
      await savePolicy(owner, { idleMinutes: 20, absoluteMinutes: 30 });
      const stricter = await restartWith(app, {
        SESSION_IDLE_MINUTES_MAX: '30',
        SESSION_IDLE_MINUTES_DEFAULT: '30',
      });
      try {
        const input = { email: account.owner.email, password: PASSWORD };
        const token = dataOf(await stricter.gql(LOGIN, { input })).login.accessToken;
        const answer = await stricter.gql(RESTORE_POLICY, { version: 1 }, { token });
        expect(answer.extensions).toMatchObject({
          code: 'BAD_USER_INPUT',
          field: 'idleMinutes',
          max: 30,
          reason: 'OUT_OF_BOUNDS',
        });
      } finally {
        await stricter.close();
      }
      expect(versionsOf(await readVersions(owner))).toEqual([2, 1]);
    });
  });

  describe('versions of nodes that know no versions', () => {
    test('one that is saved beside this version is added with its commit', async () => {
      const now = app.clock.now();
      const details = {
        old: {},
        new: { idle_minutes: 45, absolute_minutes: null },
        effective_new: { idle_minutes: 45, absolute_minutes: 20_160 },
        apply: 'active_sessions',
        ended_count: 3,
        shortened_count: 4,
      };
      // In the other order than this version writes them.
      await app.database.transaction(async (em) => {
        const db = em.getKysely();
        await sql`update accounts set idle_minutes = 45, policy_version = policy_version + 1, policy_updated_at = ${now},
          policy_updated_by_id = ${account.owner.id} where id = ${account.id}`.execute(db);
        await sql`
          insert into audit_events (id, account_id, action, actor_id, actor_name, resource_type, resource_id, details, created_at,
            retain_until)
          values (gen_random_uuid(), ${account.id}, ${POLICY_UPDATE}, ${account.owner.id}, 'Ana', 'account', ${account.id},
            ${JSON.stringify(details)}::jsonb, ${now}, ${now}::timestamptz + interval '1 day')`.execute(db);
      });
      await saveLater({ idleMinutes: 50 });
      expect(await readVersions(owner)).toMatchObject([
        { version: 2, idleMinutes: 50, endedSessions: 0 },
        {
          version: 1,
          createdAt: now.toISOString(),
          createdBy: { id: account.owner.id },
          idleMinutes: 45,
          absoluteMinutes: null,
          effectiveIdleMinutes: 45,
          effectiveAbsoluteMinutes: 20_160,
          apply: 'ACTIVE_SESSIONS',
          endedSessions: 3,
          shortenedSessions: 4,
        },
      ]);
    });

    test('those of before are carried over from the trail, and the present one also without it', async () => {
      const owners = rule('OWNER', null, 15, 60);
      const members = rule('MEMBER', 'TENANT_APP', 20, 120);
      await saveLater({ idleMinutes: 60, rules: [owners] });
      const purged = await saveLater({ rules: [members, owners], maxSessionsPerUser: 3 });
      await saveLater({ idleMinutes: 45, absoluteMinutes: 300, apply: 'ACTIVE_SESSIONS' });
      await saveLater({ rules: null, sessionLimitAction: 'END_OLDEST' });
      await saveLater({});
      const before = await readVersions(owner);
      const lonely = await app.seed.account();
      const other = await lonely.owner.login();
      await savePolicy(other, { idleMinutes: 60, rules: [owners] });
      const [loneVersion] = await readVersions(other);
      await run(sql`alter table audit_events disable trigger user`);
      await run(sql`delete from audit_events where account_id = ${lonely.id} and action = ${POLICY_UPDATE}`);
      await run(sql`delete from audit_events where account_id = ${account.id} and created_at < ${purged}`);
      await run(sql`alter table audit_events enable trigger user`);

      await app.database.orm.migrator.down({ migrations: [MIGRATION] });
      await migrate(app.database);
      // The first one is past its retention.
      expect(await readVersions(owner)).toEqual(before.slice(0, -1));
      expect(await readVersions(other)).toEqual([loneVersion]);
    });
  });
});
