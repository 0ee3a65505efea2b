import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { idsOf, nodesOf, readPage, readPages } from '../policy/lists.ts';
import { savePolicy, startPolicyApp } from '../policy/policy-calls.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { addEvents, AUDIT, END_ALL_OF, END_ONE, requestExport } from './audit-calls.ts';

const HOUR = 60 * 60_000;

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let member: Person;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  beforeEach(async () => {
    account = await app.seed.account();
    app.clock.advance(1000);
    owner = await account.owner.login();
    member = await account.addUser();
  });
  afterAll(() => app.close());

  const list = (variables: Record<string, unknown> = {}, who = owner) => readPage(who, AUDIT, variables);
  const actionsOf = async (variables: Record<string, unknown>) =>
    nodesOf(await list(variables)).map(({ action }) => action);

  test('a person finds what they did and what was done to them, and nothing else', async () => {
    const session = await member.login();
    app.clock.advance(1000);
    await owner.gql(END_ONE, { id: session.sessionId });
    app.clock.advance(1000);
    await savePolicy(owner, {});
    app.clock.advance(1000);
    await owner.gql(END_ALL_OF, { id: member.id });
    expect(await actionsOf({ userId: member.id })).toEqual([
      'user.sessions_revoked',
      'session.ended',
      'session.started',
    ]);
    expect(await actionsOf({ userId: account.owner.id })).toEqual([
      'user.sessions_revoked',
      'account.session_policy_update',
      'session.ended',
      'session.started',
    ]);
    expect((await list({ userId: member.id })).totalCount).toBe(3);
    expect((await list({ userId: account.owner.id })).totalCount).toBe(4);
  });

  test('the first and the last moment of RFC 3339 are moments like others, in a file too', async () => {
    const [from, to] = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'];
    expect((await list({ from, to })).totalCount).toBe(2);
    expect((await list({ to: from })).totalCount).toBe(0);
    const file = async (query: string) => {
      const response = await requestExport(app, owner, `format=jsonl&${query}`);
      expect(response.status).toBe(200);
      return response.text();
    };
    // With the row of the file itself.
    expect((await file(`from=${from}&to=${to}`)).split('\n')).toHaveLength(3 + 1);
    expect(await file(`to=${from}`)).toBe('');
  });

  test('the name of whom it was done to stays as it was then', async () => {
    const { name } = (await member.login()).payload.user;
    await owner.gql(END_ALL_OF, { id: member.id });
    await sql`update users set name = 'Another Name' where id = ${member.id}`.execute(
      app.database.em().getKysely(),
    );
    app.clock.advance(1000);
    await owner.gql(END_ALL_OF, { id: member.id });
    const events = nodesOf(await list({ userId: member.id, action: 'user.sessions_revoked' }));
    expect(events.map(({ subjectName, subject }) => ({ subjectName, id: subject.id }))).toEqual([
      { subjectName: 'Another Name', id: member.id },
      { subjectName: name, id: member.id },
    ]);
  });

  test('a sign-in by an application names the application and the person, and so does its end', async () => {
    const service = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Shop' })).key);
    const { sessionToken, session } = await service.create({
      externalId: `kim-${account.id}`,
      email: 'kim@shop.example',
      name: 'Kim Lee',
    });
    app.clock.advance(1000);
    await service.end(sessionToken);
    const events = nodesOf(await list({ userId: session.user.id }));
    expect(
      events.map(({ action, actor, actorName, subject, subjectName }) => [
        action,
        actor,
        actorName,
        subject.id,
        subjectName,
      ]),
    ).toEqual([
      ['session.ended', null, 'Shop', session.user.id, 'Kim Lee'],
      ...['session.started', 'user.created']
        .map((action) => [action, null, 'Shop', session.user.id, 'Kim Lee'])
        .toSorted((one, other) => nodeIndex(events, one[0]!) - nodeIndex(events, other[0]!)),
    ]);
  });

  const nodeIndex = (events: any[], wanted: string) => events.findIndex(({ action }) => action === wanted);

  test('rows from before names were stored are found and named by what they hold', async () => {
    await member.login();
    await sql`alter table audit_events disable trigger user`.execute(app.database.em().getKysely());
    await sql`update audit_events set subject_name = null where account_id = ${account.id}`.execute(
      app.database.em().getKysely(),
    );
    await sql`alter table audit_events enable trigger user`.execute(app.database.em().getKysely());
    const [event] = nodesOf(await list({ userId: member.id }));
    expect(event).toMatchObject({
      subject: { id: member.id },
      subjectName: expect.stringContaining('member-'),
    });
  });

  test('from is inclusive, to is exclusive, and both narrow person and actions', async () => {
    const moments: Date[] = [];
    for (let hour = 0; hour < 4; hour += 1) {
      app.clock.advance(HOUR);
      moments.push(app.clock.now());
      await owner.gql(END_ALL_OF, { id: member.id });
    }
    const count = async (variables: Record<string, unknown>) => (await list(variables)).totalCount;
    const action = 'user.sessions_revoked';
    expect(await count({ action, from: moments[1] })).toBe(3);
    expect(await count({ action, to: moments[1] })).toBe(1);
    expect(await count({ action, from: moments[1], to: moments[3] })).toBe(2);
    expect(await count({ userId: member.id, from: moments[1], to: moments[2] })).toBe(1);
    expect(await count({ userId: member.id, actions: [action], from: moments[3] })).toBe(1);
    expect(await count({ userId: member.id, actions: ['session.ended'], from: moments[3] })).toBe(0);
    expect(await count({ from: moments[2], to: moments[2] })).toBe(0);
    expect(await count({ from: moments[3], to: moments[0] })).toBe(0);
    expect(await count({ from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' })).toBe(
      (await list()).totalCount,
    );
  });

  test('several actions are one list in order, page by page', async () => {
    for (let round = 0; round < 4; round += 1) {
      // Two of the three in one millisecond: the id orders them.
      if (round % 2 === 0) app.clock.advance(1);
      await savePolicy(owner, {});
      await owner.gql(END_ALL_OF, { id: member.id });
    }
    const actions = [
      'user.sessions_revoked',
      'account.session_policy_update',
      'user.sessions_revoked',
      'no.such',
    ];
    const all = await list({ actions });
    expect(all.totalCount).toBe(8);
    const order = nodesOf(all).map(({ createdAt, id }) => `${createdAt} ${id}`);
    expect(order).toEqual(order.toSorted().toReversed());
    const pages = await readPages(owner, AUDIT, { first: 3, actions });
    expect(pages.flatMap(idsOf)).toEqual(idsOf(all));
    expect(pages.map(({ totalCount }) => totalCount)).toEqual([8, 8, 8]);
    const ofOne = await readPages(owner, AUDIT, { first: 3, userId: account.owner.id });
    expect(ofOne.flatMap(idsOf)).toEqual(idsOf(await list({ userId: account.owner.id })));
    expect(new Set(ofOne.flatMap(idsOf)).size).toBe(9);
  });

  test('action and actions have to fit both, and none gives an empty list', async () => {
    await savePolicy(owner, {});
    const action = 'account.session_policy_update';
    expect((await list({ action, actions: [action, 'session.ended'] })).totalCount).toBe(1);
    expect((await list({ action, actions: ['session.ended'] })).totalCount).toBe(0);
    expect(await list({ actions: [] })).toMatchObject({ totalCount: 0, edges: [] });
    expect((await list({ actions: ['a\u{0}', action] })).totalCount).toBe(1);
    const many = Array.from({ length: 51 }, (_, index) => `action.${index}`);
    expect((await owner.gql(AUDIT, { actions: many })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'actions',
    });
  });

  test('a person who is unknown or of another account gives an empty list', async () => {
    const neighbour = await app.seed.account();
    await neighbour.owner.login();
    for (const userId of [
      neighbour.owner.id,
      '00000000-0000-4000-8000-000000000000',
      member.id.toUpperCase(),
      'x',
      '',
      "' or true --",
      '\u{0}',
    ])
      expect({ userId, ...(await list({ userId })) }).toMatchObject({ userId, totalCount: 0, edges: [] });
    expect((await (await member.login()).gql(AUDIT, { userId: member.id })).code).toBe('FORBIDDEN');
  });

  test('in a large account a page reads a page of every list', async () => {
    await addEvents(app, { accountId: account.id, userId: account.owner.id, name: 'Busy Owner' }, 12_000);
    await member.login();
    await owner.gql(END_ALL_OF, { id: member.id });
    await sql`analyze audit_events`.execute(app.database.em().getKysely());
    expect((await list()).totalCount).toBe(10_000);
    expect((await list({ userId: account.owner.id, first: 1 })).totalCount).toBe(10_000);
    expect((await list({ userId: member.id })).totalCount).toBe(2);
    expect((await list({ actions: ['user.sessions_revoked', 'session.ended'] })).totalCount).toBe(1);
    for (const condition of [
      `audit_event_subject(e.resource_type, e.resource_id, e.details, e.actor_id) = '${member.id}'`,
      `e.actor_id = '${member.id}' and
        audit_event_subject(e.resource_type, e.resource_id, e.details, e.actor_id) is distinct from e.actor_id::text`,
    ]) {
      const { rows } = await sql<Record<string, string>>`${sql.raw(`explain select e.* from audit_events e
        where e.account_id = '${account.id}' and ${condition} order by e.created_at desc, e.id desc limit 51`)}`.execute(
        app.database.em().getKysely(),
      );
      const plan = rows.map((row) => Object.values(row)[0]).join('\n');
      expect(plan).toMatch(/audit_events_(subject|actor)/);
    }
  });
});
