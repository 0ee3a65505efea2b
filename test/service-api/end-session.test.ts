import { auditRows, sessionEnd } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { UNKNOWN_ID } from '../security/root-fields.ts';
import {
  backEnd,
  CREATE_ACCOUNT,
  END_SESSION,
  END_USER_SESSIONS,
  stranger,
  USER_SESSIONS,
  type BackEnd,
} from './service-calls.ts';

const REASONS = ['LOGOUT', 'REVOKED_BY_SERVICE', 'PASSWORD_CHANGED', 'USER_DEACTIVATED'];

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let shop: BackEnd;
  let platform: BackEnd;
  beforeAll(async () => {
    app = await startApp({ database });
    platform = backEnd(app, (await app.seed.serviceKey(null, { name: 'platform' })).key);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    shop = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'shop' })).key);
  });

  const trail = async (...actions: string[]) =>
    (await auditRows(app, account.id)).filter(({ action }) => actions.includes(action));

  test('ending a session is true once, and leaves one audit row', async () => {
    const { sessionToken, session } = await shop.create();
    expect(await shop.end(sessionToken)).toBe(true);
    expect(await shop.end(sessionToken, 'PASSWORD_CHANGED')).toBe(false);
    expect(await sessionEnd(app, session.id)).toEqual({ ended_at: app.clock.now(), end_reason: 'LOGOUT' });
    expect(await trail('session.ended')).toMatchObject([
      {
        actor_id: null,
        actor_name: 'shop',
        resource_id: session.id,
        details: { reason: 'LOGOUT', user_id: session.user.id },
      },
    ]);
  });

  test.each(REASONS)('the end reason may be %s', async (reason) => {
    const { sessionToken, session } = await shop.create();
    expect(await shop.end(sessionToken, reason)).toBe(true);
    expect((await sessionEnd(app, session.id)).end_reason).toBe(reason);
  });

  test.each(['IDLE_TIMEOUT', 'REVOKED_BY_OWNER', 'NOPE'])(
    '%s is not an end reason for a back end',
    async (reason) => {
      const { sessionToken } = await shop.create();
      expect((await shop.gql(END_SESSION, { input: { sessionToken, reason } })).code).toBe('BAD_USER_INPUT');
      expect((await shop.validate(sessionToken)).valid).toBe(true);
    },
  );

  test('a session past its deadline has already ended', async () => {
    const { sessionToken } = await shop.create();
    app.clock.advance(4320 * 60_000 + 1_000);
    expect(await shop.end(sessionToken)).toBe(false);
    expect((await shop.validate(sessionToken)).reason).toBe('IDLE');
  });

  test('every session of a user ends, of any kind; a repeat counts 0', async () => {
    const me = await account.owner.login();
    const { sessionToken } = await shop.create({ userId: account.owner.id });
    const other = await shop.create();
    const end = (input: object) => shop.gql(END_USER_SESSIONS, { input });
    expect((await end({ userId: account.owner.id })).data.endUserSessions).toEqual({ revokedCount: 2 });
    expect(await shop.validate(sessionToken)).toMatchObject({
      reason: 'REVOKED',
      session: { endReason: 'REVOKED_BY_SERVICE' },
    });
    expect((await me.gql('{ currentSession { id } }')).extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      endReason: 'REVOKED_BY_SERVICE',
    });
    expect((await shop.validate(other.sessionToken)).valid).toBe(true);
    expect(
      (await end({ userId: account.owner.id, reason: 'PASSWORD_CHANGED' })).data.endUserSessions,
    ).toEqual({ revokedCount: 0 });
    expect(await trail('user.sessions_revoked', 'session.ended')).toMatchObject([
      { action: 'user.sessions_revoked', actor_id: null, actor_name: 'shop', resource_id: account.owner.id },
      { action: 'user.sessions_revoked', actor_id: null, actor_name: 'shop', resource_id: account.owner.id },
    ]);
  });

  test('the sessions of a user, latest first, by id and by external id', async () => {
    const who = stranger();
    const list = async (variables: object, from = shop) =>
      (await from.gql(USER_SESSIONS, { ...variables })).data.userSessions.map(({ id }: any) => id);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      app.clock.advance(1_000);
      ids.unshift((await shop.create(who)).session.id);
    }
    const { session, sessionToken } = await shop.create(who);
    await shop.end(sessionToken);
    expect(await list({ userId: session.user.id })).toEqual(ids);
    expect(await list({ externalId: who.externalId })).toEqual(ids);
    expect(await list({ userId: session.user.id }, platform)).toEqual(ids);
    expect(await list({ externalId: who.externalId, accountId: account.id }, platform)).toEqual(ids);
    const listed = await shop.gql(USER_SESSIONS, { userId: session.user.id });
    expect(listed.data.userSessions[0]).toMatchObject({ isCurrent: false, user: { id: session.user.id } });
    const answer = await shop.gql(END_USER_SESSIONS, {
      input: { externalId: who.externalId, reason: 'USER_DEACTIVATED' },
    });
    expect(answer.data.endUserSessions).toEqual({ revokedCount: 3 });
    expect(await list({ userId: session.user.id })).toEqual([]);
  });

  describe.each([
    ['userSessions', (from: BackEnd, naming: object) => from.gql(USER_SESSIONS, { ...naming })],
    ['endUserSessions', (from: BackEnd, naming: object) => from.gql(END_USER_SESSIONS, { input: naming })],
  ])('%s', (_, call) => {
    test.each([
      ['no user named', {}, { field: 'userId', reason: 'REQUIRED' }],
      ['named twice', { userId: UNKNOWN_ID, externalId: 'x' }, { field: 'userId', reason: 'AMBIGUOUS' }],
      ['an empty external id', { externalId: '' }, { field: 'externalId', reason: 'OUT_OF_BOUNDS' }],
      ['a NUL', { externalId: 'a\0' }, { field: 'externalId', reason: 'OUT_OF_BOUNDS' }],
      [
        'an account named twice',
        { userId: UNKNOWN_ID, accountId: UNKNOWN_ID, accountExternalId: 'x' },
        { field: 'accountId', reason: 'AMBIGUOUS' },
      ],
    ])('%s: BAD_USER_INPUT', async (_, naming, details) => {
      for (const from of [shop, platform])
        expect((await call(from, naming)).extensions).toMatchObject({ code: 'BAD_USER_INPUT', ...details });
    });

    test('with an external id a key for all accounts must name the account', async () => {
      expect((await call(platform, { externalId: 'x' })).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'accountId',
        reason: 'REQUIRED',
      });
    });

    test.each([
      ['an unknown user', { userId: UNKNOWN_ID }],
      ['no id at all', { userId: 'x' }],
      ['a NUL', { userId: 'a\0' }],
      ['an unknown external id', { externalId: 'nobody' }],
      ['an unknown account', { userId: UNKNOWN_ID, accountId: 'x' }],
    ])('%s: NOT_FOUND', async (_, naming) => {
      expect((await call(shop, naming)).code).toBe('NOT_FOUND');
    });

    test('a user of another account than the named one: NOT_FOUND', async () => {
      const externalId = `tenant-${account.id}`;
      await platform.gql(CREATE_ACCOUNT, { input: { name: 'Tenant', externalId } });
      expect((await call(platform, { userId: account.owner.id, accountExternalId: externalId })).code).toBe(
        'NOT_FOUND',
      );
    });
  });
});
