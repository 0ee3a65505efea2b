import fc from 'fast-check';
import type { Answer } from '../../graphql-client.ts';
import { MINUTE, SECOND } from '../../refresh/session-rows.ts';
import { REFRESH } from '../../seed.ts';
import { record, type AccountModel } from '../account-model.ts';
import { count, nowOf, type Real } from '../comparison.ts';
import {
  iso,
  possibleTimeouts,
  refresh,
  type Expected,
  type ModelSession,
  type PresentedToken,
} from '../session-model.ts';
import { takeTokens } from '../token-set.ts';
import { anyNode, anySession, command, nodeAt, sessionOf, type Command } from './command.ts';

export const REQUEST_IDS = [null, 'request-id-of-16+', 'another-request-id'];
/** Relative to the server's clock. */
const AHEAD = [15 * SECOND, 0, MINUTE, -1, MINUTE + 1, -5 * MINUTE];

const input = (session: ModelSession, { age, requestId, isActive, notAfter }: PresentedToken) => ({
  refreshToken: session.tokens.at(-1 - age),
  userActive: isActive,
  ...(requestId === null ? {} : { requestId }),
  ...(notAfter === null ? {} : { notAfter: iso(notAfter) }),
});

/** Compares the answer, and takes the tokens of it. `field`: the mutation. */
export function expectAnswer(
  real: Real,
  session: ModelSession,
  expected: Expected,
  answer: Answer,
  field = 'refreshSession',
): void {
  const now = nowOf(real);
  count(real, expected.kind === 'refused' ? nameOf(expected.extensions, expected.code) : expected.kind);
  expect(answer.status).toBe(200);
  switch (expected.kind) {
    case 'refused': {
      const { endReason, reason } = answer.extensions;
      expect(answer.extensions).toMatchObject({ code: expected.code, ...expected.extensions });
      if (expected.code === 'INVALID_REFRESH_TOKEN')
        expect({ endReason, reason }).toEqual({
          endReason: undefined,
          reason: undefined,
          ...expected.extensions,
        });
      break;
    }
    case 'refused-after-timeout': {
      const known = session.end ? [session.end] : possibleTimeouts(session, now);
      expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
      expect(known.map(({ reason }) => reason)).toContain(answer.extensions.endReason);
      break;
    }
    case 'rotated':
    case 'replayed': {
      expect(answer.code).toBeUndefined();
      const payload = answer.data[field];
      if (expected.kind === 'replayed') expect(payload.refreshToken).toBe(session.tokens.at(-1));
      else expect(session.tokens).not.toContain(payload.refreshToken);
      takeTokens(session, payload, now);
      break;
    }
    default:
      expected satisfies never;
  }
}

const nameOf = ({ endReason, reason }: Record<string, unknown>, code: string): string =>
  String(endReason ?? reason ?? code);

/** The model's half. */
function expectedOf(
  model: AccountModel,
  session: ModelSession,
  given: PresentedToken,
  now: number,
): Expected {
  return withReuse(model, session, () => refresh(session, given, now));
}

/** With the audit row of a reuse that it detects. */
export function withReuse(model: AccountModel, session: ModelSession, decide: () => Expected): Expected {
  const wasEnded = session.end !== null;
  const expected = decide();
  if (!wasEnded && session.end?.reason === 'REFRESH_TOKEN_REUSED')
    record(model, 'session.refresh_reuse_detected', session.id);
  return expected;
}

/** With any refresh token issued so far. */
const withToken: fc.Arbitrary<Command> = fc
  .record({
    which: anySession,
    age: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.constant(1) },
      { weight: 2, arbitrary: fc.nat(12) },
    ),
    isActive: fc.boolean(),
    requestId: fc.constantFrom(...REQUEST_IDS),
    ahead: fc.oneof(
      { weight: 5, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: fc.constantFrom(...AHEAD) },
    ),
    node: anyNode,
  })
  .map((given) =>
    command('refresh', given, async (model, real) => {
      const session = sessionOf(model, real, given.which);
      const now = nowOf(real);
      const presented = {
        ...given,
        age: given.age % session.tokens.length,
        notAfter: given.ahead === null ? null : now + given.ahead,
      };
      const asked = input(session, presented);
      const expected = expectedOf(model, session, presented, now);
      expectAnswer(real, session, expected, await nodeAt(real, given.node).gql(REFRESH, { input: asked }));
      return given.node;
    }),
  );

/** A client that lost its answer repeats the request unchanged. */
const lostAnswer: fc.Arbitrary<Command> = fc
  .record({ which: anySession, isActive: fc.boolean(), node: anyNode })
  .map((given) =>
    command('repeatRefresh', given, async (model, real) => {
      const session = sessionOf(model, real, given.which);
      const now = nowOf(real);
      const age = session.tokens.length > 1 ? 1 : 0;
      const presented = { age, requestId: session.requestId, isActive: given.isActive, notAfter: null };
      const asked = input(session, presented);
      const expected = expectedOf(model, session, presented, now);
      expectAnswer(real, session, expected, await nodeAt(real, given.node).gql(REFRESH, { input: asked }));
      return given.node;
    }),
  );

const AT_ONCE = 4;

/** Tabs that present the live token at the same moment, at both nodes: one rotation, one successor for all. */
const atOnce: fc.Arbitrary<Command> = fc
  .record({ which: anySession, isActive: fc.boolean(), requestId: fc.constantFrom(...REQUEST_IDS) })
  .map((given) =>
    command('refreshAtOnce', given, async (model, real) => {
      const session = sessionOf(model, real, given.which);
      const now = nowOf(real);
      const presented = { ...given, age: 0, notAfter: null };
      const asked = input(session, presented);
      const answers = await askTogether(real, asked);
      // Whichever came first rotates; the others present the parent.
      const isFirst = ({ code }: Answer) => code !== 'INVALID_REFRESH_TOKEN';
      const inOrder = [...answers].sort((one, other) => Number(isFirst(other)) - Number(isFirst(one)));
      for (const answer of inOrder) {
        const age = session.tokens.at(-1) === asked.refreshToken ? 0 : 1;
        expectAnswer(real, session, expectedOf(model, session, { ...presented, age }, now), answer);
      }
      return null;
    }),
  );

const askTogether = (real: Real, asked: object): Promise<Answer[]> =>
  Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => nodeAt(real, index).gql(REFRESH, { input: asked })),
  );

export const refreshes = [withToken, withToken, withToken, withToken, lostAnswer, atOnce];
