import { sql } from 'kysely';
import { AUDIT } from '../deletion/deletion-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { advanceUntilSettled, waitForFeed } from '../expiry/feed-events.ts';
import { startApp, type TestApp } from '../harness.ts';
import { ACCOUNT_SESSIONS, type SeededAccount, type SignedIn } from '../seed.ts';
import { RENAME_ACCOUNT } from '../accounts/account-calls.ts';
import { CREATE_KEY, createKey, LIST_KEYS, listKeys, REVOKE_KEY } from './owner-key-calls.ts';
import { backEnd, VALIDATE } from './service-calls.ts';

const DAY = 86_400_000;
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const NOT_VALID = 'This service key is not valid.';

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;

  beforeAll(async () => {
    app = await startApp({ database });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const revoke = (keyId: string, by = owner) => by.gql(REVOKE_KEY, { keyId });
  const rowsOf = async (keyId: string): Promise<any[]> =>
    (await owner.gql(AUDIT)).data.auditEvents.edges
      .map(({ node }: any) => node)
      .filter(({ resourceId }: any) => resourceId === keyId);

  test('a key that an owner creates works in their account, is shown once and stored as a hash', async () => {
    const { key, serviceKey } = await createKey(owner, { name: '  Shop ', expiresInDays: 30 });
    expect(key).toMatch(/^cfk_[\w-]{43}$/);
    expect(serviceKey).toEqual({
      id: expect.any(String),
      name: 'Shop',
      scope: null,
      createdAt: app.clock.now().toISOString(),
      createdBy: { id: account.owner.id, name: expect.stringContaining('Owner') },
      expiresAt: new Date(app.clock.now().getTime() + 30 * DAY).toISOString(),
      lastUsedAt: null,
      revokedAt: null,
      isActive: true,
      sessionCount: 0,
    });
    const shop = backEnd(app, key);
    const { session } = await shop.create();
    expect(session.user.account.id).toBe(account.id);
    expect(await listKeys(owner)).toMatchObject([
      { id: serviceKey.id, lastUsedAt: app.clock.now().toISOString(), sessionCount: 1 },
    ]);
    const everything =
      JSON.stringify((await owner.gql(LIST_KEYS)).data) + JSON.stringify(await rowsOf(serviceKey.id));
    expect(everything).not.toContain(key);
    const stored = await sql<{ text: string }>`
      select service_keys::text || coalesce((select string_agg(e::text, '') from audit_events e), '') as text
      from service_keys where id = ${serviceKey.id}`.execute(app.database.em().getKysely());
    expect(stored.rows[0]!.text).not.toContain(key.slice('cfk_'.length));
  });

  test('its creation and its end are in the trail, with who did it, and a repeat is in it once', async () => {
    const { serviceKey } = await createKey(owner, { name: 'Shop' });
    expect(serviceKey.expiresAt).toBeNull();
    app.clock.advance(60_000);
    const revoked = (await revoke(serviceKey.id)).data.revokeServiceKey;
    expect(revoked).toMatchObject({ isActive: false, revokedAt: app.clock.now().toISOString() });
    app.clock.advance(60_000);
    expect((await revoke(serviceKey.id)).data.revokeServiceKey).toEqual(revoked);
    expect(await rowsOf(serviceKey.id)).toMatchObject([
      { action: 'service_key.revoked', actor: { id: account.owner.id }, details: { name: 'Shop' } },
      {
        action: 'service_key.created',
        actor: { id: account.owner.id },
        details: { name: 'Shop', expires_at: null },
      },
    ]);
  });

  test('the sockets of a key close when it is revoked', async () => {
    const { key, serviceKey } = await createKey(owner, { name: 'Shop' });
    const feed = app.subscribe(ACCOUNT_SESSIONS, { serviceKey: key });
    await waitForFeed(app, feed, account.owner);
    await revoke(serviceKey.id);
    const closed = await advanceUntilSettled(app, feed.closed);
    expect(closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  test.each([
    ['a revoked key', async (key: any) => void (await revoke(key.serviceKey.id))],
    ['an expired key', async () => app.clock.advance(DAY)],
    ['a key with a letter too many', async (key: any) => void (key.key += 'x')],
    ['a text that is no key', async (key: any) => void (key.key = 'SERVICE_KEY')],
  ])('%s is refused by name', async (_, spoil) => {
    const created = await createKey(owner, { name: 'Shop', expiresInDays: 1 });
    await spoil(created);
    const input = { sessionToken: 'a'.repeat(43), touch: false };
    const { errors } = await app.gql(VALIDATE, { input }, { token: created.key });
    expect(errors).toMatchObject([{ message: NOT_VALID, extensions: { code: 'UNAUTHENTICATED' } }]);
    const feed = app.subscribe(ACCOUNT_SESSIONS, { serviceKey: created.key });
    expect(await feed.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  test('the sessions of a key are those that it opened and that are live', async () => {
    const [shop, desk] = [await createKey(owner, { name: 'Shop' }), await createKey(owner, { name: 'Desk' })];
    const [one, two] = [await backEnd(app, shop.key).create(), await backEnd(app, shop.key).create()];
    await backEnd(app, desk.key).create();
    const counts = async () =>
      Object.fromEntries((await listKeys(owner)).map(({ name, sessionCount }) => [name, sessionCount]));
    expect(await counts()).toEqual({ Shop: 2, Desk: 1 });
    await backEnd(app, desk.key).end(one.sessionToken);
    expect(await counts()).toEqual({ Shop: 1, Desk: 1 });
    await revoke(shop.serviceKey.id);
    expect(await counts()).toEqual({ Shop: 1, Desk: 1 });
    expect(await backEnd(app, desk.key).validate(two.sessionToken)).toMatchObject({ valid: true });
    await owner.gql(`mutation { revokeSessions(scope: OTHERS) { revokedCount } }`);
    expect(await counts()).toEqual({ Shop: 0, Desk: 0 });
  });

  test('the list is paged, newest first, and holds only keys of the account', async () => {
    await app.seed.serviceKey(null, { name: 'For all' });
    await app.seed.serviceKey((await app.seed.account()).id, { name: 'Elsewhere' });
    for (const name of ['A', 'B', 'C', 'D', 'E']) await createKey(owner, { name });
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { serviceKeys } = (await owner.gql(LIST_KEYS, { first: 2, after })).data as any;
      expect(serviceKeys.totalCount).toBe(5);
      expect(serviceKeys.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...serviceKeys.edges.map(({ node }: any) => node.id));
      after = serviceKeys.pageInfo.endCursor;
      more = serviceKeys.pageInfo.hasNextPage;
    }
    const all = await listKeys(owner);
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(all.map(({ name }) => name).sort()).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect((await owner.gql(LIST_KEYS, { first: 0 })).extensions).toMatchObject({ min: 1, max: 100 });
    expect((await owner.gql(LIST_KEYS, { after: 'x' })).extensions).toMatchObject({ field: 'after' });
  });

  test('a key made by a command has no creator', async () => {
    await app.seed.serviceKey(account.id);
    expect(await listKeys(owner)).toMatchObject([{ createdBy: null }]);
  });

  test('keys of other accounts, keys for all accounts and unknown ones are not found', async () => {
    const others = [
      (await app.seed.serviceKey((await app.seed.account()).id)).id,
      (await app.seed.serviceKey(null)).id,
    ];
    const expected = await revoke(UNKNOWN_ID);
    expect(expected.code).toBe('NOT_FOUND');
    for (const id of [...others, 'no id', '\0']) {
      const { code, errors } = await revoke(id);
      expect({ code, message: errors![0]!.message }).toEqual({
        code: 'NOT_FOUND',
        message: expected.errors![0]!.message,
      });
    }
    const rows = await sql<{ count: number }>`
      select count(*)::int as count from service_keys where id = any(${others}::uuid[]) and revoked_at is null`.execute(
      app.database.em().getKysely(),
    );
    expect(rows.rows[0]!.count).toBe(2);
  });

  test.each([
    ['an empty name', { name: ' ' }, { field: 'name', min: 1, max: 200 }],
    ['a long name', { name: 'x'.repeat(201) }, { field: 'name' }],
    ['a name with a control character', { name: 'Sh\u0007op' }, { field: 'name' }],
    ['no day', { name: 'Shop', expiresInDays: 0 }, { field: 'expiresInDays', min: 1, max: 3650 }],
    ['a day too many', { name: 'Shop', expiresInDays: 3651 }, { field: 'expiresInDays' }],
    ['a day less than none', { name: 'Shop', expiresInDays: -1 }, { field: 'expiresInDays' }],
  ])('%s creates nothing', async (_, input, details) => {
    const { code, extensions } = await owner.gql(CREATE_KEY, { input });
    expect({ code, ...extensions }).toMatchObject({ code: 'BAD_USER_INPUT', ...details });
    expect(await listKeys(owner)).toEqual([]);
  });

  test('members and service keys are refused', async () => {
    const member = await (await account.addUser()).login();
    const { key, serviceKey } = await createKey(owner, { name: 'Shop' });
    for (const gql of [member.gql, backEnd(app, key).gql]) {
      expect((await gql(LIST_KEYS)).code).toBe('FORBIDDEN');
      expect((await gql(CREATE_KEY, { input: { name: 'Mine' } })).code).toBe('FORBIDDEN');
      expect((await gql(REVOKE_KEY, { keyId: serviceKey.id })).code).toBe('FORBIDDEN');
      expect((await gql(RENAME_ACCOUNT, { name: 'Mine' })).code).toBe('FORBIDDEN');
    }
    expect(await listKeys(owner)).toMatchObject([{ name: 'Shop', isActive: true }]);
  });
});
