import { randomUUID } from 'node:crypto';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { encode, GARBAGE, idsOf, nodesOf, readPage, readPages, SESSIONS } from './lists.ts';
import {
  dataOf,
  HOUR,
  MINUTE,
  REVOKE_OTHERS,
  savePolicy,
  sessionRows,
  startPolicyApp,
} from './policy-calls.ts';

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  afterAll(() => app.close());

  const list = (who: SignedIn, variables?: Record<string, unknown>) => readPage(who, SESSIONS, variables);

  test('several pages have no gap and no repeat while sessions start and end, latest sign-in first', async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    const member = await account.addUser();
    const sessions = [viewer];
    for (let number = 1; number <= 8; number += 1) {
      // Some in the same millisecond: the id decides between them.
      if (number % 3 === 0) app.clock.advance(1);
      sessions.push(await member.login());
    }
    app.clock.advance(1);

    const started: string[] = [];
    let ended = 0;
    const pages = await readPages(viewer, SESSIONS, { first: 2 }, async () => {
      started.push((await member.login()).sessionId);
      // The oldest except the viewer's own: it is on the last page, and has ended by then.
      ended += dataOf(
        await viewer.gql(`mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`, {
          id: sessions[1]!.sessionId,
        }),
      ).revokeSession.revokedCount;
    });
    const seen = pages.flatMap(idsOf);
    expect(ended).toBe(1);
    expect(new Set(seen).size).toBe(seen.length);
    const expected = sessions.map(({ sessionId }) => sessionId).filter((id) => id !== sessions[1]!.sessionId);
    expect([...seen].sort()).toEqual(expected.sort());
    for (const id of started) expect(seen).not.toContain(id);

    const order = pages.flatMap(nodesOf).map(({ authenticatedAt, id }) => `${authenticatedAt} ${id}`);
    expect(order).toEqual([...order].sort().reverse());
    expect(pages.map(({ pageInfo }) => [pageInfo.hasPreviousPage, pageInfo.hasNextPage])).toEqual([
      [false, true],
      [true, true],
      [true, true],
      [true, false],
    ]);
    for (const { edges, pageInfo } of pages)
      expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]!.cursor, edges.at(-1)!.cursor]);
  });

  test('totalCount covers the whole list on every page, and pages are exact at their edges', async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    for (let number = 1; number <= 3; number += 1) await account.owner.login();
    expect((await readPages(viewer, SESSIONS, { first: 2 })).map(({ totalCount }) => totalCount)).toEqual([
      4, 4,
    ]);
    const whole = await list(viewer, { first: 4 });
    expect(whole).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: false } });
    expect(await list(viewer, { first: 3 })).toMatchObject({
      totalCount: 4,
      pageInfo: { hasNextPage: true },
    });
    expect(await list(viewer, { first: 2, after: whole.pageInfo.endCursor })).toEqual({
      totalCount: 4,
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
    // Null is the default, like an absent argument.
    expect(await list(viewer, { first: null, status: null, userId: null })).toEqual(await list(viewer));
  });

  test('first is 1 to 100, else BAD_USER_INPUT with the bounds', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    for (const first of [1, 100]) expect((await list(viewer, { first })).totalCount).toBe(1);
    for (const first of [0, -1, 101, 2 ** 31 - 1])
      expect((await viewer.gql(SESSIONS, { first })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'first',
        min: 1,
        max: 100,
      });
    for (const first of [2 ** 31, 1.5, '2'])
      expect((await viewer.gql(SESSIONS, { first })).code).toBe('BAD_USER_INPUT');
    const users = await viewer.gql(`{ sessionPolicy { activeUsers(first: 101) { userId } } }`);
    expect(users.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first', min: 1, max: 100 });
  });

  test("an invented cursor is BAD_USER_INPUT; another account's shows nothing of that account", async () => {
    const viewer = await (await app.seed.account()).owner.login();
    const neighbour = await (await app.seed.account()).owner.login();
    for (const after of GARBAGE) {
      const { extensions } = await viewer.gql(SESSIONS, { after });
      expect({ after, ...extensions }).toMatchObject({ after, code: 'BAD_USER_INPUT', field: 'after' });
    }
    const future = app.clock.now().getTime() + HOUR;
    const foreign = (await list(neighbour)).pageInfo.endCursor;
    for (const after of [foreign, encode(`${future}:${neighbour.sessionId}`), encode(`99999999999999:~`)])
      expect((await list(viewer, { after })).edges.every(({ node }) => node.id === viewer.sessionId)).toBe(
        true,
      );
    expect(idsOf(await list(viewer, { after: encode(`${future}:a`) }))).toEqual([viewer.sessionId]);
    expect(idsOf(await list(viewer, { after: encode('0:a') }))).toEqual([]);
  });

  test('ENDED lists ended sessions and expired ones without a recorded end, ended at that deadline', async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    const member = await account.addUser();
    const revoked = await member.login();
    await viewer.gql(REVOKE_OTHERS);
    const revokedAt = app.clock.now().toISOString();
    await savePolicy(viewer, { idleMinutes: 60, absoluteMinutes: 480 });
    app.clock.advance(1);
    const idle = await member.login();
    await savePolicy(viewer, { idleMinutes: 240, absoluteMinutes: 240 });
    app.clock.advance(1);
    const absolute = await member.login();
    await savePolicy(viewer, {});
    app.clock.advance(1);
    const alive = await member.login();
    app.clock.advance(4 * HOUR - 2);

    expect(idsOf(await list(viewer, { status: 'ACTIVE' }))).toContain(absolute.sessionId);
    app.clock.advance(1);
    const rows = await sessionRows(app, account.id);
    expect(rows.filter(({ ended_at }) => ended_at !== null)).toHaveLength(1);
    const ended = await list(viewer, { status: 'ENDED' });
    expect(ended.totalCount).toBe(3);
    expect(nodesOf(ended)).toMatchObject([
      { id: absolute.sessionId, endedAt: absolute.payload.absoluteExpiresAt, endReason: 'ABSOLUTE_TIMEOUT' },
      { id: idle.sessionId, endedAt: idle.payload.idleExpiresAt, endReason: 'IDLE_TIMEOUT' },
      { id: revoked.sessionId, endedAt: revokedAt, endReason: 'REVOKED_BY_OWNER' },
    ]);
    const active = await list(viewer, { status: 'ACTIVE' });
    expect(active.totalCount).toBe(2);
    expect(nodesOf(active)).toMatchObject([
      { id: alive.sessionId, endedAt: null, endReason: null, isCurrent: false },
      { id: viewer.sessionId, endedAt: null, endReason: null, isCurrent: true },
    ]);
    expect((await readPages(viewer, SESSIONS, { first: 1, status: 'ENDED' })).flatMap(idsOf)).toEqual(
      idsOf(ended),
    );
  });

  test('an expired session keeps its place and end time once its end is recorded', async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    await savePolicy(viewer, { idleMinutes: 10, absoluteMinutes: 30 });
    const session = await (await account.addUser()).login();
    app.clock.advance(5 * MINUTE);
    const expiry = session.expiry();
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING' });
    // Its own socket records the end within a second, and reports it after the commit.
    app.clock.advance(5 * MINUTE + 1000);
    expect(await expiry.next()).toMatchObject({ kind: 'EXPIRED' });
    expect(nodesOf(await list(viewer, { status: 'ENDED' }))).toMatchObject([
      { id: session.sessionId, endedAt: session.payload.idleExpiresAt, endReason: 'IDLE_TIMEOUT' },
    ]);
    const [row] = (await sessionRows(app, account.id)).filter(({ ended_at }) => ended_at !== null);
    expect(row!.ended_at!.toISOString()).toBe(session.payload.idleExpiresAt);
  });

  test('userId selects one user for an owner; an unknown or foreign user has no sessions', async () => {
    const account = await app.seed.account();
    const member = await account.addUser();
    const viewer = await account.owner.login();
    const [one, two] = [await member.login(), await member.login()];
    const stranger = await (await app.seed.account()).owner.login();
    const ofMember = await list(viewer, { userId: member.id });
    expect([...idsOf(ofMember)].sort()).toEqual([one.sessionId, two.sessionId].sort());
    expect(ofMember.totalCount).toBe(2);
    const none = await list(viewer, { userId: randomUUID() });
    expect(none).toMatchObject({
      totalCount: 0,
      edges: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
    for (const userId of [stranger.payload.user.id, 'nobody', '', 'a\u{0}b'])
      expect(await list(viewer, { userId })).toEqual(none);
  });

  test('a member sees only their own sessions, for any userId', async () => {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const member = await account.addUser();
    const gone = await member.login();
    await owner.gql(REVOKE_OTHERS);
    const session = await member.login();
    const own = await list(session);
    expect(idsOf(own)).toEqual([session.sessionId]);
    expect(own.totalCount).toBe(1);
    expect(await list(session, { userId: member.id })).toEqual(own);
    expect(idsOf(await list(session, { status: 'ENDED' }))).toEqual([gone.sessionId]);
    const unknownUser = await list(session, { userId: randomUUID() });
    expect(unknownUser).toMatchObject({ totalCount: 0, edges: [] });
    expect(await list(session, { userId: account.owner.id })).toEqual(unknownUser);
    const after = (await list(owner)).pageInfo.startCursor;
    for (const node of nodesOf(await list(session, { after }))) expect(node.user.id).toBe(member.id);
    expect((await app.gql(SESSIONS)).code).toBe('UNAUTHENTICATED');
  });

  test('activeUsers returns the requested number, counts all, and omits users whose sessions have expired', async () => {
    const account = await app.seed.account();
    const people = [account.owner, await account.addUser(), await account.addUser()];
    const [viewer] = [await people[0]!.login()];
    await savePolicy(viewer, { idleMinutes: 60, absoluteMinutes: 240 });
    for (const person of people.slice(1)) {
      app.clock.advance(1);
      await person.login();
    }
    const read = async (first: number | null): Promise<any> =>
      dataOf(
        await viewer.gql(
          `query($first: Int) { sessionPolicy { activeUserCount activeUsers(first: $first) { userId sessionCount } } }`,
          { first },
        ),
      ).sessionPolicy;
    const [owner, second, third] = people.map(({ id }) => ({ userId: id, sessionCount: 1 }));
    expect(await read(2)).toEqual({ activeUserCount: 3, activeUsers: [third, second] });
    expect(await read(null)).toEqual({ activeUserCount: 3, activeUsers: [third, second, owner] });
    app.clock.advance(HOUR - 1);
    expect(await read(100)).toEqual({ activeUserCount: 2, activeUsers: [third, owner] });
    app.clock.advance(1);
    expect(await read(100)).toEqual({ activeUserCount: 1, activeUsers: [owner] });
  });
});
