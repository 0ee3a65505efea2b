import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { auditRows, CURRENT_SESSION, INVITE, type AuditRow } from '../accounts/operations.ts';
import { UNKNOWN_ID } from './root-fields.ts';

onEachDatabase((database) => {
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
  ])('%s: a user of another account is like one that does not exist', async (_, document) => {
    const expected = strip(await me.gql(document, { id: UNKNOWN_ID }));
    for (const id of [theirs.owner.id, theirMember.id])
      expect(strip(await me.gql(document, { id }))).toEqual(expected);
  });

  test.each(['revokeSession'])(
    '%s: a session of another account is like one that does not exist',
    async () => {
      const revoke = (id: string) =>
        me.gql(`mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`, { id });
      expect(strip(await revoke(them.sessionId))).toEqual(strip(await revoke(UNKNOWN_ID)));
    },
  );

  test('lists, counts and policy are those of the own account', async () => {
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

  test('the feed of sessions tells of the own account only', async () => {
    const feed = me.accountSessions();
    await feed.connected;
    const event = feed.next();
    let isTold = false;
    void event.then(() => (isTold = true));
    // The server may still be subscribing when the first of these sign in.
    while (!isTold) {
      await theirMember.login();
      await ours.owner.login();
      app.clock.advance(1_000);
    }
    expect((await event).session.user.id).toBe(ours.owner.id);
    for (const { session } of feed.events) expect(session.user.id).toBe(ours.owner.id);
    await feed.stop();
  });

  test('signing everyone out signs out nobody elsewhere', async () => {
    const second = await (await ours.addUser('OWNER')).login();
    await second.gql(`mutation { revokeSessions(scope: ALL) { revokedCount } }`);
    expect((await them.gql(CURRENT_SESSION)).errors).toBeUndefined();
    me = await ours.owner.login();
  });

  test('an e-mail that signs in elsewhere is the one thing that shows', async () => {
    const answer = await me.gql(INVITE, { input: { email: theirMember.email, name: 'Ned' } });
    expect(answer.extensions).toEqual({ code: 'CONFLICT', field: 'email', reason: 'EMAIL_TAKEN' });
    expect(JSON.stringify(answer)).not.toContain(theirs.id);
  });

  test('nothing was written there but the sign-ins of these stories', async () => {
    const rows = (await auditRows(app, theirs.id)).filter(({ action }) => action !== 'session.started');
    const before = theirTrail.filter(({ action }) => action !== 'session.started');
    expect(rows).toEqual(before);
  });
});
