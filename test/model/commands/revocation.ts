import fc from 'fast-check';
import type { Answer } from '../../graphql-client.ts';
import { record, type AccountModel } from '../account-model.ts';
import { nowOf, type Real } from '../comparison.ts';
import { isAccepted, isLive, revoke, type ModelSession } from '../session-model.ts';
import { expectUnauthenticated } from './activity.ts';
import {
  actorOf,
  anyIndex,
  anyNode,
  anySession,
  command,
  nodeAt,
  pick,
  sessionOf,
  type Command,
  type Which,
} from './command.ts';

const ONE = 'mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';
const OF_USER = 'mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }';
const BULK = 'mutation ($scope: RevokeScope!) { revokeSessions(scope: $scope) { revokedCount } }';
const LOGOUT = 'mutation { logout { ended } }';

interface Given {
  scope: 'session' | 'user' | 'ALL' | 'OTHERS';
  role: 'OWNER' | 'MEMBER';
  index: number;
  target: Which;
  node: number;
}

/** Number of sessions that it ends by the contract; else the code of its refusal. */
function revokeInModel(
  model: AccountModel,
  real: Real,
  actor: ModelSession,
  { scope, role, target }: Given,
): number | string {
  const now = nowOf(real);
  const endAll = (sessions: ModelSession[], reason: string): number =>
    sessions.filter((session) => revoke(session, reason, now)).length;
  const reasonFor = (userId: string) => (userId === actor.userId ? 'REVOKED_BY_USER' : 'REVOKED_BY_OWNER');
  switch (scope) {
    case 'session': {
      const session = sessionOf(model, real, target);
      if (role === 'MEMBER' && session.userId !== actor.userId) return 'NOT_FOUND';
      const count = endAll([session], reasonFor(session.userId));
      if (count > 0) record(model, 'session.ended', session.id);
      return count;
    }
    case 'user': {
      const { id } = pick(model.users, target.index);
      if (role === 'MEMBER' && id !== actor.userId) return 'NOT_FOUND';
      record(model, 'user.sessions_revoked', id);
      return endAll(
        model.sessions.filter(({ userId }) => userId === id),
        reasonFor(id),
      );
    }
    case 'ALL':
    case 'OTHERS': {
      if (role === 'MEMBER') return 'FORBIDDEN';
      const isKept = ({ userId }: ModelSession) => scope === 'OTHERS' && userId === actor.userId;
      const count = endAll(
        model.sessions.filter((session) => !isKept(session)),
        'REVOKED_BY_OWNER',
      );
      const details = { scope: scope.toLowerCase(), revoked_count: count };
      record(model, 'account.sessions_revoked_bulk', model.accountId, details);
      return count;
    }
    default:
      return scope satisfies never;
  }
}

function ask(model: AccountModel, real: Real, actor: ModelSession, given: Given): Promise<Answer> {
  const { scope, target, node } = given;
  const { token } = actor.accessTokens.at(-1)!;
  const { gql } = nodeAt(real, node);
  if (scope === 'session') return gql(ONE, { id: sessionOf(model, real, target).id }, { token });
  if (scope === 'user') return gql(OF_USER, { id: pick(model.users, target.index).id }, { token });
  return gql(BULK, { scope }, { token });
}

/** Twice in a row: the second one ends and changes nothing more. */
const revocation: fc.Arbitrary<Command> = fc
  .record({
    scope: fc.constantFrom(
      'session' as const,
      'session' as const,
      'user' as const,
      'OTHERS' as const,
      'ALL' as const,
    ),
    role: fc.constantFrom('OWNER' as const, 'OWNER' as const, 'MEMBER' as const),
    index: anyIndex,
    target: anySession,
    node: anyNode,
    isRepeated: fc.boolean(),
  })
  .map((given) =>
    command('revoke', given, async (model, real) => {
      const actor = await actorOf(model, real, given);
      for (let time = 0; time < (given.isRepeated ? 2 : 1); time += 1) {
        const now = nowOf(real);
        const isSignedIn = isLive(actor, now);
        const answer = await ask(model, real, actor, given);
        if (!isSignedIn) {
          expectUnauthenticated(actor, answer, now);
          break;
        }
        const expected = revokeInModel(model, real, actor, given);
        const shown = answer.code ?? (Object.values(answer.data)[0] as any).revokedCount;
        expect(shown).toBe(expected);
      }
      return given.node;
    }),
  );

/** With any session's access token, also an unusable one: that is no error and ends nothing. */
const logout: fc.Arbitrary<Command> = fc.record({ which: anySession, node: anyNode }).map((given) =>
  command('logout', given, async (model, real) => {
    const session = sessionOf(model, real, given.which);
    const access = session.accessTokens.at(-1)!;
    const now = nowOf(real);
    const isEnded = isAccepted(session, access, now) && revoke(session, 'LOGOUT', now);
    if (isEnded) record(model, 'session.ended', session.id);
    const answer = await nodeAt(real, given.node).gql(LOGOUT, {}, { token: access.token });
    expect(answer.data.logout).toEqual({ ended: isEnded });
    return given.node;
  }),
);

export const revocations = [revocation, revocation, logout];
