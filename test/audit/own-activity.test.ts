import { from, INVITE, SET_ROLE } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { idsOf, nodesOf, readPage, readPages } from '../policy/lists.ts';
import { savePolicy, startPolicyApp } from '../policy/policy-calls.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { END_ALL_OF, END_ONE, OWN_ACTIVITY } from './audit-calls.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let member: Person;
  beforeAll(async () => {
    app = await startPolicyApp(database, { TRUST_PROXY: 'true' });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
    member = await account.addUser();
    app.clock.advance(1000);
  });
  afterAll(() => app.close());

  test('a member reads what they did and what was done to them', async () => {
    const [first, second] = [await member.login(), await member.login()];
    await (await account.addUser()).login();
    await savePolicy(owner, {});
    app.clock.advance(1000);
    await owner.gql(END_ONE, { id: first.sessionId }, from('203.0.113.9'));
    app.clock.advance(1000);
    await member.tryLogin({ password: 'not the right one' }, from('203.0.113.66'));
    const page = await readPage(second, OWN_ACTIVITY);
    expect(nodesOf(page).map(({ action }) => action)).toEqual([
      'login.failed',
      'session.ended',
      'session.started',
      'session.started',
    ]);
    expect(page.totalCount).toBe(4);
    const [failed, ended, started] = nodesOf(page);
    // Who tried it is not known; the member has to know where from.
    expect(failed).toMatchObject({ actorName: member.email, ipAddress: '203.0.113.66' });
    expect(ended).toMatchObject({
      actor: null,
      actorName: expect.stringContaining('Owner '),
      subject: { id: member.id },
      details: { reason: 'REVOKED_BY_OWNER' },
      ipAddress: null,
    });
    expect(started).toMatchObject({
      actor: { id: member.id },
      ipAddress: expect.stringMatching(/127\.0\.0\.1/),
    });
    expect(JSON.stringify(page)).not.toContain(account.owner.email);
    expect(JSON.stringify(page)).not.toContain('203.0.113.9"');
  });

  test('pages follow each other without gap or repeat', async () => {
    const session = await member.login();
    for (let turn = 0; turn < 6; turn += 1) {
      if (turn % 2 === 0) app.clock.advance(1);
      await owner.gql(SET_ROLE, { userId: member.id, role: turn % 2 === 0 ? 'OWNER' : 'MEMBER' });
    }
    const all = idsOf(await readPage(session, OWN_ACTIVITY));
    expect(all).toHaveLength(7);
    expect((await readPages(session, OWN_ACTIVITY, { first: 2 })).flatMap(idsOf)).toEqual(all);
    for (const first of [0, 101])
      expect((await session.gql(OWN_ACTIVITY, { first })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'first',
      });
  });

  test('who was an owner does not see the e-mails of others there any more', async () => {
    const former = await account.addUser('OWNER');
    const session = await former.login();
    const guest = `guest-${account.id}@example.test`;
    await session.gql(INVITE, { input: { email: guest, name: 'Gus Guest' } });
    await session.gql(END_ALL_OF, { id: member.id });
    app.clock.advance(1000);
    await owner.gql(SET_ROLE, { userId: former.id, role: 'MEMBER' });
    const answer = await readPage(session, OWN_ACTIVITY);
    expect(JSON.stringify(answer)).not.toContain(guest);
    expect(JSON.stringify(answer)).not.toContain(member.email);
    const invited = nodesOf(answer).find(({ action }) => action === 'user.invited');
    expect(invited).toMatchObject({
      actor: { id: former.id },
      subject: null,
      subjectName: 'Gus Guest',
      details: { role: 'MEMBER' },
    });
  });

  test('a sign-in by an application has the address of the browser, and nothing of another account', async () => {
    const service = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Shop' })).key);
    await service.create({ userId: member.id, ipAddress: '198.51.100.20' });
    const session = await member.login();
    const events = nodesOf(await readPage(session, OWN_ACTIVITY));
    expect(events).toContainEqual(
      expect.objectContaining({ actor: null, actorName: 'Shop', ipAddress: '198.51.100.20' }),
    );
    const neighbour = await (await app.seed.account()).owner.login();
    expect(nodesOf(await readPage(neighbour, OWN_ACTIVITY))).toHaveLength(1);
  });

  test('needs a person who is signed in', async () => {
    expect((await app.gql(OWN_ACTIVITY)).code).toBe('UNAUTHENTICATED');
    const { key } = await app.seed.serviceKey(account.id);
    expect((await app.gql(OWN_ACTIVITY, {}, { token: key })).code).toBe('FORBIDDEN');
  });
});
