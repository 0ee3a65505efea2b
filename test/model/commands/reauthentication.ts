import fc from 'fast-check';
import { REAUTHENTICATE } from '../../accounts/reauthenticate-calls.ts';
import { PASSWORD } from '../../seed.ts';
import { limitsFor, record, userOf } from '../account-model.ts';
import { nowOf } from '../comparison.ts';
import { isAccepted, isLive, reauthenticate } from '../session-model.ts';
import { noteReauthenticated } from '../subscriber.ts';
import { expectUnauthenticated } from './activity.ts';
import { anyNode, anySession, command, nodeAt, sessionOf, type Command } from './command.ts';
import { expectAnswer, REQUEST_IDS, withReuse } from './refresh.ts';

/** With the right password and any refresh token issued so far. */
const withPassword: fc.Arbitrary<Command> = fc
  .record({
    which: anySession,
    age: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: fc.constantFrom(1, 2) },
      { weight: 1, arbitrary: fc.nat(12) },
    ),
    requestId: fc.constantFrom(...REQUEST_IDS),
    node: anyNode,
  })
  .map((given) =>
    command('reauthenticate', given, async (model, real) => {
      const session = sessionOf(model, real, given.which);
      // Two authentications of one moment are told apart by no one.
      real.installation.clock.advance(1);
      const now = nowOf(real);
      const age = given.age % session.tokens.length;
      const access = session.accessTokens.at(-1)!;
      const input = {
        password: PASSWORD,
        refreshToken: session.tokens.at(-1 - age),
        ...(given.requestId === null ? {} : { requestId: given.requestId }),
      };
      const answer = await nodeAt(real, given.node).gql(REAUTHENTICATE, { input }, { token: access.token });
      // Of a session that is over even a refused access token hears how it ended.
      if (isLive(session, now) && !isAccepted(session, access, now)) {
        expectUnauthenticated(session, answer, now);
        return given.node;
      }
      const limits = limitsFor(model.policy, userOf(model, session), session.appType);
      const expected = withReuse(model, session, () =>
        reauthenticate(session, { age, requestId: given.requestId }, limits, now),
      );
      if (expected.kind === 'rotated') {
        record(model, 'session.reauthenticated', session.id);
        for (const subscriber of real.subscribers)
          if (subscriber.session === session) noteReauthenticated(subscriber);
      }
      expectAnswer(real, session, expected, answer, 'reauthenticate');
      return given.node;
    }),
  );

export const reauthentications = [withPassword, withPassword];
