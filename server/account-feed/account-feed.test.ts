import { sql } from 'kysely';
import { startApp, type TestApp } from '../../test/harness.ts';
import { createManualClock, type ManualClock } from '../../test/manual-clock.ts';
import type { Person, SignedIn } from '../../test/seed.ts';
import { createLogger } from '../logger.ts';
import { subscribeToAccount } from './account-feed.ts';
import type { AccountSessionEvent } from './feed-events.ts';
import { createLocalBus, type EventCarrier } from '../events/session-bus.ts';

describe('a feed of an account', () => {
  let app: TestApp;
  let owner: Person;
  let ids: string[];
  let clock: ManualClock;
  let bus: EventCarrier;
  let polls: number;
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
    polls = 0;
    isAllowed = true;
    feed = subscribeToAccount(
      {
        accountId: owner.accountId,
        endsOnAccountRevocation: false,
        async isAllowed() {
          polls += 1;
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

  /** Waits for the running poll, which plans the next one when it ends. How many turns its reads take is not fixed. */
  async function pollEnd(): Promise<void> {
    while (clock.pendingTimers === 0) await new Promise(setImmediate);
  }

  test('sends the first event at once, and then one batch a second', async () => {
    publish('STARTED', ids[0]!);
    clock.advance(0);
    expect(await next()).toEqual(['STARTED', 0]);
    await pollEnd();
    publish('SHORTENED', ids[0]!);
    clock.advance(999);
    expect(polls).toBe(1);
    publish('STARTED', ids[1]!);
    publish('SHORTENED', ids[1]!);
    publish('SHORTENED', ids[0]!);
    clock.advance(1);
    expect(polls).toBe(2);
    const batch = [await next(), await next(), await next()];
    expect(batch.filter(([, id]) => id === 0)).toEqual([['CHANGED', 0]]);
    expect(batch.filter(([, id]) => id === 1)).toEqual([
      ['STARTED', 1],
      ['CHANGED', 1],
    ]);
    clock.advance(999);
    expect(polls).toBe(2);
  });

  /** Runs the poll that is due after so long, from its start to its end. */
  async function pollAfter(milliseconds: number): Promise<void> {
    clock.advance(milliseconds);
    await pollEnd();
  }

  /** Ends a session without an event on the feed's bus. */
  const endWithoutEvent = (who: SignedIn, secondsAgo = 0) =>
    sql`update sessions set ended_at = ${clock.now()}::timestamptz - ${secondsAgo}::int * interval '1 second', end_reason = 'LOGOUT'
      where id = ${who.sessionId}`.execute(app.database.em().getKysely());

  test.each([
    ['just now', 0, 3_000],
    ['a while before its commit, as in a bulk', 20, 30_000],
    ['at a deadline that the sweep found later', 130, 30_000],
  ])('an end without an event is sent nevertheless, once: %s', async (_, secondsAgo, timeoutMs) => {
    const who = await owner.login();
    await pollAfter(3_000);
    await endWithoutEvent(who, secondsAgo);
    let event: AccountSessionEvent | null = null;
    const received = feed.next().then(({ value }) => (event = value));
    for (let waited = 0; waited < timeoutMs; waited += 3_000) await pollAfter(3_000);
    await received;
    expect(event).toMatchObject({ kind: 'ENDED', session: { id: who.sessionId, endReason: 'LOGOUT' } });
    publish('ENDED', who.sessionId);
    for (let waited = 0; waited < 60_000; waited += 3_000) await pollAfter(3_000);
    publish('STARTED', ids[0]!);
    clock.advance(1_000);
    expect(await next()).toEqual(['STARTED', 0]);
  });

  test('an event about an end that has not happened is not sent', async () => {
    publish('ENDED', ids[0]!);
    publish('STARTED', ids[1]!);
    clock.advance(0);
    expect(await next()).toEqual(['STARTED', 1]);
  });

  test('checks every few seconds whether the subscriber is allowed, and ends if not', async () => {
    clock.advance(3_000);
    expect(polls).toBe(1);
    const waiting = feed.next();
    isAllowed = false;
    publish('ROLES');
    await pollEnd();
    clock.advance(3_000);
    expect(await waiting).toEqual({ value: undefined, done: true });
  });

  test('checks before it sends: a subscriber that lost the role gets no more events', async () => {
    isAllowed = false;
    publish('STARTED', ids[0]!);
    clock.advance(0);
    expect(await feed.next()).toEqual({ value: undefined, done: true });
  });

  test('ends with the session of its subscriber', async () => {
    const waiting = feed.next();
    endSession();
    expect((await waiting).done).toBe(true);
  });

  test('leaves no timer and no listener', async () => {
    expect(clock.pendingTimers).toBe(1);
    await feed.return!();
    expect(clock.pendingTimers).toBe(0);
    publish('STARTED', ids[0]!);
    expect(clock.pendingTimers).toBe(0);
  });

  test('events of other accounts trigger no read', () => {
    bus.publish({ accountId: 'another', kind: 'STARTED', sessionIds: [ids[0]!] });
    clock.advance(2_999);
    expect(polls).toBe(0);
  });
});
