import { sql } from 'kysely';
import { auditRows, INVITE, SET_ACTIVE } from '../accounts/account-calls.ts';
import { onEachDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { UNKNOWN_ID } from '../security/root-fields.ts';
import { backEnd, CREATE_ACCOUNT, CREATE_SESSION, stranger, type BackEnd } from './service-calls.ts';

const usersOf = async (app: TestApp, accountId: string) =>
  (
    await sql<
      Record<string, unknown>
    >`select * from users where account_id = ${accountId} and external_id is not null`.execute(
      app.database.em().getKysely(),
    )
  ).rows;

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let shop: BackEnd;
  let platform: BackEnd;
  beforeAll(async () => {
    app = await startApp({ database });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    shop = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'shop' })).key);
    platform = backEnd(app, (await app.seed.serviceKey(null, { name: 'platform' })).key);
  });

  test('a user is created on first sight, as a member without a sign-in', async () => {
    const who = stranger();
    const { sessionToken, session } = await shop.create(who);
    expect(sessionToken).toMatch(/^[\w-]{43}$/);
    expect(session).toMatchObject({
      appType: 'TENANT_APP',
      ipAddress: null,
      userAgent: null,
      isCurrent: false,
      endedAt: null,
      idleMinutes: 4320,
      absoluteMinutes: 20160,
      user: { name: who.name, email: who.email, role: 'MEMBER', account: { id: account.id } },
    });
    expect(await usersOf(app, account.id)).toMatchObject([
      {
        id: session.user.id,
        external_id: who.externalId,
        sign_in_email: null,
        password_hash: null,
        role: 'MEMBER',
      },
    ]);
    const trail = (await auditRows(app, account.id)).filter(({ actor_name }) => actor_name !== 'system');
    expect(trail.toSorted((one, other) => other.action.localeCompare(one.action))).toMatchObject([
      { action: 'user.created', actor_id: null, actor_name: 'shop', resource_id: session.user.id },
      { action: 'session.started', actor_id: null, actor_name: 'shop', resource_id: session.id },
    ]);
    expect(trail).toHaveLength(2);
  });

  test('only the hash of the session token is stored', async () => {
    const { sessionToken, session } = await shop.create();
    const { rows } = await sql<{ all: string }>`
      select s::text || (select coalesce(string_agg(a::text, ''), '') from audit_events a) as all
      from sessions s where s.id = ${session.id}`.execute(app.database.em().getKysely());
    expect(rows[0]!.all).not.toContain(sessionToken);
    expect(rows[0]!.all).not.toContain(Buffer.from(sessionToken, 'base64url').toString('hex'));
  });

  test('the second time only the id is needed, and a new label is stored', async () => {
    const { externalId } = stranger();
    const first = await shop.create({ externalId, email: 'a@example.test', name: 'Ann' });
    const second = await shop.create({ externalId });
    expect(second.session.user).toEqual(first.session.user);
    const third = await shop.create({ externalId, email: 'b@example.test' });
    expect(third.session.user).toEqual({ ...first.session.user, email: 'b@example.test' });
    const fourth = await shop.create({ externalId, name: 'Ann B.' });
    expect(fourth.session.user).toEqual({ ...third.session.user, name: 'Ann B.' });
    expect(await usersOf(app, account.id)).toHaveLength(1);
  });

  test('the e-mail is a label: it may be the sign-in e-mail of another user', async () => {
    const { session } = await shop.create({ ...stranger(), email: account.owner.email });
    expect(session.user.email).toBe(account.owner.email);
    expect((await account.owner.tryLogin()).errors).toBeUndefined();
  });

  test('an invited user keeps their sign-in e-mail', async () => {
    const { externalId } = stranger();
    const first = await shop.create({ externalId, email: 'label@example.test', name: 'Ann' });
    const owner = await account.owner.login();
    const email = `signs-in-${account.id}@example.test`;
    expect(
      (await owner.gql(INVITE, { input: { userId: first.session.user.id, email } })).errors,
    ).toBeUndefined();
    const { session } = await shop.create({ externalId, email: 'other@example.test', name: 'Ann B.' });
    expect(session.user).toMatchObject({ id: first.session.user.id, email, name: 'Ann B.' });
  });

  test('userId creates a session for any user of the account, whose e-mail stays their sign-in e-mail', async () => {
    const { session } = await shop.create({
      userId: account.owner.id,
      email: 'x@example.test',
      appType: 'CONTROL_PANEL',
    });
    expect(session).toMatchObject({
      appType: 'CONTROL_PANEL',
      user: { id: account.owner.id, email: account.owner.email },
    });
  });

  test('the browser is the one that the call names, never the back end itself', async () => {
    const { session } = await shop.create({
      ...stranger(),
      ipAddress: '2001:db8::1',
      userAgent: `Fire\0fox\n${'x'.repeat(600)}`,
    });
    expect(session.ipAddress).toBe('2001:db8::1');
    expect(session.userAgent).toHaveLength(500);
    expect(session.userAgent).toMatch(/^Fire fox x/);
  });

  test.each([
    ['a pair that would be halved', `${'x'.repeat(499)}\u{1f600}y`, 'x'.repeat(499)],
    ['a pair that just fits', `${'x'.repeat(498)}\u{1f600}y`, `${'x'.repeat(498)}\u{1f600}`],
    ['nothing but pairs', '\u{1f600}'.repeat(400), '\u{1f600}'.repeat(250)],
  ])('a user agent is cut between characters: %s', async (_, userAgent, kept) => {
    const { session } = await shop.create({ ...stranger(), userAgent });
    expect(session.userAgent).toBe(kept);
  });

  test('the snapshot is the effective policy of the moment', async () => {
    const me = await account.owner.login();
    await me.gql(
      `mutation { updateSessionPolicy(input: { idleMinutes: 20, absoluteMinutes: 60 }) { sessionPolicy { version } } }`,
    );
    const { session } = await shop.create();
    expect(session).toMatchObject({ idleMinutes: 20, absoluteMinutes: 60 });
  });

  const who = { externalId: 'somebody', email: 'somebody@example.test', name: 'Somebody' };
  test.each([
    ['no user named', {}, 'userId', 'REQUIRED'],
    ['named twice', { ...who, userId: UNKNOWN_ID }, 'userId', 'AMBIGUOUS'],
    ['no e-mail on first sight', { externalId: 'new', name: 'New' }, 'email', 'REQUIRED'],
    ['no name on first sight', { externalId: 'new', email: 'new@example.test' }, 'name', 'REQUIRED'],
    ['a malformed e-mail', { ...who, email: 'nobody' }, 'email', 'MALFORMED'],
    ['an empty name', { ...who, name: ' ' }, 'name', 'OUT_OF_BOUNDS'],
    ['a name with a NUL', { ...who, name: 'a\0b' }, 'name', 'OUT_OF_BOUNDS'],
    ['an empty external id', { ...who, externalId: '' }, 'externalId', 'OUT_OF_BOUNDS'],
    ['a long external id', { ...who, externalId: 'x'.repeat(201) }, 'externalId', 'OUT_OF_BOUNDS'],
    ['an external id with a NUL', { ...who, externalId: 'a\0b' }, 'externalId', 'OUT_OF_BOUNDS'],
    ['an external id with a line break', { ...who, externalId: 'a\nb' }, 'externalId', 'OUT_OF_BOUNDS'],
    ['half a character', { ...who, externalId: 'a\ud800' }, 'externalId', 'OUT_OF_BOUNDS'],
    ['no address', { ...who, ipAddress: 'localhost' }, 'ipAddress', 'MALFORMED'],
    [
      'an address with a zone that no interface has',
      { ...who, ipAddress: `fe80::1%${'x'.repeat(64)}` },
      'ipAddress',
      'MALFORMED',
    ],
    ['an empty address', { ...who, ipAddress: '' }, 'ipAddress', 'MALFORMED'],
    [
      'an account named twice',
      { ...who, accountId: UNKNOWN_ID, accountExternalId: 'x' },
      'accountId',
      'AMBIGUOUS',
    ],
  ])('%s: BAD_USER_INPUT, and nothing is written', async (_, input, field, reason) => {
    const answer = await shop.gql(CREATE_SESSION, { input });
    expect({ status: answer.status, extensions: answer.extensions }).toMatchObject({
      status: 200,
      extensions: { code: 'BAD_USER_INPUT', field, reason },
    });
    expect(await usersOf(app, account.id)).toEqual([]);
  });

  test('200 characters are accepted, however many bytes they take', async () => {
    expect((await shop.create({ ...who, externalId: '\u{1f512}'.repeat(200) })).session.id).toBeTruthy();
  });

  test('an inactive user is refused by id and by external id', async () => {
    const { externalId } = stranger();
    const { session } = await shop.create({ externalId, email: 'a@example.test', name: 'Ann' });
    const owner = await account.owner.login();
    await owner.gql(SET_ACTIVE, { userId: session.user.id, isActive: false });
    for (const [field, input] of [
      ['userId', { userId: session.user.id }],
      ['externalId', { externalId }],
    ] as const) {
      const answer = await shop.gql(CREATE_SESSION, { input });
      expect(answer.extensions).toEqual({ code: 'BAD_USER_INPUT', field, reason: 'USER_INACTIVE' });
    }
    expect((await shop.validate((await shop.create()).sessionToken)).valid).toBe(true);
  });

  test('a key for all accounts must name the account', async () => {
    const externalId = `tenant-${account.id}`;
    const created = await platform.gql(CREATE_ACCOUNT, { input: { name: 'Tenant', externalId } });
    const tenantId = created.data.createAccount.id;
    const none = await platform.gql(CREATE_SESSION, { input: who });
    expect(none.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'accountId', reason: 'REQUIRED' });
    const byUser = await platform.gql(CREATE_SESSION, { input: { userId: account.owner.id } });
    expect(byUser.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'accountId', reason: 'REQUIRED' });

    const one = await platform.create({ ...who, accountExternalId: externalId });
    const other = await platform.create({ ...who, accountId: tenantId });
    expect(one.session.user).toEqual(other.session.user);
    expect(one.session.user.account.id).toBe(tenantId);
    expect((await platform.create({ ...who, accountId: account.id })).session.user.id).not.toBe(
      one.session.user.id,
    );

    for (const accountNaming of [
      { accountId: UNKNOWN_ID },
      { accountId: 'x' },
      { accountExternalId: 'no such' },
    ])
      expect((await platform.gql(CREATE_SESSION, { input: { ...who, ...accountNaming } })).code).toBe(
        'NOT_FOUND',
      );
    const elsewhere = await platform.gql(CREATE_SESSION, {
      input: { userId: account.owner.id, accountId: tenantId },
    });
    expect(elsewhere.code).toBe('NOT_FOUND');
  });

  test('a key of one account may name that account and no other', async () => {
    const other = await app.seed.account();
    expect((await shop.create({ ...who, accountId: account.id })).session.user.account.id).toBe(account.id);
    expect((await shop.gql(CREATE_SESSION, { input: { ...who, accountId: other.id } })).code).toBe(
      'NOT_FOUND',
    );
  });

  test('an account is created once, by a key for all accounts only', async () => {
    const externalId = `tenant-${account.id}`;
    const create = (name: string) => platform.gql(CREATE_ACCOUNT, { input: { name, externalId } });
    const first = (await create('Tenant')).data.createAccount;
    expect(first).toMatchObject({ name: 'Tenant', externalId });
    expect((await create('Another name')).data.createAccount).toEqual(first);
    expect(await auditRows(app, first.id)).toMatchObject([
      { action: 'account.created', actor_id: null, actor_name: 'platform', resource_id: first.id },
    ]);
    expect((await shop.gql(CREATE_ACCOUNT, { input: { name: 'T', externalId: 'x' } })).code).toBe(
      'FORBIDDEN',
    );
    for (const [field, input] of [
      ['name', { name: '', externalId }],
      ['externalId', { name: 'T', externalId: 'a\0' }],
    ] as const)
      expect((await platform.gql(CREATE_ACCOUNT, { input })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field,
      });
  });

  test('a user created on first sight is invited like any other', async () => {
    const owner = await account.owner.login();
    const { session } = await shop.create();
    const answer = await owner.gql(INVITE, { input: { email: session.user.email, name: 'Same' } });
    expect(answer.errors).toBeUndefined();
  });
});

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: 'postgresql' });
  });
  afterAll(() => app.close());

  test('of fifty simultaneous first sights one creates the user and all create a session', async () => {
    const account = await app.seed.account();
    const shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    for (let round = 0; round < 5; round += 1) {
      const who = stranger();
      const created = await Promise.all(Array.from({ length: 50 }, () => shop.create(who)));
      expect(new Set(created.map(({ session }) => session.user.id)).size).toBe(1);
      expect(new Set(created.map(({ session }) => session.id)).size).toBe(50);
    }
    const made = (await auditRows(app, account.id)).filter(({ action }) => action === 'user.created');
    expect(made).toHaveLength(5);
  });

  test('of twenty simultaneous creations of an account one creates it', async () => {
    const platform = backEnd(app, (await app.seed.serviceKey(null)).key);
    const input = { name: 'Tenant', externalId: 'raced' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => platform.gql(CREATE_ACCOUNT, { input })),
    );
    const ids = new Set(answers.map(({ data }) => data.createAccount.id));
    expect(ids.size).toBe(1);
    expect(await auditRows(app, [...ids][0]!)).toHaveLength(1);
  });
});
