import { sql } from 'kysely';
import { UsageError } from '../../server/cli/arguments.ts';
import { User } from '../../server/accounts/user.entity.ts';
import { auditRows, CURRENT_SESSION, sessionEnd } from '../accounts/account-calls.ts';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { present } from '../refresh/refresh-calls.ts';
import { prepareCommand, runCommand } from './admin-commands.ts';

const MINUTE = 60_000;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const SYSTEM_ACTOR = { actor_id: null, actor_name: 'system', ip_address: null };

const jsonOf = async (app: TestApp, ...args: string[]): Promise<any> =>
  JSON.parse(await runCommand(app, ...args, '--json'));

onUsualDatabase((kind) => {
  let app: TestApp;
  let account: SeededAccount;
  beforeAll(async () => {
    app = await startApp({ database: kind });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
  });
  // Time moves on, so that the audit trail has an order.
  const admin = (...args: string[]) => (app.clock.advance(1), runCommand(app, ...args));
  const json = (...args: string[]) => (app.clock.advance(1), jsonOf(app, ...args));

  test('list-accounts shows users, live sessions, limits and owners', async () => {
    const member = await account.addUser();
    await Promise.all([account.owner.login(), member.login(), member.login()]);
    const { accounts, hasMore } = await json('list-accounts', '--search', account.id);
    expect(accounts).toEqual([
      {
        id: account.id,
        name: expect.stringMatching(/^Account /),
        externalId: null,
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        userCount: 2,
        liveSessionCount: 3,
        policy: {
          idleMinutes: null,
          absoluteMinutes: null,
          effectiveIdleMinutes: 4320,
          effectiveAbsoluteMinutes: 20160,
          rules: [],
          maxSessionsPerUser: null,
          sessionLimitAction: 'DENY',
          version: 0,
        },
        owners: [{ id: account.owner.id, name: expect.any(String), email: account.owner.email }],
      },
    ]);
    expect(hasMore).toBe(false);
    const table = await admin('list-accounts', '--search', account.id.toUpperCase());
    expect(table.split('\n')[2]).toMatch(
      new RegExp(`^${account.id} .* 4320 \\(default\\) .*${account.owner.email}$`),
    );
  });

  test('list-users finds by part of a name or e-mail, takes wildcards literally, and says when there are more', async () => {
    const member = await account.addUser();
    const found = async (...args: string[]) =>
      (await json('list-users', ...args)).users.map(({ id }: { id: string }) => id);
    expect((await found('--account', account.id)).toSorted()).toEqual(
      [account.owner.id, member.id].toSorted(),
    );
    expect(await found('--search', member.email.toUpperCase())).toEqual([member.id]);
    expect(await found('--account', account.id, '--search', '%')).toEqual([]);
    expect(await found('--account', account.id, '--search', 'a\0b')).toEqual([]);
    expect(await json('list-users', '--account', account.id, '--limit', '1')).toMatchObject({
      users: [
        { accountId: account.id, isActive: true, canSignIn: true, hasPassword: true, liveSessionCount: 0 },
      ],
      hasMore: true,
    });
    expect(await admin('list-users', '--account', account.id, '--limit', '1')).toMatch(
      /\nThere are more than these 1 users\. Use --limit/,
    );
    await expect(admin('list-users', '--account', UNKNOWN)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('list-sessions and show-session show deadlines, state and how a session ended', async () => {
    const first = await account.owner.login(
      {},
      { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' } },
    );
    app.clock.advance(MINUTE);
    const second = await account.owner.login();
    const ids = async (...args: string[]) =>
      (await json('list-sessions', ...args)).sessions.map(({ id }: { id: string }) => id);
    for (const by of [
      ['--account', account.id],
      ['--user', account.owner.id],
      ['--email', account.owner.email.toUpperCase()],
    ])
      expect(await ids(...by)).toEqual([second.sessionId, first.sessionId]);

    const { session } = await json('show-session', '--session', first.sessionId);
    expect(session).toMatchObject({
      id: first.sessionId,
      user: { id: account.owner.id, email: account.owner.email },
      appType: 'CONTROL_PANEL',
      device: 'Firefox on Linux',
      idleExpiresAt: first.payload.idleExpiresAt,
      absoluteExpiresAt: first.payload.absoluteExpiresAt,
      idleMinutes: 4320,
      state: 'live',
      endReason: null,
    });
    // Nothing has swept: past its deadline it has ended all the same.
    app.clock.advance(4320 * MINUTE);
    expect(await ids('--account', account.id)).toEqual([]);
    const { sessions } = await json('list-sessions', '--account', account.id, '--ended');
    expect(sessions[1]).toMatchObject({
      id: first.sessionId,
      state: 'ended',
      endedAt: first.payload.idleExpiresAt,
      endReason: 'IDLE_TIMEOUT',
    });
    expect(await admin('show-session', '--session', first.sessionId)).toMatch(/^end reason: +IDLE_TIMEOUT$/m);
    await expect(admin('show-session', '--session', 'unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('what people wrote does not command the terminal', async () => {
    const evil = '\u001b]0;owned\u0007\u202eevil\u009b31m\u2028';
    await app.database
      .em()
      .nativeUpdate(User, { id: account.owner.id }, { name: evil, email: `${evil}@x.test` });
    await account.owner.login({}, { headers: { 'user-agent': 'Mozilla/5.0 \u009b31m Firefox/140.0' } });
    const { sessions } = await json('list-sessions', '--account', account.id);
    for (const args of [
      ['list-accounts', '--search', account.id],
      ['list-users', '--account', account.id],
      ['list-sessions', '--account', account.id],
      ['show-session', '--session', sessions[0].id],
      ['set-active', '--user', account.owner.id, '--state', 'active'],
    ]) {
      const text = await admin(...args);
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u);
      expect(text).toContain('\\u{1b}]0;owned\\u{7}\\u{202e}evil');
      const document = await admin(...args, '--json');
      expect(document).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u);
      // Nothing is lost in JSON.
      expect(JSON.stringify(JSON.parse(document))).toContain(JSON.stringify(evil).slice(1, -1));
    }
  });

  test('end-sessions ends one session, those of a user, or those of an account, each with its audit row', async () => {
    const member = await account.addUser();
    const [one, two, three] = [await member.login(), await member.login(), await account.owner.login()];
    const other = await (await app.seed.account()).owner.login();

    const plan = await json('end-sessions', '--session', one.sessionId, '--plan');
    expect(plan).toEqual({ plan: true, since: null, endedSessions: 1, accounts: 1, keptSessions: 0 });
    expect((await one.gql(CURRENT_SESSION)).code).toBeUndefined();
    expect(await admin('end-sessions', '--session', one.sessionId)).toBe('Ended 1 session in 1 account.');
    expect(await one.gql(CURRENT_SESSION)).toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { endReason: 'REVOKED_BY_SERVICE' },
    });
    expect(await json('end-sessions', '--session', one.sessionId)).toMatchObject({
      endedSessions: 0,
      accounts: 0,
    });

    expect(await json('end-sessions', '--email', member.email)).toMatchObject({
      endedSessions: 1,
      accounts: 1,
    });
    expect((await two.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await three.gql(CURRENT_SESSION)).code).toBeUndefined();
    expect(await json('end-sessions', '--all', '--account', account.id)).toMatchObject({ endedSessions: 1 });
    expect((await three.gql(CURRENT_SESSION)).code).toBe('UNAUTHENTICATED');
    expect((await other.gql(CURRENT_SESSION)).code).toBeUndefined();

    const trail = (await auditRows(app, account.id)).filter(({ actor_name }) => actor_name === 'system');
    expect(trail.slice(1)).toEqual([
      {
        ...SYSTEM_ACTOR,
        action: 'session.ended',
        resource_type: 'session',
        resource_id: one.sessionId,
        details: { reason: 'REVOKED_BY_SERVICE', user_id: member.id },
      },
      {
        ...SYSTEM_ACTOR,
        action: 'user.sessions_revoked',
        resource_type: 'user',
        resource_id: member.id,
        details: { revoked_count: 1 },
      },
      {
        ...SYSTEM_ACTOR,
        action: 'account.sessions_revoked_bulk',
        resource_type: 'account',
        resource_id: account.id,
        details: { scope: 'all', revoked_count: 1 },
      },
    ]);
  });

  test('with --since those who signed in after that time stay signed in', async () => {
    const second = await app.seed.account();
    const member = await account.addUser();
    const old = [await account.owner.login(), await member.login(), await second.owner.login()];
    const since = app.clock.now().toISOString();
    app.clock.advance(1);
    const young = await member.login();

    const options = ['--since', since, '--account', account.id];
    expect(await admin('end-sessions', ...options, '--plan')).toMatch(
      /^Would end 2 sessions in 1 account\. Nothing was changed\.\nWould keep 1 session that began after /,
    );
    expect(await json('end-sessions', '--email', member.email, '--since', since)).toMatchObject({
      endedSessions: 1,
      keptSessions: 1,
    });
    expect(await json('end-sessions', '--all', '--since', since)).toMatchObject({ keptSessions: 1, since });
    for (const session of old)
      expect(await sessionEnd(app, session.sessionId)).toMatchObject({ end_reason: 'REVOKED_BY_SERVICE' });
    expect((await young.gql(CURRENT_SESSION)).code).toBeUndefined();
    expect((await auditRows(app, account.id)).at(-1)!.details).toEqual({
      scope: 'all',
      revoked_count: 1,
      signed_in_by: since,
    });
    const future = new Date(app.clock.now().getTime() + MINUTE).toISOString();
    await expect(admin('end-sessions', '--all', '--since', future)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  test('set-policy --plan counts and changes nothing; set-policy changes like the mutation', async () => {
    const signedIn = await account.owner.login();
    app.clock.advance(20 * MINUTE);
    const lately = await account.owner.login();
    const set = ['set-policy', '--account', account.id, '--idle-minutes', '15', '--absolute-minutes', '720'];
    expect(await json(...set, '--plan')).toEqual({
      plan: true,
      accountId: account.id,
      idleMinutes: 15,
      absoluteMinutes: 720,
      activeSessions: 2,
      endNow: 1,
      endWithinHour: 1,
      shortened: 1,
    });
    expect(await admin(...set, '--plan')).toMatch(
      /of 2 live sessions 1 would end now and 1 [^]*Nothing was changed\.$/,
    );
    expect((await json('list-accounts', '--search', account.id)).accounts[0].policy.version).toBe(0);

    expect(await json(...set)).toMatchObject({ plan: false, version: 1, apply: 'NEXT_LOGIN' });
    expect((await signedIn.gql(CURRENT_SESSION)).code).toBe('UNAUTHENTICATED');
    expect(await json(...set, '--apply', 'active-sessions')).toMatchObject({
      version: 2,
      apply: 'ACTIVE_SESSIONS',
      endedSessions: 1,
      shortenedSessions: 1,
    });
    expect(await sessionEnd(app, signedIn.sessionId)).toMatchObject({ end_reason: 'POLICY_CHANGED' });
    expect((await json('show-session', '--session', lately.sessionId)).session).toMatchObject({
      idleMinutes: 15,
      absoluteMinutes: 720,
      state: 'live',
    });
    expect((await auditRows(app, account.id)).at(-1)).toEqual({
      ...SYSTEM_ACTOR,
      action: 'account.session_policy_update',
      resource_type: 'account',
      resource_id: account.id,
      details: {
        old: { idle_minutes: 15, absolute_minutes: 720 },
        new: { idle_minutes: 15, absolute_minutes: 720 },
        effective_old: { idle_minutes: 15, absolute_minutes: 720 },
        effective_new: { idle_minutes: 15, absolute_minutes: 720 },
        apply: 'active_sessions',
        ended_count: 1,
        shortened_count: 1,
      },
    });
    const back = [
      'set-policy',
      '--account',
      account.id,
      '--idle-minutes',
      'default',
      '--absolute-minutes',
      'default',
    ];
    expect(await json(...back)).toMatchObject({ idleMinutes: 4320, absoluteMinutes: 20160, version: 3 });
    const wrong = ['set-policy', '--account', account.id, '--idle-minutes', '9', '--absolute-minutes', '720'];
    for (const args of [wrong, [...wrong, '--plan']])
      await expect(admin(...args)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { reason: 'OUT_OF_BOUNDS' },
      });
  });

  test('set-policy sets and clears rules and the maximum of sessions, and leaves what it does not name', async () => {
    const limits = [
      'set-policy',
      '--account',
      account.id,
      '--idle-minutes',
      '600',
      '--absolute-minutes',
      '6000',
    ];
    const rules = [
      { role: 'OWNER', appType: 'CONTROL_PANEL', idleMinutes: 15, absoluteMinutes: 720 },
      { role: null, appType: 'TENANT_APP', idleMinutes: 60, absoluteMinutes: 1440 },
    ];
    const set = [...limits, '--rule', 'owner/control-panel/15/720', '--rule', 'any/tenant-app/60/1440'];
    await account.owner.login();
    const plan = await json(...set, '--max-sessions', '3', '--plan');
    expect(plan).toMatchObject({
      activeSessions: 1,
      byRule: [
        { rule: rules[0], activeSessions: 1, shortened: 1 },
        { rule: rules[1], activeSessions: 0 },
        { rule: null, activeSessions: 0 },
      ],
    });
    expect(await admin(...set, '--plan')).toMatch(
      /^Of owner\/control-panel\/15\/720: .* of 1 live sessions 0 would end/m,
    );
    const saved = { rules, maxSessionsPerUser: 3, sessionLimitAction: 'END_OLDEST' };
    const all = [...set, '--max-sessions', '3', '--limit-action', 'end-oldest'];
    expect(await json(...all)).toMatchObject(saved);
    expect(await json(...limits)).toMatchObject(saved);
    expect((await json('list-accounts', '--search', account.id)).accounts[0].policy).toMatchObject(saved);
    expect(await admin('list-accounts', '--search', account.id)).toMatch(
      /owner\/control-panel\/15\/720 any\/tenant-app\/60\/1440 +3 \(END_OLDEST\)/,
    );
    expect((await account.owner.login()).payload.session).toMatchObject({ idleMinutes: 15 });
    expect(await json(...limits, '--rule', 'none', '--max-sessions', 'none')).toMatchObject({
      rules: [],
      maxSessionsPerUser: null,
      sessionLimitAction: 'END_OLDEST',
    });
    await expect(admin(...limits, '--rule', 'any/any/15/720')).rejects.toMatchObject({
      details: { field: 'rules.0', reason: 'REQUIRED' },
    });
    await expect(admin(...limits, '--max-sessions', '101')).rejects.toMatchObject({
      details: { field: 'maxSessionsPerUser' },
    });
  });

  test('set-role applies the limits of the role to live sessions', async () => {
    const set = [
      'set-policy',
      '--account',
      account.id,
      '--idle-minutes',
      '600',
      '--absolute-minutes',
      '6000',
    ];
    await json(...set, '--rule', 'owner/any/15/720');
    const member = await account.addUser();
    const [past, live] = [await member.login(), await member.login()];
    app.clock.advance(15 * MINUTE - 1);
    expect((await present(app, live.refreshToken)).errors).toBeUndefined();
    app.clock.advance(1);
    await json('set-role', '--user', member.id, '--role', 'owner');
    expect(await sessionEnd(app, past.sessionId)).toMatchObject({ end_reason: 'POLICY_CHANGED' });
    expect((await json('show-session', '--session', live.sessionId)).session).toMatchObject({
      idleMinutes: 15,
      state: 'live',
    });
  });

  test('set-role makes another user an owner, and the last owner stays one', async () => {
    const member = await account.addUser();
    expect(await admin('set-role', '--email', member.email, '--role', 'owner')).toMatch(/ is an owner\.$/);
    const signedIn = await member.login();
    expect(signedIn.payload.user.role).toBe('OWNER');
    expect((await auditRows(app, account.id)).find(({ action }) => action === 'user.role_changed')).toEqual({
      ...SYSTEM_ACTOR,
      action: 'user.role_changed',
      resource_type: 'user',
      resource_id: member.id,
      details: { old: 'MEMBER', new: 'OWNER', ended_count: 0, shortened_count: 0 },
    });
    expect(await json('set-active', '--user', account.owner.id, '--state', 'inactive')).toMatchObject({
      user: { id: account.owner.id, isActive: false },
    });
    for (const args of [
      ['set-role', '--user', member.id, '--role', 'member'],
      ['set-active', '--user', member.id, '--state', 'inactive'],
    ])
      await expect(admin(...args)).rejects.toMatchObject({ details: { reason: 'LAST_OWNER' } });
    await expect(admin('set-role', '--user', UNKNOWN, '--role', 'owner')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

onPostgres(() => {
  test('of very many sessions the old ones end, in batches, beside one that stays', async () => {
    const app = await startApp({ database: 'postgresql' });
    try {
      const account = await app.seed.account();
      const first = await account.owner.login();
      const since = app.clock.now();
      await sql`
        insert into sessions select (jsonb_populate_record(s, jsonb_build_object('id', 'copy-' || n))).*
        from sessions s, generate_series(1, 10050) n where s.id = ${first.sessionId}`.execute(
        app.database.em().getKysely(),
      );
      app.clock.advance(1);
      const young = await account.owner.login();
      expect(await jsonOf(app, 'end-sessions', '--all', '--since', since.toISOString())).toMatchObject({
        endedSessions: 10_051,
        keptSessions: 1,
      });
      expect((await young.gql(CURRENT_SESSION)).code).toBeUndefined();
      expect(await jsonOf(app, 'end-sessions', '--all')).toMatchObject({ endedSessions: 1 });
    } finally {
      await app.close();
    }
  }, 60_000);
});

test.each([
  [['end-sessions']],
  [['end-sessions', '--user', UNKNOWN, '--email', 'a@example.test']],
  [['end-sessions', '--all', '--user', UNKNOWN]],
  [['end-sessions', '--session', 'x', '--since', '2026-12-01T03:00:00Z']],
  [['end-sessions', '--all', '--since', 'yesterday']],
  [['end-sessions', '--all', '--since', '2026-12-01']],
  [['list-sessions']],
  [['list-sessions', '--user', UNKNOWN, '--account', UNKNOWN]],
  [['list-users', '--limit', '0']],
  [['list-users', '--limit', '10001']],
  [['list-users', '--limit', '1e3']],
  [['set-policy', '--account', UNKNOWN, '--idle-minutes', '30']],
  [['set-policy', '--account', UNKNOWN, '--idle-minutes', '1.5', '--absolute-minutes', '60']],
  [
    [
      'set-policy',
      '--account',
      UNKNOWN,
      '--idle-minutes',
      '30',
      '--absolute-minutes',
      '60',
      '--apply',
      'now',
    ],
  ],
  ...[
    ['--rule', 'owner/control-panel/15'],
    ['--rule', 'owner/control-panel/15/720/1'],
    ['--rule', 'admin/any/15/720'],
    ['--rule', 'owner/constructor/15/720'],
    ['--rule', 'owner/any/1.5/720'],
    ['--rule', 'none', '--rule', 'owner/any/15/720'],
    ['--max-sessions', '-1'],
    ['--max-sessions', 'many'],
    ['--limit-action', 'DENY'],
  ].map((more): [string[]] => [
    ['set-policy', '--account', UNKNOWN, '--idle-minutes', '30', '--absolute-minutes', '60', ...more],
  ]),
  [['set-role', '--role', 'owner']],
  [['set-role', '--user', UNKNOWN, '--role', 'admin']],
  [['set-active', '--user', UNKNOWN, '--state', 'constructor']],
])('%j is wrong usage', (args) => {
  expect(() => prepareCommand(args)).toThrow(UsageError);
});
