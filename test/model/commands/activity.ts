import fc from 'fast-check';
import { nowOf, type Real } from '../comparison.ts';
import {
  isAccepted,
  isLive,
  iso,
  possibleTimeouts,
  touch,
  type AccessToken,
  type ModelSession,
} from '../session-model.ts';
import type { Answer } from '../../graphql-client.ts';
import { anyNode, anySession, command, nodeAt, sessionOf, type Command } from './command.ts';

const FIELDS = 'id lastActivityAt idleExpiresAt absoluteExpiresAt';
const DOCUMENTS = {
  touch: `mutation { touchSession { ${FIELDS} } }`,
  ask: `{ currentSession { ${FIELDS} } }`,
};

/** Refused like every unusable access token. */
export function expectUnauthenticated(session: ModelSession, answer: Answer, now: number): void {
  expect(answer.code).toBe('UNAUTHENTICATED');
  const { endReason } = answer.extensions;
  if (isLive(session, now)) expect(endReason).toBeUndefined();
  else if (endReason !== undefined) {
    const known = session.end ? [session.end] : possibleTimeouts(session, now);
    expect(known.map(({ reason }) => reason)).toContain(endReason);
  }
}

/** Queries or touches with an access token of the session, and compares the answer. */
export async function present(
  document: 'touch' | 'ask',
  session: ModelSession,
  access: AccessToken,
  real: Real,
  node: number,
): Promise<void> {
  const now = nowOf(real);
  const answer = await nodeAt(real, node).gql(DOCUMENTS[document], {}, { token: access.token });
  if (!isAccepted(session, access, now)) return expectUnauthenticated(session, answer, now);
  if (document === 'touch') touch(session, now);
  expect(answer.code).toBeUndefined();
  expect(Object.values(answer.data)[0]).toEqual({
    id: session.id,
    lastActivityAt: iso(session.lastActivityAt),
    idleExpiresAt: iso(session.idleExpiresAt),
    absoluteExpiresAt: iso(session.absoluteExpiresAt),
  });
}

/** With any access token issued so far. */
const withAccessToken = (document: 'touch' | 'ask'): fc.Arbitrary<Command> =>
  fc
    .record({
      which: anySession,
      age: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(12) }),
      node: anyNode,
    })
    .map((given) =>
      command(document, given, async (model, real) => {
        const session = sessionOf(model, real, given.which);
        const access = session.accessTokens.at(-1 - (given.age % session.accessTokens.length))!;
        await present(document, session, access, real, given.node);
        return given.node;
      }),
    );

export const activity = [withAccessToken('touch'), withAccessToken('touch'), withAccessToken('ask')];
