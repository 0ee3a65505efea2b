import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { AUDIT_EVENTS, encode, GARBAGE, idsOf, nodesOf, readPage, readPages } from './lists.ts';
import { BULK_REVOCATION, POLICY_UPDATE, REVOKE_OTHERS, savePolicy, startPolicyApp } from './policy-calls.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  afterAll(() => app.close());

  const list = (who: SignedIn, variables?: Record<string, unknown>) => readPage(who, AUDIT_EVENTS, variables);

  test('several pages have no gap and no repeat while events are added, newest first', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    for (let number = 1; number <= 7; number += 1) {
      // Some in one millisecond: the id orders them.
      if (number % 3 === 0) app.clock.advance(1);
      await savePolicy(viewer, {});
    }
    app.clock.advance(1);
    const before = await list(viewer);
    const pages = await readPages(viewer, AUDIT_EVENTS, { first: 2 }, () => savePolicy(viewer, {}));
    const seen = pages.flatMap(idsOf);
    expect(seen).toEqual(idsOf(before));
    expect(before.totalCount).toBe(seen.length);
    const order = pages.flatMap(nodesOf).map(({ createdAt, id }) => `${createdAt} ${id}`);
    expect(order).toEqual([...order].sort().reverse());
    expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map((_, index) => seen.length + index));
    expect(pages.every(({ pageInfo }, index) => pageInfo.hasPreviousPage === index > 0)).toBe(true);
    for (const { edges, pageInfo } of pages)
      expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]!.cursor, edges.at(-1)!.cursor]);
  });

  test('an event has actor, target, place and time', async () => {
    const { owner } = await app.seed.account();
    const viewer = await owner.login();
    app.clock.advance(1000);
    await savePolicy(viewer, { idleMinutes: 60, absoluteMinutes: 240 });
    const [event] = nodesOf(await list(viewer, { first: 1 }));
    expect(event).toEqual({
      id: expect.any(String),
      action: POLICY_UPDATE,
      actor: { id: owner.id },
      actorName: viewer.payload.user.name,
      resourceType: 'account',
      resourceId: owner.accountId,
      details: {
        old: { idle_minutes: null, absolute_minutes: null },
        new: { idle_minutes: 60, absolute_minutes: 240 },
        effective_old: { idle_minutes: 4320, absolute_minutes: 20_160 },
        effective_new: { idle_minutes: 60, absolute_minutes: 240 },
        apply: 'next_login',
        ended_count: 0,
        shortened_count: 0,
      },
      ipAddress: expect.stringMatching(/127\.0\.0\.1$/),
      createdAt: app.clock.now().toISOString(),
    });
  });

  test('an event names the affected user or the owner of the affected session', async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    const member = await account.addUser();
    const session = await member.login();
    await viewer.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
      id: session.sessionId,
    });
    await viewer.gql('mutation ($id: ID!) { setUserActive(userId: $id, isActive: false) { id } }', {
      id: member.id,
    });
    const { data } = await viewer.gql('{ auditEvents { edges { node { action subject { id } } } } }');
    const subjects = data.auditEvents.edges.map(({ node }: any) => [node.action, node.subject?.id ?? null]);
    expect(subjects.toSorted()).toEqual(
      [
        ['account.created', null],
        ['session.started', account.owner.id],
        ['session.started', member.id],
        ['session.ended', member.id],
        ['user.deactivated', member.id],
      ].toSorted(),
    );
  });

  test('action filters by exactly one action', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    await savePolicy(viewer, {});
    await viewer.gql(REVOKE_OTHERS);
    await savePolicy(viewer, {});
    const updates = await list(viewer, { action: POLICY_UPDATE });
    expect(nodesOf(updates).map(({ action }) => action)).toEqual([POLICY_UPDATE, POLICY_UPDATE]);
    expect(updates.totalCount).toBe(2);
    expect((await list(viewer, { action: BULK_REVOCATION })).totalCount).toBe(1);
    expect(
      (await readPages(viewer, AUDIT_EVENTS, { first: 1, action: POLICY_UPDATE })).flatMap(idsOf),
    ).toEqual(idsOf(updates));
    for (const action of [
      '',
      'account',
      '%',
      'account.%',
      POLICY_UPDATE.toUpperCase(),
      ` ${POLICY_UPDATE}`,
      'a\u{0}',
    ])
      expect(await list(viewer, { action })).toMatchObject({ totalCount: 0, edges: [] });
    expect(await list(viewer, { action: null })).toEqual(await list(viewer));
  });

  test('the trail contains only its account and is for owners only', async () => {
    const [here, there] = [await app.seed.account(), await app.seed.account()];
    const [viewer, neighbour] = [await here.owner.login(), await there.owner.login()];
    const seen = nodesOf(await list(viewer));
    expect(seen.map(({ resourceId }) => resourceId).sort()).toEqual([here.id, viewer.sessionId].sort());
    // A cursor of another account is only a moment.
    const after = (await list(neighbour)).pageInfo.startCursor;
    for (const node of nodesOf(await list(viewer, { after }))) expect(seen).toContainEqual(node);
    const member = await (await here.addUser()).login();
    expect((await member.gql(AUDIT_EVENTS)).code).toBe('FORBIDDEN');
    expect((await app.gql(AUDIT_EVENTS)).code).toBe('UNAUTHENTICATED');
  });

  test('a page size outside 1 to 100 and an invented cursor are BAD_USER_INPUT', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    for (const first of [0, -1, 101, 2 ** 31 - 1])
      expect((await viewer.gql(AUDIT_EVENTS, { first })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'first',
        min: 1,
        max: 100,
      });
    // The id of an event is a UUID; that of a session need not be.
    for (const after of [...GARBAGE, encode('1:abc'), encode(`1:' or true --`)]) {
      const { extensions } = await viewer.gql(AUDIT_EVENTS, { after });
      expect({ after, ...extensions }).toMatchObject({ after, code: 'BAD_USER_INPUT', field: 'after' });
    }
  });
});
