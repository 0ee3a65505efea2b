import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { backEnd } from '../service-api/service-calls.ts';
import type { Person, SeededAccount } from '../seed.ts';
import { auditRows, LOGOUT } from './account-calls.ts';
import { by, FIREFOX_WINDOWS, FIREFOX_WINDOWS_NEXT, newAddress, SAFARI_IPHONE } from './devices.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const LIST = `query ($status: SessionStatus) { sessions(first: 100, status: $status) { edges { node { id isNewDevice } } } }`;
const CREATE = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { id isNewDevice } } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let person: Person;
  beforeAll(async () => {
    app = await startApp({ database, env: { TRUST_PROXY: 'true' } });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    person = await account.addUser();
  });
  afterAll(() => app.close());

  const run = (statement: ReturnType<typeof sql>) => statement.execute(app.database.em().getKysely());
  const signIn = (userAgent: string, address: string, who = person) => who.login({}, by(userAgent, address));
  /** Signs in, and returns whether that was marked. */
  async function isNew(userAgent: string, address: string, who = person): Promise<boolean> {
    const { gql } = await signIn(userAgent, address, who);
    const { data } = await gql('{ currentSession { isNewDevice } }');
    return data.currentSession.isNewDevice;
  }

  test('the first sign-in is from a new device, the next one from there is not', async () => {
    const address = newAddress();
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(true);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(false);
    expect(await isNew(FIREFOX_WINDOWS_NEXT, address)).toBe(false);
  });

  test('another browser and another network are new, and so are two that were not seen together', async () => {
    const [home, office] = [newAddress(), newAddress()];
    await signIn(FIREFOX_WINDOWS, home);
    expect(await isNew(SAFARI_IPHONE, home)).toBe(true);
    expect(await isNew(FIREFOX_WINDOWS, office)).toBe(true);
    expect(await isNew(SAFARI_IPHONE, office)).toBe(true);
    for (const userAgent of [FIREFOX_WINDOWS, SAFARI_IPHONE])
      for (const address of [home, office]) expect(await isNew(userAgent, address)).toBe(false);
  });

  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'],
    ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.10'],
  ])('the network of %s is that of %s and not that of %s', async (known, same, other) => {
    await signIn(FIREFOX_WINDOWS, known);
    expect(await isNew(FIREFOX_WINDOWS, same)).toBe(false);
    expect(await isNew(FIREFOX_WINDOWS, other)).toBe(true);
  });

  test('a session that has ended makes its device known, and a failed sign-in does not', async () => {
    const address = newAddress();
    const wrong = await person.tryLogin({ password: 'wrong password' }, by(FIREFOX_WINDOWS, address));
    expect(wrong.code).toBe('INVALID_CREDENTIALS');
    const { gql } = await signIn(FIREFOX_WINDOWS, address);
    await gql(LOGOUT);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(false);
  });

  test('a device is new to a user where only a colleague has signed in', async () => {
    const address = newAddress();
    await signIn(FIREFOX_WINDOWS, address, account.owner);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(true);
  });

  test('after 90 days without a sign-in a device is new again', async () => {
    const address = newAddress();
    await signIn(FIREFOX_WINDOWS, address);
    app.clock.advance(90 * DAY_MS - 1000);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(false);
    app.clock.advance(90 * DAY_MS);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(true);
  });

  test('an unknown browser is never a new device', async () => {
    for (const userAgent of ['x', 'node']) expect(await isNew(userAgent, newAddress())).toBe(false);
  });

  test('an imported session makes no device known', async () => {
    const address = newAddress();
    const { sessionId } = await signIn(FIREFOX_WINDOWS, address);
    await run(sql`update sessions set is_imported = true where id = ${sessionId}`);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(true);
  });

  test('a session whose device a node of the version before has not stored makes its browser known', async () => {
    const address = newAddress();
    const { sessionId } = await signIn(FIREFOX_WINDOWS, address);
    await run(sql`update sessions set device = null where id = ${sessionId}`);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(false);
  });

  test('a device stays known while others are used many times, and however the sessions ended', async () => {
    const address = newAddress();
    const { sessionId } = await signIn(FIREFOX_WINDOWS, address);
    await run(sql`
      insert into sessions select (jsonb_populate_record(s, jsonb_build_object('id', s.id || n, 'device', 'Other on Other',
        'ended_at', case when n % 2 = 0 then s.authenticated_at end, 'end_reason', case when n % 2 = 0 then 'LOGOUT' end))).*
      from sessions s, generate_series(1, 200) n where s.id = ${sessionId}`);
    app.clock.advance(DAY_MS);
    expect(await isNew(FIREFOX_WINDOWS, address)).toBe(false);
  });

  test('of sign-ins at once from a new device one is marked', async () => {
    const address = newAddress();
    const marks = await Promise.all(Array.from({ length: 8 }, () => isNew(FIREFOX_WINDOWS, address)));
    expect(marks.filter(Boolean)).toHaveLength(1);
  });

  test('a service session counts by the address and browser that the application reports', async () => {
    const { key } = await app.seed.serviceKey(account.id);
    const shop = backEnd(app, key);
    const create = async (input: object): Promise<boolean> => {
      const { data } = await shop.gql(CREATE, { input: { userId: person.id, ...input } });
      return data.createSession.session.isNewDevice;
    };
    const [ipAddress, userAgent] = [newAddress(), SAFARI_IPHONE];
    expect([await create({}), await create({ ipAddress }), await create({ userAgent })]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await create({ ipAddress, userAgent })).toBe(true);
    expect(await create({ ipAddress, userAgent })).toBe(false);
    expect(await isNew(userAgent, ipAddress)).toBe(false);
    expect(await isNew(userAgent, newAddress())).toBe(true);
  });

  test('the list of sessions and the audit trail mark such a sign-in, and no other', async () => {
    const address = newAddress();
    const first = await signIn(FIREFOX_WINDOWS, address);
    const second = await signIn(FIREFOX_WINDOWS, address);
    const owner = await account.owner.login();
    const marksIn = async (status: string) => {
      const { data } = await owner.gql(LIST, { status });
      return Object.fromEntries(data.sessions.edges.map(({ node }: any) => [node.id, node.isNewDevice]));
    };
    expect(await marksIn('ACTIVE')).toEqual({
      [first.sessionId]: true,
      [second.sessionId]: false,
      [owner.sessionId]: false,
    });
    await first.gql(LOGOUT);
    expect(await marksIn('ENDED')).toEqual({ [first.sessionId]: true });

    const started = (await auditRows(app, account.id)).filter(({ action }) => action === 'session.started');
    const detailsOf = (id: string) => started.find(({ resource_id }) => resource_id === id)!.details;
    expect(detailsOf(first.sessionId)).toMatchObject({ new_device: true });
    expect(detailsOf(second.sessionId)).not.toHaveProperty('new_device');
  });
});
