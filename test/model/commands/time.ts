import fc from 'fast-check';
import { MINUTE, SECOND } from '../../refresh/session-rows.ts';
import { nowOf } from '../comparison.ts';
import { absoluteWarningAt, idleWarningAt } from '../expiry-model.ts';
import { GRACE, type ModelSession } from '../session-model.ts';
import { anySession, command, sessionOf, type Command } from './command.ts';

const SPANS = [1, SECOND, 4 * SECOND, GRACE, MINUTE, 4 * MINUTE, 25 * MINUTE];
const OFFSETS = [0, 0, -1, 1, -SECOND, SECOND, -30 * SECOND];

/** The moments at which a session changes. */
const MOMENTS = {
  /** Activity now and a limit shorter by as much restore the old deadline. */
  tenMinutesOn: ({ lastActivityAt }: ModelSession) => lastActivityAt + 10 * MINUTE,
  idle: (session: ModelSession) => session.idleExpiresAt,
  absolute: (session: ModelSession) => session.absoluteExpiresAt,
  idleWarning: idleWarningAt,
  absoluteWarning: absoluteWarningAt,
  accessToken: (session: ModelSession) => session.accessTokens.at(-1)!.expiresAt,
  grace: ({ replacedAt }: ModelSession) => (replacedAt.at(-1) ?? 0) + GRACE,
  earlierGrace: ({ replacedAt }: ModelSession) => (replacedAt.at(-2) ?? 0) + GRACE,
};
/** Little is left to do beyond a deadline. */
const WEIGHTS: [keyof typeof MOMENTS, number][] = [
  ['tenMinutesOn', 4],
  ['idle', 2],
  ['absolute', 1],
  ['idleWarning', 6],
  ['absoluteWarning', 2],
  ['accessToken', 1],
  ['grace', 3],
  ['earlierGrace', 3],
];

const by: fc.Arbitrary<Command> = fc
  .constantFrom(...SPANS)
  .map((span) =>
    command('advance', { span }, async (_, real) => (real.installation.clock.advance(span), null)),
  );

/** To just before, at, and just after such a moment, unless it is past. */
const to: fc.Arbitrary<Command> = fc
  .record({
    which: anySession,
    moment: fc.oneof(...WEIGHTS.map(([moment, weight]) => ({ weight, arbitrary: fc.constant(moment) }))),
    offset: fc.constantFrom(...OFFSETS),
  })
  .map((given) =>
    command('advanceTo', given, async (model, real) => {
      const target = MOMENTS[given.moment](sessionOf(model, real, given.which)) + given.offset;
      real.installation.clock.advance(Math.max(0, target - nowOf(real)));
      return null;
    }),
  );

export const time = [by, by, to, to, to, to];
