import fc from 'fast-check';
import type { AccountModel } from '../account-model.ts';
import { nowOf, type Real } from '../comparison.ts';
import { isAccepted, isLive, possibleTimeouts, type ModelSession } from '../session-model.ts';
import { openSubscriber, subscribe, type Subscriber } from '../subscriber.ts';
import { anyIndex, anyNode, anySession, command, pick, sessionOf, signIn, type Command } from './command.ts';

const MAX_SUBSCRIBERS = 5;
const GOING_AWAY = 1001;

async function follow(real: Real, session: ModelSession, node: number): Promise<void> {
  const access = session.accessTokens.at(-1)!;
  const now = nowOf(real);
  const opened = await subscribe(real.installation.node(node), access);
  if (isAccepted(session, access, now)) {
    if ('refused' in opened) throw new Error(`Refused: ${JSON.stringify(opened.refused)}`);
    real.subscribers.push(openSubscriber(session, node % real.installation.size, opened.raw));
    return;
  }
  if (!('refused' in opened)) throw new Error('A socket was opened with a token that is not good.');
  // A fresh token helps while the session is live.
  if (isLive(session, now)) return expect(opened.refused.code).toBe(4403);
  expect(opened.refused.code).toBe(4401);
  const known = session.end ? [session.end] : possibleTimeouts(session, now);
  expect(known.map(({ reason }) => reason)).toContain(opened.refused.reason);
}

async function hangUp(real: Real, subscriber: Subscriber): Promise<void> {
  real.subscribers.splice(real.subscribers.indexOf(subscriber), 1);
  subscriber.raw.socket.close();
  await subscriber.raw.closed;
}

const subscribing: fc.Arbitrary<Command> = fc.record({ which: anySession, node: anyNode }).map((given) =>
  command('subscribe', given, async (model, real) => {
    if (real.subscribers.length >= MAX_SUBSCRIBERS) await hangUp(real, real.subscribers[0]!);
    await follow(real, sessionOf(model, real, given.which), given.node);
    return null;
  }),
);

const reconnecting: fc.Arbitrary<Command> = fc.record({ index: anyIndex, node: anyNode }).map((given) =>
  command('reconnect', given, async (_, real) => {
    if (real.subscribers.length === 0) return null;
    const subscriber = pick(real.subscribers, given.index);
    await hangUp(real, subscriber);
    await follow(real, subscriber.session, given.node);
    return null;
  }),
);

const signingIn: fc.Arbitrary<Command> = fc
  .record({
    user: anyIndex,
    appType: fc.constantFrom('CONTROL_PANEL' as const, 'CONTROL_PANEL' as const, 'TENANT_APP' as const),
    node: anyNode,
  })
  .map((given) =>
    command('signIn', given, async (model: AccountModel, real) => {
      await signIn(model, real, pick(model.users, given.user), given.node, given.appType);
      return given.node;
    }),
  );

/** Its subscribers are sent to other nodes; their earlier events do not count there. */
const restarting: fc.Arbitrary<Command> = fc.record({ node: anyNode }).map((given) =>
  command('restart', given, async (_, real) => {
    const node = given.node % real.installation.size;
    if (!real.installation.canRestart) return null;
    await real.installation.restart(node);
    for (const subscriber of real.subscribers.filter((each) => each.node === node)) {
      expect((await subscriber.raw.closed).code).toBe(GOING_AWAY);
      real.subscribers.splice(real.subscribers.indexOf(subscriber), 1);
    }
    return null;
  }),
);

export const connections = [subscribing, subscribing, reconnecting];
export { signingIn, restarting };
