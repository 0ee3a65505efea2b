import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { auditRows, CURRENT_SESSION, INVITE, type AuditRow } from '../accounts/account-calls.ts';
import {
  backEnd,
  CREATE_ACCOUNT,
  CREATE_SESSION,
  END_SESSION,
  END_USER_SESSIONS,
  ISSUE_TOKEN,
  USER_SESSIONS,
  VALIDATE,
  VALIDATE_MANY,
  type BackEnd,
} from '../service-api/service-calls.ts';
import { UNKNOWN_ID } from './root-fields.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  let ours: SeededAccount;
  let theirs: SeededAccount;
  let me: SignedIn;
  let them: SignedIn;
  let theirMember: Person;
  let theirTrail: AuditRow[];

  beforeAll(async () => {
    app = await startApp({ database });
    [ours, theirs] = [await app.seed.account(), await app.seed.account()];
    me = await ours.owner.login();
    them = await theirs.owner.login();
    theirMember = await theirs.addUser();
    await theirMember.login();
    await (await theirMember.login()).gql(`mutation { logout { ended } }`);
    await them.gql(
      `mutation { updateSessionPolicy(input: { idleMinutes: 77, absoluteMinutes: 777 }) { sessionPolicy { version } } }`,
    );
    theirTrail = await auditRows(app, theirs.id);
  });
  afterAll(() => app.close());

  const strip = ({ data, errors, status }: Answer) => ({ data, errors, status });

  test.each([
    ['resetUserPassword', `mutation ($id: ID!) { resetUserPassword(userId: $id) { setPasswordUrl } }`],
    ['setUserRole', `mutation ($id: ID!) { setUserRole(userId: $id, role: MEMBER) { id } }`],
    ['setUserActive', `mutation ($id: ID!) { setUserActive(userId: $id, isActive: false) { id } }`],
    ['revokeUserSessions', `mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }`],
    [
      'sessions',
      `query ($id: ID!) { sessions(userId: $id) { totalCount edges { cursor } pageInfo { hasNextPage endCursor } } }`,
    ],
    [
      'ended sessions',
      `query ($id: ID!) { sessions(userId: $id, status: ENDED) { totalCount edges { cursor } } }`,
    ],
  ])('%s: a user of another account is like an unknown one', async (_, document) => {
    const expected = strip(await me.gql(document, { id: UNKNOWN_ID }));
    for (const id of [theirs.owner.id, theirMember.id])
      expect(strip(await me.gql(document, { id }))).toEqual(expected);
  });

  test.each(['revokeSession'])('%s: a session of another account is like an unknown one', async () => {
    const revoke = (id: string) =>
      me.gql(`mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`, { id });
    expect(strip(await revoke(them.sessionId))).toEqual(strip(await revoke(UNKNOWN_ID)));
  });

  test('revokeSelectedSessions: a session of another account is like an unknown one', async () => {
    const revoke = (id: string) =>
      me.gql(`mutation ($ids: [ID!]!) { revokeSelectedSessions(sessionIds: $ids) { revokedCount } }`, {
        ids: [id],
      });
    expect(strip(await revoke(them.sessionId))).toEqual(strip(await revoke(UNKNOWN_ID)));
  });

  describe("a key of one account, on another account's", () => {
    let shop: BackEnd;
    let abroad: { sessionToken: string; session: any };
    const externalId = 'their-user';
    const accountExternalId = 'their-account';
    beforeAll(async () => {
      shop = backEnd(app, (await app.seed.serviceKey(ours.id)).key);
      const theirShop = backEnd(app, (await app.seed.serviceKey(theirs.id)).key);
      abroad = await theirShop.create({ externalId, email: 'their-user@example.test', name: 'Their User' });
      await sql`update accounts set external_id = ${accountExternalId} where id = ${theirs.id}`.execute(
        app.database.em().getKysely(),
      );
      theirTrail = await auditRows(app, theirs.id);
    });

    const who = { email: 'x@example.test', name: 'X' };
    const byToken: [string, (sessionToken: string) => Promise<Answer>][] = [
      ['validateSession', (sessionToken) => shop.gql(VALIDATE, { input: { sessionToken } })],
      [
        'validateSession, a look',
        (sessionToken) => shop.gql(VALIDATE, { input: { sessionToken, touch: false } }),
      ],
      [
        'validateSessions',
        (sessionToken) => shop.gql(VALIDATE_MANY, { input: [{ sessionToken }, { sessionToken }] }),
      ],
      ['endSession', (sessionToken) => shop.gql(END_SESSION, { input: { sessionToken } })],
      ['issueSessionAccessToken', (sessionToken) => shop.gql(ISSUE_TOKEN, { sessionToken })],
    ];
    test.each(byToken)('%s: a session is like an unknown one', async (_, call) => {
      expect(strip(await call(abroad.sessionToken))).toEqual(strip(await call('A'.repeat(43))));
    });

    const byName: [string, (naming: object) => Promise<Answer>][] = [
      ['createSession', (naming) => shop.gql(CREATE_SESSION, { input: { ...who, ...naming } })],
      ['userSessions', (naming) => shop.gql(USER_SESSIONS, { ...naming })],
      ['endUserSessions', (naming) => shop.gql(END_USER_SESSIONS, { input: naming })],
    ];
    test.each(byName)('%s: users and accounts are like unknown ones', async (name, call) => {
      const pairs: [object, object][] = [
        [{ userId: abroad.session.user.id }, { userId: UNKNOWN_ID }],
        [{ userId: theirs.owner.id }, { userId: UNKNOWN_ID }],
        [
          { userId: theirs.owner.id, accountId: theirs.id },
          { userId: UNKNOWN_ID, accountId: UNKNOWN_ID },
        ],
        [
          { externalId, accountId: theirs.id },
          { externalId: 'nobody', accountId: UNKNOWN_ID },
        ],
        [
          { externalId, accountExternalId },
          { externalId: 'nobody', accountExternalId: 'no such' },
        ],
        [
          { userId: ours.owner.id, accountId: theirs.id },
          { userId: ours.owner.id, accountId: UNKNOWN_ID },
        ],
      ];
      if (name !== 'createSession') pairs.push([{ externalId }, { externalId: 'nobody' }]);
      for (const [real, unknown] of pairs) {
        const answer = await call(real);
        expect(answer.code).toBe('NOT_FOUND');
        expect(strip(answer)).toEqual(strip(await call(unknown)));
      }
    });

    test('the same external id is another user here', async () => {
      const { session } = await shop.create({ externalId, ...who });
      expect(session.user).toMatchObject({ ...who, account: { id: ours.id } });
      await shop.gql(END_USER_SESSIONS, { input: { externalId } });
    });

    test('these calls cause no activity, no end and no account', async () => {
      expect(
        (await shop.gql(CREATE_ACCOUNT, { input: { name: 'T', externalId: accountExternalId } })).extensions,
      ).toEqual({ code: 'FORBIDDEN' });
      const { rows } = await sql<{ ended_at: string | null; last_activity_at: string }>`
        select ended_at, last_activity_at from sessions where id = ${abroad.session.id}`.execute(
        app.database.em().getKysely(),
      );
      expect(rows).toMatchObject([{ ended_at: null }]);
      expect(new Date(rows[0]!.last_activity_at).toISOString()).toBe(abroad.session.lastActivityAt);
      expect(await auditRows(app, theirs.id)).toEqual(theirTrail);
    });
  });

  test("lists, counts and policy cover only the caller's account", async () => {
    const { data } = await me.gql(`{
      sessions(first: 100) { totalCount edges { node { user { account { id } } } } }
      auditEvents(first: 100) { totalCount edges { node { action actor { account { id } } subject { account { id } } resourceId } } }
      sessionPolicy { version idleMinutes activeUserCount activeUsers { userId } }
      sessionPolicyImpact(input: { idleMinutes: 10, absoluteMinutes: 30 }) { activeSessions } }`);
    expect(data.sessions).toMatchObject({
      totalCount: 1,
      edges: [{ node: { user: { account: { id: ours.id } } } }],
    });
    expect(data.auditEvents.totalCount).toBe((await auditRows(app, ours.id)).length);
    expect(JSON.stringify(data)).not.toContain(theirs.id);
    expect(JSON.stringify(data)).not.toContain(theirs.owner.id);
    expect(data.sessionPolicy).toEqual({
      version: 0,
      idleMinutes: null,
      activeUserCount: 1,
      activeUsers: [{ userId: ours.owner.id }],
    });
    expect(data.sessionPolicyImpact).toEqual({ activeSessions: 1 });
  });

  test("another account's cursor shows nothing of that account", async () => {
    const cursors = await them.gql(
      `{ sessions { pageInfo { endCursor } } auditEvents { pageInfo { startCursor } } }`,
    );
    const { data } = await me.gql(
      `query ($s: String, $a: String) { sessions(after: $s) { edges { node { user { id } } } }
        auditEvents(after: $a) { edges { node { actor { account { id } } } } } }`,
      { s: cursors.data.sessions.pageInfo.endCursor, a: cursors.data.auditEvents.pageInfo.startCursor },
    );
    expect(JSON.stringify(data)).not.toContain(theirs.id);
    for (const { node } of data.sessions.edges) expect(node.user.id).toBe(ours.owner.id);
  });

  test('the feed of sessions covers only its account', async () => {
    const feed = me.accountSessions();
    await feed.connected;
    const event = feed.next();
    let isTold = false;
    void event.then(() => (isTold = true));
    // The server may still be subscribing during the first of these sign-ins.
    while (!isTold) {
      await theirMember.login();
      await ours.owner.login();
      app.clock.advance(1_000);
    }
    expect((await event).session.user.id).toBe(ours.owner.id);
    for (const { session } of feed.events) expect(session.user.id).toBe(ours.owner.id);
    await feed.stop();
  });

  test('signing everyone out affects no other account', async () => {
    const second = await (await ours.addUser('OWNER')).login();
    await second.gql(`mutation { revokeSessions(scope: ALL) { revokedCount } }`);
    expect((await them.gql(CURRENT_SESSION)).errors).toBeUndefined();
    me = await ours.owner.login();
  });

  test('only an e-mail that signs in elsewhere is visible', async () => {
    const answer = await me.gql(INVITE, { input: { email: theirMember.email, name: 'Ned' } });
    expect(answer.extensions).toEqual({ code: 'CONFLICT', field: 'email', reason: 'EMAIL_TAKEN' });
    expect(JSON.stringify(answer)).not.toContain(theirs.id);
  });

  test('the other account has no new rows but the sign-ins of these tests', async () => {
    const rows = (await auditRows(app, theirs.id)).filter(({ action }) => action !== 'session.started');
    const before = theirTrail.filter(({ action }) => action !== 'session.started');
    expect(rows).toEqual(before);
  });
});
