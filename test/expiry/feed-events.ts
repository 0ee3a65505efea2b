import { setTimeout as pause } from 'node:timers/promises';
import type { Collector } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import type { Person, SignedIn } from '../seed.ts';

/** Advances the test clock, a second at a time, until `promise` settles. */
export async function advanceUntilSettled<T>(app: TestApp, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => (isSettled = true));
  settled.catch(() => {});
  while (!isSettled) {
    app.clock.advance(1_000);
    await Promise.race([settled.catch(() => {}), pause(20)]);
  }
  return settled;
}

/** Returns the next event about one session and skips others. */
export async function nextEventOf(app: TestApp, feed: Collector, sessionId: string): Promise<any> {
  for (;;) {
    const event = await advanceUntilSettled(app, feed.next());
    if (event.session.id === sessionId) return event;
  }
}

/**
 * Signs `visitor` in until the feed reports it, which shows that the subscription has begun: an acknowledged
 * subscription may not have started yet. The events until then are taken.
 */
export async function waitForFeed(app: TestApp, feed: Collector, visitor: Person): Promise<void> {
  const first = feed.next();
  let hasBegun = false;
  void first.then(() => (hasBegun = true));
  while (!hasBegun) {
    await visitor.login();
    app.clock.advance(1_000);
    await Promise.race([first, pause(50)]);
  }
  const { sessionId } = await visitor.login();
  expect(await nextEventOf(app, feed, sessionId)).toMatchObject({ kind: 'STARTED' });
}

/** Subscribes to an account's sessions and returns the feed once it has begun. */
export async function followAccount(app: TestApp, owner: SignedIn, visitor: Person): Promise<Collector> {
  const feed = owner.accountSessions();
  await waitForFeed(app, feed, visitor);
  return feed;
}
