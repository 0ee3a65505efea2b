import fc from 'fast-check';
import type { Answer } from '../../graphql-client.ts';
import { LOGIN, PASSWORD, REFRESH } from '../../seed.ts';
import {
  ableToAct,
  excessSessions,
  limitsFor,
  makeRoom,
  record,
  type AccountModel,
  type ModelUser,
} from '../account-model.ts';
import { compare, count, nowOf, type Real } from '../comparison.ts';
import type { Node } from '../installation.ts';
import { isLive, iso, refresh, startUnder, type AppType, type ModelSession } from '../session-model.ts';
import { takeTokens } from '../token-set.ts';

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

/**
 * Signs in. Beyond the account's maximum the user chooses, under ASK, as many as have to end. Null: refused, and nothing
 * has changed.
 */
export async function signIn(
  model: AccountModel,
  real: Real,
  user: ModelUser,
  node: number,
  appType: AppType = 'CONTROL_PANEL',
): Promise<ModelSession | null> {
  const given = { email: user.email, password: PASSWORD, appType };
  const login = (more: object = {}) => nodeAt(real, node).gql(LOGIN, { input: { ...given, ...more } });
  const { live, excess } = excessSessions(model, user, nowOf(real));
  const ended = live.slice(0, excess);
  const { sessionLimitAction: action } = model.policy;
  let answer = await login();
  if (excess > 0 && action !== 'END_OLDEST') {
    expectLimit(model, live, answer);
    if (action === 'DENY') return null;
    const ids = ended.map(({ id }) => id);
    expectLimit(model, live, await login({ endSessionIds: ids.slice(1) }));
    answer = await login({ endSessionIds: ids });
  }
  expect(answer.code).toBeUndefined();
  const now = nowOf(real);
  makeRoom(model, ended, now);
  if (excess > 0) count(real, `sessions ended by ${action}`);
  const { session } = answer.data.login;
  const signedIn: ModelSession = {
    id: session.id,
    userId: user.id,
    appType,
    tokens: [],
    replacedAt: [],
    requestId: null,
    isReauthenticated: false,
    ...startUnder(limitsFor(model.policy, user, appType), now),
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

function expectLimit({ policy }: AccountModel, live: readonly ModelSession[], answer: Answer): void {
  const { code, limit, sessions } = answer.extensions;
  expect({ code, limit }).toEqual({ code: 'SESSION_LIMIT_REACHED', limit: policy.maxSessionsPerUser });
  const listed = live.map(({ id, appType, lastActivityAt }) => ({
    id,
    appType,
    lastActivityAt: iso(lastActivityAt),
    device: null,
  }));
  expect(sessions).toEqual(policy.sessionLimitAction === 'ASK' ? listed : undefined);
}

/** A fresh access token for a session that is live, without activity. */
async function renew(real: Real, session: ModelSession, node: number): Promise<ModelSession> {
  const now = nowOf(real);
  const input = { refreshToken: session.tokens.at(-1), userActive: false };
  const answer = await nodeAt(real, node).gql(REFRESH, { input });
  refresh(session, { age: 0, requestId: null, isActive: false, notAfter: null }, now);
  takeTokens(session, answer.data.refreshSession, now);
  return session;
}

/** A live session of that role; signs one in if there is none. */
export async function actorOf(
  model: AccountModel,
  real: Real,
  { role, index, node }: { role: ModelUser['role']; index: number; node: number },
): Promise<ModelSession> {
  const able = ableToAct(model, role, nowOf(real));
  if (able.length > 0) return pick(able, index);
  const user = model.users.find((user) => user.role === role)!;
  const signedIn = await signIn(model, real, user, node);
  if (signedIn) return signedIn;
  const { live } = excessSessions(model, user, nowOf(real));
  return renew(real, pick(live, index), node);
}
