import { sql } from 'kysely';
import { startApp, type TestApp } from '../../test/harness.ts';
import { createManualClock, type ManualClock } from '../../test/manual-clock.ts';
import type { Person, SignedIn } from '../../test/seed.ts';
import { createLogger } from '../logger.ts';
import { followAccount, type AccountSessionEvent } from './account-sessions.ts';
import { createLocalBus, type SessionBus } from './session-bus.ts';

describe('a feed of an account', () => {
  let app: TestApp;
  let owner: Person;
  let ids: string[];
  let clock: ManualClock;
  let bus: SessionBus;
  let turns: number;
  let isAllowed: boolean;
  let endSession: () => void;
  let feed: AsyncIterableIterator<AccountSessionEvent>;

  beforeAll(async () => {
    app = await startApp();
    ({ owner } = await app.seed.account());
    ids = [(await owner.login()).sessionId, (await owner.login()).sessionId];
  });
  afterAll(() => app.close());

  beforeEach(() => {
    clock = createManualClock();
    bus = createLocalBus();
    turns = 0;
    isAllowed = true;
    feed = followAccount(
      {
        accountId: owner.accountId,
        endsWithMany: false,
        async isAllowed() {
          turns += 1;
          return isAllowed;
        },
        onEnd(callback) {
          endSession = callback;
          return () => (endSession = () => {});
        },
      },
      { database: app.database, bus, clock, logger: createLogger('silent'), sweepSeconds: 15 },
    );
  });
  afterEach(() => feed.return!());

  const publish = (kind: 'STARTED' | 'SHORTENED' | 'ENDED' | 'EXTENDED' | 'ROLES', ...sessionIds: string[]) =>
    bus.publish({ accountId: owner.accountId, kind, sessionIds });
  const next = async () => {
    const { value } = await feed.next();
    return value && [value.kind, ids.indexOf(value.session.id)];
  };

  test('tells what happened first at once, and then once a second', async () => {
    publish('STARTED', ids[0]!);
    clock.advance(0);
    expect(await next()).toEqual(['STARTED', 0]);
    publish('SHORTENED', ids[0]!);
    clock.advance(999);
    expect(turns).toBe(1);
    publish('STARTED', ids[1]!);
    publish('SHORTENED', ids[1]!);
    publish('SHORTENED', ids[0]!);
    clock.advance(1);
    expect(turns).toBe(2);
    const batch = [await next(), await next(), await next()];
    expect(batch.filter(([, id]) => id === 0)).toEqual([['CHANGED', 0]]);
    expect(batch.filter(([, id]) => id === 1)).toEqual([
      ['STARTED', 1],
      ['CHANGED', 1],
    ]);
    clock.advance(999);
    expect(turns).toBe(2);
  });

  /** The turn that is due now, from its beginning to its end. */
  async function turnAfter(milliseconds: number): Promise<void> {
    clock.advance(milliseconds);
    while (clock.pendingTimers === 0) await new Promise(setImmediate);
  }

  /** Ends a session past the feed's bus: the message about it is lost. */
  const endUnheard = (who: SignedIn, secondsAgo = 0) =>
    sql`update sessions set ended_at = ${clock.now()}::timestamptz - ${secondsAgo}::int * interval '1 second', end_reason = 'LOGOUT'
      where id = ${who.sessionId}`.execute(app.database.em().getKysely());

  test.each([
    ['just now', 0, 3_000],
    ['a while before its commit, as in a bulk', 20, 30_000],
    ['at a deadline that the sweep found later', 130, 30_000],
  ])('an end that no message told of is told all the same, once: %s', async (_, secondsAgo, withinMs) => {
    const who = await owner.login();
    await turnAfter(3_000);
    await endUnheard(who, secondsAgo);
    let event: AccountSessionEvent | null = null;
    const heard = feed.next().then(({ value }) => (event = value));
    for (let waited = 0; waited < withinMs; waited += 3_000) await turnAfter(3_000);
    await heard;
    expect(event).toMatchObject({ kind: 'ENDED', session: { id: who.sessionId, endReason: 'LOGOUT' } });
    publish('ENDED', who.sessionId);
    for (let waited = 0; waited < 60_000; waited += 3_000) await turnAfter(3_000);
    publish('STARTED', ids[0]!);
    clock.advance(1_000);
    expect(await next()).toEqual(['STARTED', 0]);
  });

  test('a message about an end that has not happened is not passed on', async () => {
    publish('ENDED', ids[0]!);
    publish('STARTED', ids[1]!);
    clock.advance(0);
    expect(await next()).toEqual(['STARTED', 1]);
  });

  test('asks again every few seconds whether it may go on, and stops where not', async () => {
    clock.advance(3_000);
    expect(turns).toBe(1);
    const waiting = feed.next();
    isAllowed = false;
    publish('ROLES');
    // The turn of before has to end first.
    await new Promise(setImmediate);
    clock.advance(3_000);
    expect(await waiting).toEqual({ value: undefined, done: true });
  });

  test('asks before it tells: whoever lost the role hears no more', async () => {
    isAllowed = false;
    publish('STARTED', ids[0]!);
    clock.advance(0);
    expect(await feed.next()).toEqual({ value: undefined, done: true });
  });

  test('ends with the session of whoever listens', async () => {
    const waiting = feed.next();
    endSession();
    expect((await waiting).done).toBe(true);
  });

  test('leaves no timer and no listener behind', async () => {
    expect(clock.pendingTimers).toBe(1);
    await feed.return!();
    expect(clock.pendingTimers).toBe(0);
    publish('STARTED', ids[0]!);
    expect(clock.pendingTimers).toBe(0);
  });

  test('other accounts and mere activity are not even looked up', () => {
    bus.publish({ accountId: 'another', kind: 'STARTED', sessionIds: [ids[0]!] });
    clock.advance(2_999);
    expect(turns).toBe(0);
  });
});
