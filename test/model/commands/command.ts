import fc from 'fast-check';
import { LOGIN, PASSWORD } from '../../seed.ts';
import { ableToAct, effectivePolicy, record, type AccountModel, type ModelUser } from '../account-model.ts';
import { compare, count, nowOf, type Real } from '../comparison.ts';
import type { Node } from '../installation.ts';
import { isLive, type ModelSession } from '../session-model.ts';
import { takeTokens } from '../token-set.ts';
import { MINUTE } from '../../refresh/session-rows.ts';

export type Command = fc.AsyncCommand<AccountModel, Real>;

/** @param act runs the command on both, compares the answers, and returns the node it used; null: none */
export const command = (
  name: string,
  given: object,
  act: (model: AccountModel, real: Real) => Promise<number | null>,
): Command => ({
  check: () => true,
  async run(model, real) {
    count(real, 'commands');
    await compare(model, real, await act(model, real));
  },
  toString: () => `${name}(${JSON.stringify(given)})`,
});

export const anyNode = fc.nat(1);
export const anyIndex = fc.nat(5);

/** Picks a session: mostly a live one, often one with a subscriber. */
export const anySession = fc.record({
  among: fc.oneof(
    { weight: 3, arbitrary: fc.constant('live' as const) },
    { weight: 3, arbitrary: fc.constant('followed' as const) },
    { weight: 1, arbitrary: fc.constant('all' as const) },
  ),
  index: anyIndex,
});
export type Which = typeof anySession extends fc.Arbitrary<infer T> ? T : never;

export function sessionOf({ sessions }: AccountModel, real: Real, { among, index }: Which): ModelSession {
  const live = sessions.filter((session) => isLive(session, nowOf(real)));
  const followed = live.filter((session) => real.subscribers.some((each) => each.session === session));
  const preferred = { live: [live], followed: [followed, live], all: [] }[among];
  return pick(preferred.find((some) => some.length > 0) ?? sessions, index);
}

export const pick = <T>(from: readonly T[], index: number): T => from[index % from.length]!;

/** The node of a command. */
export const nodeAt = (real: Real, node: number): Node => real.installation.node(node);

export async function signIn(
  model: AccountModel,
  real: Real,
  user: ModelUser,
  node: number,
): Promise<ModelSession> {
  const { email } = user;
  const answer = await nodeAt(real, node).gql(LOGIN, { input: { email, password: PASSWORD } });
  expect(answer.code).toBeUndefined();
  const now = nowOf(real);
  const { session } = answer.data.login;
  const policy = effectivePolicy(model.overrides);
  const signedIn: ModelSession = {
    id: session.id,
    userId: user.id,
    tokens: [],
    replacedAt: [],
    requestId: null,
    authenticatedAt: now,
    lastActivityAt: now,
    idleSeconds: policy.idleMinutes * 60,
    absoluteSeconds: policy.absoluteMinutes * 60,
    idleExpiresAt: now + policy.idleMinutes * MINUTE,
    absoluteExpiresAt: now + policy.absoluteMinutes * MINUTE,
    end: null,
    isConsumed: false,
    accessTokens: [],
  };
  takeTokens(signedIn, answer.data.login, now);
  expect(model.sessions.map(({ id }) => id)).not.toContain(signedIn.id);
  model.sessions.push(signedIn);
  record(model, 'session.started', signedIn.id);
  return signedIn;
}

/** A live session of that role; signs one in if there is none. */
export async function actorOf(
  model: AccountModel,
  real: Real,
  { role, index, node }: { role: ModelUser['role']; index: number; node: number },
): Promise<ModelSession> {
  const able = ableToAct(model, role, nowOf(real));
  if (able.length > 0) return pick(able, index);
  return signIn(
    model,
    real,
    model.users.find((user) => user.role === role)!,
    node,
  );
}
