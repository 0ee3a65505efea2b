import { sql } from 'kysely';
import {
  auditRows,
  CURRENT_SESSION,
  from,
  INVITE,
  RENAME,
  RESET_PASSWORD,
  sessionEnd,
  SET_ACTIVE,
  SET_PASSWORD,
  SET_ROLE,
  tokenOf,
  VIEWER,
} from '../accounts/account-calls.ts';
import { onEachDatabase } from '../databases.ts';
import { followAccount, nextEventOf } from '../expiry/feed-events.ts';
import { followWarned, loginWarned, startShort } from '../expiry/session-subscriptions.ts';
import type { TestApp } from '../harness.ts';
import { LOGIN, PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd, END_USER_SESSIONS, stranger, USER_SESSIONS } from '../service-api/service-calls.ts';
import { AUDIT, DELETE_USER, pendingErasures, rowsWith } from './deletion-calls.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.7) Gecko/20100101 Firefox/141.7';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let member: Person;

  beforeAll(async () => {
    // A batch of three: the erasure of a few rows takes several.
    app = await startShort(database, {
      revocationBatchSize: 3,
      env: { TRUST_PROXY: 'true', LOGIN_FAILURES_PER_PAIR: '5' },
    });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
    member = await account.addUser();
  });
  afterAll(() => app.close());

  const remove = (variables: Record<string, unknown>, by = owner) => by.gql(DELETE_USER, variables);
  const expectDeleted = async (variables: Record<string, unknown>) =>
    expect((await remove(variables)).data).toEqual({ deleteUser: true });

  test('the sessions of a deleted user end at once, and no token of theirs is accepted any more', async () => {
    const [first, second] = [await member.login(), await member.login()];
    await expectDeleted({ userId: member.id });
    for (const { accessToken, sessionId, refresh } of [first, second]) {
      expect(await sessionEnd(app, sessionId)).toMatchObject({ end_reason: 'USER_DEACTIVATED' });
      expect((await app.gql(CURRENT_SESSION, {}, { token: accessToken })).extensions).toMatchObject({
        code: 'UNAUTHENTICATED',
        endReason: 'USER_DEACTIVATED',
      });
      expect((await refresh()).extensions).toMatchObject({
        code: 'INVALID_REFRESH_TOKEN',
        endReason: 'USER_DEACTIVATED',
      });
      const verify = await fetch(`${app.url}/auth/verify`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      expect(verify.status).toBe(401);
    }
    expect((await member.tryLogin()).code).toBe('INVALID_CREDENTIALS');
  });

  test('subscribers hear it at once and their socket is closed; the account hears of the end', async () => {
    const feed = await followAccount(app, owner, await account.addUser());
    const who = await loginWarned(app, member);
    const expiry = await followWarned(app, who);
    owner = await account.owner.login();
    await expectDeleted({ userId: member.id });
    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED', endReason: 'USER_DEACTIVATED' });
    expect(await expiry.closed).toMatchObject({ code: 4401 });
    let event = await nextEventOf(app, feed, who.sessionId);
    while (event.kind !== 'ENDED') event = await nextEventOf(app, feed, who.sessionId);
    expect(event.session.user).toEqual({ id: member.id, email: '' });
  });

  test('nothing in any table identifies a deleted user any more', async () => {
    const email = `Quite.Personal-${database}@example.test`;
    const name = 'Quirina Personal';
    const invitation = await owner.gql(INVITE, { input: { email, name, role: 'MEMBER' } });
    const { user, setPasswordUrl } = invitation.data.inviteUser;
    const there = { headers: { ...from('198.51.100.77').headers, 'user-agent': BROWSER } };
    const input = { token: tokenOf(setPasswordUrl), newPassword: 'a much better password' };
    const signedIn = await app.gql(SET_PASSWORD, { input }, there);
    expect(signedIn.errors).toBeUndefined();
    for (let attempt = 0; attempt < 3; attempt += 1)
      await app.gql(LOGIN, { input: { email, password: 'not this one' } }, there);
    await app.gql(LOGIN, { input: { email, password: 'a much better password' } }, there);
    const token = { token: signedIn.data.setPassword.accessToken, ...there };
    await app.gql(`mutation { revokeUserSessions(userId: "${user.id}") { revokedCount } }`, {}, token);
    await owner.gql(RESET_PASSWORD, { userId: user.id });
    await owner.gql(RENAME, { userId: user.id, name: 'Queenie Private' });
    await sql`insert into user_identities (issuer, subject, user_id, created_at)
      values ('https://login.example.test', 'subject-77', ${user.id}, ${app.clock.now()})`.execute(
      app.database.em().getKysely(),
    );
    const traces = [email, name, 'Queenie Private', '198.51.100.77', BROWSER, 'subject-77'];
    expect((await rowsWith(app, traces)).length).toBeGreaterThan(8);

    await expectDeleted({ userId: user.id });
    expect(await rowsWith(app, traces)).toEqual([]);
    expect(await pendingErasures(app)).toBe(0);
    const links = sql`select 1 from password_links where user_id = ${user.id}`;
    expect((await links.execute(app.database.em().getKysely())).rows).toEqual([]);
  });

  test('nothing identifies a user whom an application created, also in rows from before users could be deleted', async () => {
    const service = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Booking desk' })).key);
    const externalId = `customer-${database}-91`;
    const who = { externalId, email: `ida-${database}@shop.example`, name: 'Ida Ident' };
    const browser = { ipAddress: '203.0.113.91', userAgent: `${BROWSER} 91` };
    const { session } = await service.create({ ...who, ...browser });
    await sql`alter table audit_events disable trigger user`.execute(app.database.em().getKysely());
    await sql`update audit_events set details = details - 'user_id' where resource_id = ${session.id}`.execute(
      app.database.em().getKysely(),
    );
    await sql`alter table audit_events enable trigger user`.execute(app.database.em().getKysely());
    await service.create({ externalId, ...browser });
    const traces = [externalId, who.email, who.name, browser.ipAddress, browser.userAgent];
    expect((await rowsWith(app, traces)).length).toBeGreaterThan(4);

    const answer = await service.gql(DELETE_USER, { externalId });
    expect(answer.data).toEqual({ deleteUser: true });
    expect(await rowsWith(app, traces)).toEqual([]);
    const rows = await auditRows(app, account.id);
    expect(rows.find(({ action }) => action === 'user.deleted')).toMatchObject({
      actor_id: null,
      actor_name: 'Booking desk',
      resource_id: session.user.id,
      details: { ended_sessions: 2 },
    });
  });

  test('the audit trail keeps every row, under a pseudonym, and what it says of the others', async () => {
    const session = await member.login();
    await session.gql(VIEWER);
    await owner.gql(SET_ROLE, { userId: member.id, role: 'OWNER' });
    const colleague = await account.addUser();
    await session.gql(SET_ACTIVE, { userId: colleague.id, isActive: false });
    const guest = `guest-of-someone-${database}@example.test`;
    await session.gql(INVITE, { input: { email: guest, name: 'Gus Guest' } });
    const before = await auditRows(app, account.id);
    app.clock.advance(1_000);
    await expectDeleted({ userId: member.id });

    const after = await auditRows(app, account.id);
    const isSameButForPeople = ({ actor_name: _, details: __, ip_address: ___, ...row }: (typeof after)[0]) =>
      row;
    expect(after.slice(0, -1).map(isSameButForPeople)).toEqual(before.map(isSameButForPeople));
    const { edges } = (await owner.gql(AUDIT)).data.auditEvents;
    const nodes: any[] = edges.map(({ node }: any) => node);
    const deleted = { id: member.id, name: 'Deleted user', email: '' };
    expect(nodes[0]).toMatchObject({
      action: 'user.deleted',
      actor: { id: account.owner.id },
      subject: deleted,
      resourceId: member.id,
      details: { ended_sessions: 1 },
    });
    expect(nodes.find(({ action }) => action === 'user.deactivated')).toMatchObject({
      actor: deleted,
      actorName: 'Deleted user',
      ipAddress: null,
      subject: { id: colleague.id, name: expect.stringContaining('member-') },
    });
    // What the deleted user did to someone else still says to whom.
    expect(nodes.find(({ action }) => action === 'user.invited')).toMatchObject({
      actor: deleted,
      details: { email: guest, role: 'MEMBER' },
    });
    // What someone else did to the deleted user still says who, and from where.
    expect(nodes.find(({ action }) => action === 'user.role_changed')).toMatchObject({
      actor: { id: account.owner.id },
      actorName: expect.stringContaining('Owner '),
      ipAddress: '127.0.0.1',
      subject: deleted,
    });
  });

  test('the name that a row says it was done to goes as well, also when an older node erases', async () => {
    const { name } = (await member.login()).payload.user;
    await owner.gql(`mutation { revokeUserSessions(userId: "${member.id}") { revokedCount } }`);
    const names = async () => {
      const { rows } = await sql<{ subject_name: string }>`select distinct subject_name from audit_events
        where account_id = ${account.id} and resource_id = ${member.id}`.execute(
        app.database.em().getKysely(),
      );
      return rows.map((row) => row.subject_name);
    };
    expect(await names()).toEqual([name]);
    await expectDeleted({ userId: member.id });
    expect(await names()).toEqual(['Deleted user']);
    const em = app.database.em().getKysely();
    await sql`alter table audit_events disable trigger user`.execute(em);
    await sql`update audit_events set subject_name = ${name} where resource_id = ${member.id}`.execute(em);
    await sql`alter table audit_events enable trigger user`.execute(em);
    // The version before does not name the column.
    await sql`update audit_events set ip_address = null where resource_id = ${member.id}`.execute(em);
    expect(await names()).toEqual(['Deleted user']);
    await expect(
      sql`update audit_events set subject_name = 'Someone else' where resource_id = ${member.id}`.execute(em),
    ).rejects.toThrow(/append-only/);
  });

  test('the rows of the trail cannot be changed in any other way, deleted users or not', async () => {
    await member.login();
    await (await account.addUser()).login();
    await expectDeleted({ userId: member.id });
    const change = (set: ReturnType<typeof sql>, rows: ReturnType<typeof sql>) =>
      sql`update audit_events set ${set} where ${rows}`.execute(app.database.em().getKysely());
    const ofOthers = sql`account_id = ${account.id} and actor_id is distinct from ${member.id}`;
    for (const set of [sql`actor_name = 'Deleted user'`, sql`ip_address = null`, sql`details = '{}'`])
      await expect(change(set, ofOthers)).rejects.toThrow(/append-only/);
    for (const set of [
      sql`actor_name = 'Someone else'`,
      sql`ip_address = '192.0.2.1'`,
      sql`details = details || '{"more": 1}'`,
      sql`action = 'user.invited'`,
      sql`created_at = now()`,
      sql`retain_until = now()`,
      sql`actor_id = null`,
    ])
      for (const rows of [ofOthers, sql`actor_id = ${member.id}`])
        await expect(change(set, rows)).rejects.toThrow(/append-only/);
  });

  test('the e-mail is free at once, and nothing of the old user attaches to the new one', async () => {
    const there = from('198.51.100.88');
    const inBrowser = await app.gql(
      LOGIN,
      { input: { email: member.email, password: PASSWORD, transport: 'COOKIE' } },
      there,
    );
    expect(inBrowser.errors).toBeUndefined();
    const reset = await owner.gql(RESET_PASSWORD, { userId: member.id });
    const oldLink = tokenOf(reset.data.resetUserPassword.setPasswordUrl);
    const elsewhere = from('198.51.100.89');
    for (let attempt = 0; attempt < 5; attempt += 1)
      await member.tryLogin({ password: 'not this one' }, elsewhere);
    expect((await member.tryLogin({}, elsewhere)).code).toBe('RATE_LIMITED');

    await expectDeleted({ userId: member.id });
    const invitation = await owner.gql(INVITE, { input: { email: member.email, name: 'Nia New' } });
    expect(invitation.errors).toBeUndefined();
    const { user, setPasswordUrl } = invitation.data.inviteUser;
    expect(user.id).not.toBe(member.id);
    const newPassword = 'a much better password';
    const use = (token: string) => app.gql(SET_PASSWORD, { input: { token, newPassword } }, elsewhere);
    expect((await use(oldLink)).code).toBe('INVALID_CREDENTIALS');
    expect((await use(tokenOf(setPasswordUrl))).data.setPassword.user.id).toBe(user.id);
    expect((await member.tryLogin({}, elsewhere)).code).toBe('INVALID_CREDENTIALS');
    const signedIn = await member.tryLogin({ password: newPassword }, elsewhere);
    expect(signedIn.data.login.user.id).toBe(user.id);
    const list = await owner.gql(
      `query ($id: ID) { sessions(userId: $id, status: ENDED) { edges { node { user { id } } } } }`,
      { id: user.id },
    );
    expect(list.data.sessions.edges).toEqual([]);
  });

  test('deleting once more, a stranger, and a user of another account: the same NOT_FOUND', async () => {
    const other = await app.seed.account();
    const theirs = await other.addUser();
    await expectDeleted({ userId: member.id });
    const answers = await Promise.all(
      [member.id, UNKNOWN, theirs.id, other.owner.id, 'x', '', '\0', `${UNKNOWN}\0`].map((userId) =>
        remove({ userId }),
      ),
    );
    for (const { errors } of answers)
      expect(errors).toMatchObject([{ message: 'User not found.', extensions: { code: 'NOT_FOUND' } }]);
    expect((await remove({ externalId: 'nobody' })).code).toBe('NOT_FOUND');
    expect((await theirs.tryLogin()).errors).toBeUndefined();
  });

  test('a deleted user is gone for every other mutation', async () => {
    await expectDeleted({ userId: member.id });
    const { id: userId } = member;
    for (const answer of [
      await owner.gql(SET_ACTIVE, { userId, isActive: true }),
      await owner.gql(SET_ROLE, { userId, role: 'OWNER' }),
      await owner.gql(RESET_PASSWORD, { userId }),
      await owner.gql(INVITE, { input: { userId, email: 'again@example.test', name: 'Again' } }),
      await owner.gql(`mutation ($userId: ID!) { revokeUserSessions(userId: $userId) { revokedCount } }`, {
        userId,
      }),
    ])
      expect(answer.code).toBe('NOT_FOUND');
    const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    expect((await service.gql(USER_SESSIONS, { userId })).code).toBe('NOT_FOUND');
    expect((await service.gql(END_USER_SESSIONS, { input: { userId } })).code).toBe('NOT_FOUND');
    await expect(service.create({ userId })).rejects.toThrow('NOT_FOUND');
  });

  test('exactly one of userId and externalId is required', async () => {
    const badInput = (reason: string) => ({ code: 'BAD_USER_INPUT', field: 'userId', reason });
    expect((await remove({})).extensions).toEqual(badInput('REQUIRED'));
    expect((await remove({ userId: member.id, externalId: 'x' })).extensions).toEqual(badInput('AMBIGUOUS'));
  });

  test('a member is refused, also for themselves', async () => {
    const session = await member.login();
    expect((await remove({ userId: member.id }, session)).code).toBe('FORBIDDEN');
    expect((await session.gql(VIEWER)).data.viewer.id).toBe(member.id);
  });

  test('the last active owner stays; another owner can go, also by themselves', async () => {
    const second = await account.addUser('OWNER');
    expect((await remove({ userId: second.id }, await second.login())).data).toEqual({ deleteUser: true });
    expect((await remove({ userId: account.owner.id })).extensions).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'userId',
      reason: 'LAST_OWNER',
    });
    const own = (await auditRows(app, account.id)).find(({ action }) => action === 'user.deleted');
    expect(own).toMatchObject({ actor_id: second.id, actor_name: 'Deleted user', ip_address: null });
    expect((await owner.gql(VIEWER)).errors).toBeUndefined();
  });

  describe('by service key', () => {
    test('of the account: by externalId, once; the external id is free again', async () => {
      const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
      const who = stranger();
      const first = await service.create(who);
      const { externalId } = who;
      expect((await service.gql(DELETE_USER, { externalId })).data).toEqual({ deleteUser: true });
      expect(await service.validate(first.sessionToken)).toMatchObject({
        valid: false,
        reason: 'REVOKED',
        session: { endReason: 'USER_DEACTIVATED', ipAddress: null, user: { name: 'Deleted user' } },
      });
      expect((await service.gql(DELETE_USER, { externalId })).code).toBe('NOT_FOUND');
      const again = await service.create(who);
      expect(again.session.user.id).not.toBe(first.session.user.id);
      expect((await service.validate(first.sessionToken)).valid).toBe(false);
    });

    test('of another account: NOT_FOUND, and nothing changes', async () => {
      const { id } = await app.seed.account();
      const service = backEnd(app, (await app.seed.serviceKey(id)).key);
      expect((await service.gql(DELETE_USER, { userId: member.id })).code).toBe('NOT_FOUND');
      expect((await member.tryLogin()).errors).toBeUndefined();
    });

    test('for all accounts: an external id needs its account', async () => {
      const service = backEnd(app, (await app.seed.serviceKey(null)).key);
      const who = stranger();
      await service.create({ ...who, accountId: account.id });
      const { externalId } = who;
      expect((await service.gql(DELETE_USER, { externalId })).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'accountId',
        reason: 'REQUIRED',
      });
      const other = await app.seed.account();
      expect((await service.gql(DELETE_USER, { externalId, accountId: other.id })).code).toBe('NOT_FOUND');
      const answer = await service.gql(DELETE_USER, { externalId, accountId: account.id });
      expect(answer.data).toEqual({ deleteUser: true });
      expect((await service.gql(DELETE_USER, { userId: member.id })).data).toEqual({ deleteUser: true });
    });

    test('the last active owner stays', async () => {
      const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
      const answer = await service.gql(DELETE_USER, { userId: account.owner.id });
      expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'LAST_OWNER' });
    });
  });
});
