import fc from 'fast-check';
import {
  effectivePolicy,
  faultOf,
  limitsFor,
  recordPolicy,
  userOf,
  type AccountModel,
  type Policy,
  type Rule,
} from '../account-model.ts';
import { count, look, nowOf } from '../comparison.ts';
import { MINUTE } from '../../refresh/session-rows.ts';
import { applyPolicy, isLive, type ModelSession } from '../session-model.ts';
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
const rule = (
  role: Rule['role'],
  appType: Rule['appType'],
  idleMinutes: number,
  absoluteMinutes: number,
): Rule => ({ role, appType, idleMinutes, absoluteMinutes });

const RULES: (readonly Rule[])[] = [
  [],
  [rule('OWNER', null, 5, 25)],
  // The most specific one is the loosest.
  [rule('MEMBER', null, 6, 30), rule(null, 'TENANT_APP', 3, 12), rule('MEMBER', 'TENANT_APP', 50, 100)],
  [rule(null, 'CONTROL_PANEL', 8, 40), rule('OWNER', 'TENANT_APP', 15, 90)],
];
/** For nothing; twice for the same; more idle than absolute. */
const REFUSED_RULES: (readonly Rule[])[] = [
  [rule(null, null, 5, 25)],
  [rule('OWNER', null, 5, 25), rule('OWNER', null, 6, 25)],
  [rule('OWNER', null, 5, 25), rule('MEMBER', 'TENANT_APP', 26, 25)],
];
const MAXIMUMS: Pick<Policy, 'maxSessionsPerUser' | 'sessionLimitAction'>[] = [
  { maxSessionsPerUser: null, sessionLimitAction: 'DENY' },
  { maxSessionsPerUser: 2, sessionLimitAction: 'DENY' },
  { maxSessionsPerUser: 1, sessionLimitAction: 'END_OLDEST' },
  { maxSessionsPerUser: 3, sessionLimitAction: 'END_OLDEST' },
  { maxSessionsPerUser: 2, sessionLimitAction: 'ASK' },
];
const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) {
  sessionPolicy { version idleMinutes absoluteMinutes effectiveIdleMinutes effectiveAbsoluteMinutes
    rules { role appType idleMinutes absoluteMinutes } maxSessionsPerUser sessionLimitAction } } }`;
const IMPACT = `query ($input: UpdateSessionPolicyInput!) { sessionPolicyImpact(input: $input) {
  activeSessions endNow endWithinHour shortened endsViewerSession } }`;

/** ACTIVE_SESSIONS for one session, by its rule. */
const apply = (model: AccountModel, session: ModelSession, policy: Policy, now: number): boolean =>
  applyPolicy(session, limitsFor(policy, userOf(model, session), session.appType), now);

/** The effect of ACTIVE_SESSIONS on copies of the sessions. */
function impactOf(model: AccountModel, policy: Policy, viewer: ModelSession, now: number) {
  const { sessions } = model;
  const live = sessions.filter((session) => isLive(session, now)).map((session) => structuredClone(session));
  const shortened = live.filter((session) => apply(model, session, policy, now)).length;
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
    rules: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...RULES) },
      { weight: 1, arbitrary: fc.constantFrom(...REFUSED_RULES) },
    ),
    maximum: fc.oneof(
      { weight: 2, arbitrary: fc.constant(MAXIMUMS[0]!) },
      { weight: 3, arbitrary: fc.constantFrom(...MAXIMUMS) },
    ),
    application: fc.constantFrom(
      'NEXT_LOGIN' as const,
      'ACTIVE_SESSIONS' as const,
      'ACTIVE_SESSIONS' as const,
    ),
    node: anyNode,
    /** The active sessions of a moment before. */
    active: fc.option(anySession),
  })
  .map((given) =>
    command('setPolicy', given, async (model, real) => {
      const { overrides, rules, maximum, application, node } = given;
      const next: Policy = { ...overrides, rules, ...maximum };
      if (given.active) {
        const active = sessionOf(model, real, given.active);
        await present('touch', active, active.accessTokens.at(-1)!, real, node);
        await look(real);
      }
      const actor = await actorOf(model, real, { role: 'OWNER', index: given.index, node });
      const now = nowOf(real);
      const { token } = actor.accessTokens.at(-1)!;
      const ask = (document: string, input: object) => nodeAt(real, node).gql(document, { input }, { token });

      const fault = faultOf(next);
      const dryRun = await ask(IMPACT, next);
      if (fault === null) expect(dryRun.data.sessionPolicyImpact).toEqual(impactOf(model, next, actor, now));
      else expect(dryRun.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: fault });

      const answer = await ask(UPDATE, { ...next, apply: application });
      if (fault !== null) {
        expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: fault });
        return node;
      }
      expect(answer.code).toBeUndefined();
      const effective = effectivePolicy(overrides);
      const isApplied = application === 'ACTIVE_SESSIONS';
      recordPolicy(model, next, isApplied ? impactOf(model, next, actor, now) : null);
      expect(answer.data.updateSessionPolicy.sessionPolicy).toEqual({
        ...next,
        version: model.policyVersion,
        effectiveIdleMinutes: effective.idleMinutes,
        effectiveAbsoluteMinutes: effective.absoluteMinutes,
      });
      if (!isApplied) return node;
      for (const session of model.sessions) {
        const wasLive = isLive(session, now);
        const isShortened = apply(model, session, next, now);
        if (wasLive)
          count(real, isLive(session, now) ? (isShortened ? 'shortened' : 'kept') : 'ended by policy');
        if (!isShortened) continue;
        for (const subscriber of real.subscribers)
          if (subscriber.session === session) noteShortened(subscriber);
      }
      return node;
    }),
  );
