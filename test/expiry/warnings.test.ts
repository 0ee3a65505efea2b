import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import {
  advanceTo,
  followExtended,
  followWarned,
  loginWarned,
  MINUTE,
  sessionRow,
  SET_POLICY,
  startShort,
  TOUCH,
  WARNING_MS,
} from './session-subscriptions.ts';

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startShort(database);
  });
  afterAll(() => app.close());

  async function accountWithPolicy(idleMinutes: number, absoluteMinutes: number): Promise<SeededAccount> {
    const account = await app.seed.account();
    const { gql } = await account.owner.login();
    expect((await gql(SET_POLICY, { input: { idleMinutes, absoluteMinutes } })).code).toBeUndefined();
    return account;
  }
  const kinds = (collector: { events: any[] }) => collector.events.map(({ kind }) => kind);

  test('the warning of the idle deadline comes on time', async () => {
    const { owner } = await app.seed.account();
    const { expiry, who, idleExpiresAt } = await followExtended(app, owner);
    advanceTo(app, idleExpiresAt, WARNING_MS + 1);
    await who.gql('{ viewer { id } }');
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED']);
    advanceTo(app, idleExpiresAt, WARNING_MS - 1_000);
    const warning = await expiry.next();
    expect(warning).toMatchObject({
      kind: 'WARNING',
      reason: 'IDLE',
      endReason: null,
      canExtend: true,
      sessionId: who.sessionId,
      expiresAt: idleExpiresAt,
      idleExpiresAt,
      serverTime: app.clock.now().toISOString(),
      secondsRemaining: 299,
    });
    await expiry.stop();
  });

  test('the warning of the absolute deadline comes on time, and nothing extends it', async () => {
    const { owner } = await accountWithPolicy(60, 75);
    const { expiry, who, idleExpiresAt } = await followExtended(app, owner);
    // The touch at minute 55 reached the absolute deadline, so both are equal now.
    expect(idleExpiresAt).toBe(who.payload.absoluteExpiresAt);
    expect(expiry.events[1]).toMatchObject({ kind: 'EXTENDED', reason: 'ABSOLUTE', canExtend: false });
    advanceTo(app, idleExpiresAt, WARNING_MS + 1);
    await app.gql('{ viewer { id } }');
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED']);
    advanceTo(app, idleExpiresAt, WARNING_MS - 1_000);
    expect(await expiry.next()).toMatchObject({
      kind: 'WARNING',
      reason: 'ABSOLUTE',
      canExtend: false,
      expiresAt: who.payload.absoluteExpiresAt,
    });
    await expiry.stop();
  });

  test('the warning of a short session comes when half its limit is left', async () => {
    const { owner } = await accountWithPolicy(4, 600);
    const { expiry, idleExpiresAt } = await followExtended(app, owner, 2 * MINUTE);
    advanceTo(app, idleExpiresAt, 2 * MINUTE + 1);
    await app.gql('{ viewer { id } }');
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED']);
    advanceTo(app, idleExpiresAt, 2 * MINUTE - 1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE', secondsRemaining: 119 });
    await expiry.stop();
  });

  test('each warning lead applies to its own deadline', async () => {
    const other = await startShort(database, {
      env: { SESSION_WARNING_SECONDS: '60', SESSION_ABSOLUTE_WARNING_SECONDS: '1200' },
    });
    const { owner } = await other.seed.account();
    const idle = await loginWarned(other, owner, MINUTE + 1_000);
    const expiry = idle.expiry();
    other.clock.advance(1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE', secondsRemaining: 60 });
    const { gql } = await owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 60, absoluteMinutes: 60 } });
    const absolute = await owner.login();
    advanceTo(other, absolute.payload.absoluteExpiresAt, 20 * MINUTE);
    expect(await absolute.expiry().next()).toMatchObject({ reason: 'ABSOLUTE', secondsRemaining: 1200 });
    await other.close();
  });

  test('a late subscriber gets the warning at once, the seconds rounded down', async () => {
    const { owner } = await app.seed.account();
    const who = await loginWarned(app, owner, 100_500);
    const expiry = who.expiry();
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE', secondsRemaining: 100 });
    await expiry.stop();
  });

  test('with both deadlines due, one warning comes for the nearer one', async () => {
    const { owner } = await accountWithPolicy(60, 62);
    const who = await loginWarned(app, owner, 2 * MINUTE);
    const expiry = who.expiry();
    expect(await expiry.next()).toMatchObject({
      kind: 'WARNING',
      reason: 'IDLE',
      expiresAt: who.payload.idleExpiresAt,
    });
    advanceTo(app, who.payload.idleExpiresAt, -1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'EXPIRED', reason: 'IDLE' });
    expect(expiry.events).toHaveLength(2);
  });

  test('equal deadlines count as the absolute one', async () => {
    const { owner } = await accountWithPolicy(60, 60);
    const who = await loginWarned(app, owner);
    const expiry = who.expiry();
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'ABSOLUTE', canExtend: false });
    advanceTo(app, who.payload.idleExpiresAt, -1_000);
    expect(await expiry.next()).toMatchObject({ reason: 'ABSOLUTE', endReason: 'ABSOLUTE_TIMEOUT' });
  });

  test('each subscription gets one warning, however often the row is read again', async () => {
    const { owner } = await app.seed.account();
    const who = await loginWarned(app, owner);
    const first = await followWarned(app, who);
    const others = await Promise.all([1, 2, 3].map(() => followWarned(app, who)));
    for (let minute = 1; minute < 5; minute += 1) {
      app.clock.advance(MINUTE);
      others.push(await followWarned(app, who));
    }
    app.clock.advance(MINUTE + 1_000);
    for (const each of [first, ...others]) {
      await each.completed;
      expect(kinds(each)).toEqual(['WARNING', 'EXPIRED']);
    }
  });

  test.each(['touchSession', 'refreshSession'])(
    '%s on another connection extends every warned subscription, and each gets the next warning',
    async (activity) => {
      const { owner } = await app.seed.account();
      const who = await loginWarned(app, owner);
      const all = await Promise.all([1, 2, 3].map(() => followWarned(app, who)));
      const answer = activity === 'touchSession' ? await who.gql(TOUCH) : await who.refresh();
      const { idleExpiresAt } = answer.data[activity];
      expect(idleExpiresAt).toBe(new Date(app.clock.now().getTime() + 60 * MINUTE).toISOString());
      for (const each of all)
        expect(await each.next()).toMatchObject({
          kind: 'EXTENDED',
          reason: 'IDLE',
          canExtend: true,
          expiresAt: idleExpiresAt,
          secondsRemaining: 3600,
        });
      advanceTo(app, idleExpiresAt, WARNING_MS - 1_000);
      for (const each of all) {
        expect(await each.next()).toMatchObject({ kind: 'WARNING', expiresAt: idleExpiresAt });
        await each.stop();
      }
    },
  );

  test('a subscription without a warning gets no event for activity', async () => {
    const { owner } = await app.seed.account();
    const { who, expiry, idleExpiresAt } = await followExtended(app, owner);
    app.clock.advance(2 * MINUTE);
    await who.gql(TOUCH);
    // The periodic check finds the moved row, and the old warning time passes.
    advanceTo(app, idleExpiresAt, WARNING_MS);
    await app.gql('{ viewer { id } }');
    advanceTo(app, idleExpiresAt, WARNING_MS - 2 * MINUTE - 1_000);
    expect((await expiry.next()).kind).toBe('WARNING');
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED', 'WARNING']);
    await expiry.stop();
  });

  test('a page that only refreshes in the background reaches its idle limit', async () => {
    const { owner } = await app.seed.account();
    const who = await owner.login();
    let { refreshToken } = who;
    const before = await sessionRow(app, who.sessionId);
    const renew = async () => {
      const answer = await who.refresh({ refreshToken, userActive: false });
      expect(answer.code).toBeUndefined();
      ({ refreshToken } = answer.data.refreshSession);
    };
    for (let minutes = 0; minutes < 55; minutes += 11) {
      app.clock.advance(11 * MINUTE);
      await renew();
    }
    const expiry = await followWarned(app, who);
    await renew();
    const { idle_expires_at, last_activity_at } = await sessionRow(app, who.sessionId);
    expect({ idle_expires_at, last_activity_at }).toEqual({
      idle_expires_at: before.idle_expires_at,
      last_activity_at: before.last_activity_at,
    });
    app.clock.advance(WARNING_MS + 1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'EXPIRED', endReason: 'IDLE_TIMEOUT' });
    expect((await who.refresh({ refreshToken })).code).toBe('SESSION_EXPIRED_IDLE');
  });

  test('subscriptions, pings and queries are not activity', async () => {
    const { owner } = await app.seed.account();
    const who = await loginWarned(app, owner);
    const before = await sessionRow(app, who.sessionId);
    const expiry = await followWarned(app, who);
    app.clock.advance(MINUTE);
    await who.gql('{ viewer { id } currentSession { id } sessions { totalCount } }');
    app.clock.advance(MINUTE);
    expect(await sessionRow(app, who.sessionId)).toEqual(before);
    await expiry.stop();
  });
});
