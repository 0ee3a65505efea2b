import { setTimeout as pause } from 'node:timers/promises';
import type { Collector } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import type { Person, SignedIn } from '../seed.ts';

/** Lets the test's time go on, a second at a time, until `promise` is settled. */
export async function asTimeGoesOn<T>(app: TestApp, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => (isSettled = true));
  settled.catch(() => {});
  while (!isSettled) {
    app.clock.advance(1_000);
    await Promise.race([settled.catch(() => {}), pause(20)]);
  }
  return settled;
}

/** The next event about one session; those about others are let pass. */
export async function heardOf(app: TestApp, feed: Collector, sessionId: string): Promise<any> {
  for (;;) {
    const event = await asTimeGoesOn(app, feed.next());
    if (event.session.id === sessionId) return event;
  }
}

/**
 * A feed that is known to be in place, because it has told of a sign-in. Nobody can tell when a subscription has
 * begun, so somebody signs in until it is heard; what was heard by then has been taken.
 */
export async function followAccount(app: TestApp, owner: SignedIn, visitor: Person): Promise<Collector> {
  const feed = owner.accountSessions();
  const first = feed.next();
  let isHeard = false;
  void first.then(() => (isHeard = true));
  while (!isHeard) {
    await visitor.login();
    app.clock.advance(1_000);
    await Promise.race([first, pause(50)]);
  }
  const { sessionId } = await visitor.login();
  expect(await heardOf(app, feed, sessionId)).toMatchObject({ kind: 'STARTED' });
  return feed;
}
