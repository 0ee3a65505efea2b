import { sql } from 'kysely';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { claimsOf } from '../seed.ts';
import {
  accountRow,
  auditRows,
  IMPACT,
  POLICY_UPDATE,
  READ_POLICY,
  readPolicy,
  REVOKE_ALL,
  REVOKE_OTHERS,
  SAVE_POLICY,
  savePolicy,
  sessionRow,
  sessionRows,
  startPolicyApp,
  trySave,
} from './policy-calls.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  afterAll(() => app.close());

  test('The policy query returns null overrides, the defaults, the bounds, and non-empty active users after a login, last login first', async () => {
    const account = await app.seed.account();
    const member = await account.addUser();
    const silent = await account.addUser();
    const stranger = await (await app.seed.account()).owner.login();
    const owner = await account.owner.login();
    app.clock.advance(1000);
    await member.login();
    app.clock.advance(1000);
    const { payload } = await member.login();

    const policy = await readPolicy(owner);
    expect(policy).toMatchObject({
      idleMinutes: null,
      absoluteMinutes: null,
      effectiveIdleMinutes: 4320,
      effectiveAbsoluteMinutes: 20_160,
      idleMinutesMin: 10,
      idleMinutesMax: 43_200,
      absoluteMinutesMin: 30,
      absoluteMinutesMax: 129_600,
      preset: 'STRICT',
      warningSeconds: 300,
      absoluteWarningSeconds: 300,
      version: 0,
      updatedAt: null,
      updatedBy: null,
      activeUserCount: 2,
    });
    expect(policy.activeUsers).toEqual([
      {
        userId: member.id,
        name: payload.user.name,
        email: member.email,
        lastLoginAt: payload.session.authenticatedAt,
        sessionCount: 2,
        isViewer: false,
      },
      {
        userId: account.owner.id,
        name: owner.payload.user.name,
        email: account.owner.email,
        lastLoginAt: owner.payload.session.authenticatedAt,
        sessionCount: 1,
        isViewer: true,
      },
    ]);
    expect(JSON.stringify(policy)).not.toContain(silent.id);
    expect(JSON.stringify(policy)).not.toContain(stranger.payload.user.id);
  });

  test('60/240 minutes persist and the next login carries 3600 and 14400 seconds; live sessions keep theirs', async () => {
    const { owner } = await app.seed.account();
    const before = await owner.login();
    const rows = await sessionRows(app, owner.accountId);
    app.clock.advance(1000);
    await savePolicy(before, { idleMinutes: 60, absoluteMinutes: 240 });

    expect(await readPolicy(before)).toMatchObject({
      idleMinutes: 60,
      absoluteMinutes: 240,
      effectiveIdleMinutes: 60,
      effectiveAbsoluteMinutes: 240,
      preset: 'CUSTOM',
      version: 1,
      updatedAt: app.clock.now().toISOString(),
      updatedBy: { id: owner.id },
    });
    expect(await sessionRows(app, owner.accountId)).toEqual(rows);

    const next = await owner.login();
    expect(claimsOf(next.refreshToken)).toMatchObject({ idle_max: 3600, abs_max: 14_400 });
    expect(await sessionRow(app, { accountId: owner.accountId, sessionId: next.sessionId })).toMatchObject({
      idle_seconds: 3600,
      absolute_seconds: 14_400,
    });
    const renewed = (await before.refresh()).data.refreshSession;
    expect(claimsOf(renewed.refreshToken)).toMatchObject({ idle_max: 259_200, abs_max: 1_209_600 });
  });

  test('null clears an override', async () => {
    const { owner } = await app.seed.account();
    const caller = await owner.login();
    await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 10_080 });
    expect(await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: null })).toMatchObject({
      idleMinutes: 60,
      absoluteMinutes: null,
      effectiveAbsoluteMinutes: 20_160,
    });
    // Absent is null: the two fields are the whole policy.
    expect(await savePolicy(caller, { absoluteMinutes: 10_080 })).toMatchObject({
      idleMinutes: null,
      absoluteMinutes: 10_080,
      effectiveIdleMinutes: 4320,
    });
    expect(await accountRow(app, owner.accountId)).toMatchObject({
      idle_minutes: null,
      absolute_minutes: 10_080,
    });
  });

  test('A member gets FORBIDDEN for the policy, for updating it and for revoking', async () => {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const member = await (await account.addUser()).login();
    const input = { idleMinutes: 60, absoluteMinutes: 240 };
    for (const [query, variables] of [
      [READ_POLICY, {}],
      [`{ sessionPolicy { version } }`, {}],
      [IMPACT, { input }],
      [SAVE_POLICY, { input }],
      [SAVE_POLICY, { input: { idleMinutes: 1 } }],
      [REVOKE_ALL, {}],
      [REVOKE_OTHERS, {}],
    ] as const) {
      expect((await member.gql(query, variables)).code).toBe('FORBIDDEN');
      expect((await app.gql(query, variables)).code).toBe('UNAUTHENTICATED');
    }
    expect(await readPolicy(owner)).toMatchObject({ idleMinutes: null, version: 0, activeUserCount: 2 });
    const { rows } = await sql`
      select 1 from audit_events where account_id = ${account.id} and action <> 'session.started'
        and action <> 'account.created'`.execute(app.database.em().getKysely());
    expect(rows).toEqual([]);
  });

  test('Exactly one audit row per update with the exact payload; none for a refused one', async () => {
    const { owner } = await app.seed.account();
    const caller = await owner.login();
    const minutes = (idle: number | null, absolute: number | null) => ({
      idle_minutes: idle,
      absolute_minutes: absolute,
    });

    await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 240 });
    await trySave(caller, { idleMinutes: 9 });
    await trySave(caller, { idleMinutes: 60, absoluteMinutes: 240, expectedVersion: 0 });
    app.clock.advance(1000);
    await savePolicy(caller, { idleMinutes: 120, apply: 'ACTIVE_SESSIONS' });

    const common = { actor_id: owner.id, resource_type: 'account', resource_id: owner.accountId };
    const rows = await auditRows(app, owner.accountId, POLICY_UPDATE);
    expect(rows).toMatchObject([common, common]);
    expect(rows.map(({ details }) => details)).toEqual([
      {
        old: minutes(null, null),
        new: minutes(60, 240),
        effective_old: minutes(4320, 20_160),
        effective_new: minutes(60, 240),
        apply: 'next_login',
        ended_count: 0,
        shortened_count: 0,
      },
      {
        old: minutes(60, 240),
        new: minutes(120, null),
        effective_old: minutes(60, 240),
        effective_new: minutes(120, 20_160),
        apply: 'active_sessions',
        ended_count: 0,
        shortened_count: 1,
      },
    ]);
  });

  test('every accepted update is a new version with one audit row, also when nothing changed', async () => {
    const { owner } = await app.seed.account();
    const caller = await owner.login();
    for (const version of [1, 2, 3]) {
      app.clock.advance(1000);
      expect(await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 240 })).toMatchObject({
        version,
        updatedAt: app.clock.now().toISOString(),
      });
      expect(await auditRows(app, owner.accountId, POLICY_UPDATE)).toHaveLength(version);
    }
  });

  test('an owner with an older version gets CONFLICT and writes nothing', async () => {
    const account = await app.seed.account();
    const ana = await account.owner.login();
    const ben = await (await account.addUser('OWNER')).login();
    await savePolicy(ana, { idleMinutes: 60, absoluteMinutes: 240, expectedVersion: 0 });
    const before = await accountRow(app, account.id);
    const policy = { idleMinutes: 30, absoluteMinutes: 120, apply: 'ACTIVE_SESSIONS' };
    for (const expectedVersion of [0, 2, -1])
      expect((await trySave(ben, { ...policy, expectedVersion })).code).toBe('CONFLICT');
    expect(await accountRow(app, account.id)).toEqual(before);
    expect(await auditRows(app, account.id, POLICY_UPDATE)).toHaveLength(1);

    expect(await savePolicy(ben, { ...policy, expectedVersion: 1 })).toMatchObject({
      version: 2,
      updatedBy: { id: ben.payload.user.id },
    });
    expect(await savePolicy(ana, { ...policy, expectedVersion: null })).toMatchObject({ version: 3 });
  });
});

onPostgres(() => {
  test('of many owners who save the same version at once, one wins and the others get CONFLICT', async () => {
    const app = await startPolicyApp('postgresql');
    try {
      const { owner } = await app.seed.account();
      const caller = await owner.login();
      for (let version = 0; version < 5; version += 1) {
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            trySave(caller, { idleMinutes: 30 + index, absoluteMinutes: 240, expectedVersion: version }),
          ),
        );
        expect(answers.map(({ code }) => code ?? 'saved').sort()).toEqual([
          ...Array<string>(9).fill('CONFLICT'),
          'saved',
        ]);
        const saved = answers.find(({ errors }) => !errors)!.data.updateSessionPolicy.sessionPolicy;
        expect(await readPolicy(caller)).toMatchObject({
          idleMinutes: saved.idleMinutes,
          version: version + 1,
        });
      }
      expect(await auditRows(app, owner.accountId, POLICY_UPDATE)).toHaveLength(5);
    } finally {
      await app.close();
    }
  });
});
