import fc from 'fast-check';
import { effectivePolicy, faultOf, recordPolicy, type AccountModel } from '../account-model.ts';
import { count, look, nowOf } from '../comparison.ts';
import { MINUTE } from '../../refresh/session-rows.ts';
import { applyPolicy, isLive, type EffectivePolicy, type ModelSession } from '../session-model.ts';
import { noteShortened } from '../subscriber.ts';
import { present } from './activity.ts';
import {
  actorOf,
  anyIndex,
  anyNode,
  anySession,
  command,
  nodeAt,
  sessionOf,
  type Command,
} from './command.ts';

const POLICIES = [
  { idleMinutes: 30, absoluteMinutes: 60 },
  { idleMinutes: 10, absoluteMinutes: 45 },
  { idleMinutes: 4, absoluteMinutes: 20 },
  { idleMinutes: 60, absoluteMinutes: 120 },
  { idleMinutes: 20, absoluteMinutes: null },
  // One is stricter than the default, the other looser.
  { idleMinutes: 20, absoluteMinutes: 120 },
  { idleMinutes: 40, absoluteMinutes: 50 },
  { idleMinutes: null, absoluteMinutes: null },
];
/** More than the default absolute limit; less than the default idle limit; out of bounds. */
const REFUSED = [
  { idleMinutes: 120, absoluteMinutes: null },
  { idleMinutes: null, absoluteMinutes: 20 },
  { idleMinutes: 30, absoluteMinutes: 129_601 },
];
const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) {
  sessionPolicy { version idleMinutes absoluteMinutes effectiveIdleMinutes effectiveAbsoluteMinutes } } }`;
const IMPACT = `query ($input: UpdateSessionPolicyInput!) { sessionPolicyImpact(input: $input) {
  activeSessions endNow endWithinHour shortened endsViewerSession } }`;

/** The effect of ACTIVE_SESSIONS on copies of the sessions. */
function impactOf({ sessions }: AccountModel, policy: EffectivePolicy, viewer: ModelSession, now: number) {
  const live = sessions.filter((session) => isLive(session, now)).map((session) => structuredClone(session));
  const shortened = live.filter((session) => applyPolicy(session, policy, now)).length;
  const ended = live.filter((session) => !isLive(session, now));
  const endWithinHour = live.filter(
    ({ end, idleExpiresAt, absoluteExpiresAt }) =>
      end === null && Math.min(idleExpiresAt, absoluteExpiresAt) <= now + 60 * MINUTE,
  );
  return {
    activeSessions: live.length,
    endNow: ended.length,
    endWithinHour: endWithinHour.length,
    shortened,
    endsViewerSession: ended.some(({ id }) => id === viewer.id),
  };
}

export const policy: fc.Arbitrary<Command> = fc
  .record({
    index: anyIndex,
    overrides: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...POLICIES) },
      { weight: 1, arbitrary: fc.constantFrom(...REFUSED) },
    ),
    apply: fc.constantFrom('NEXT_LOGIN' as const, 'ACTIVE_SESSIONS' as const, 'ACTIVE_SESSIONS' as const),
    node: anyNode,
    /** The active sessions of a moment before. */
    active: fc.option(anySession),
  })
  .map((given) =>
    command('setPolicy', given, async (model, real) => {
      const { overrides, apply, node } = given;
      if (given.active) {
        const active = sessionOf(model, real, given.active);
        await present('touch', active, active.accessTokens.at(-1)!, real, node);
        await look(real);
      }
      const actor = await actorOf(model, real, { role: 'OWNER', index: given.index, node });
      const now = nowOf(real);
      const { token } = actor.accessTokens.at(-1)!;
      const ask = (document: string, input: object) => nodeAt(real, node).gql(document, { input }, { token });

      const fault = faultOf(overrides);
      const dryRun = await ask(IMPACT, overrides);
      if (fault === null)
        expect(dryRun.data.sessionPolicyImpact).toEqual(
          impactOf(model, effectivePolicy(overrides), actor, now),
        );
      else expect(dryRun.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: fault });

      const answer = await ask(UPDATE, { ...overrides, apply });
      if (fault !== null) {
        expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: fault });
        return node;
      }
      expect(answer.code).toBeUndefined();
      const effective = effectivePolicy(overrides);
      recordPolicy(
        model,
        overrides,
        apply === 'ACTIVE_SESSIONS' ? impactOf(model, effective, actor, now) : null,
      );
      expect(answer.data.updateSessionPolicy.sessionPolicy).toEqual({
        ...overrides,
        version: model.policyVersion,
        effectiveIdleMinutes: effective.idleMinutes,
        effectiveAbsoluteMinutes: effective.absoluteMinutes,
      });
      if (apply === 'NEXT_LOGIN') return node;
      for (const session of model.sessions) {
        const wasLive = isLive(session, now);
        const isShortened = applyPolicy(session, effective, now);
        if (wasLive)
          count(real, isLive(session, now) ? (isShortened ? 'shortened' : 'kept') : 'ended by policy');
        if (!isShortened) continue;
        for (const subscriber of real.subscribers)
          if (subscriber.session === session) noteShortened(subscriber);
      }
      return node;
    }),
  );
