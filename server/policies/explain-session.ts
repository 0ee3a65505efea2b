import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { isStorable } from '../database/ids.ts';
import { notFound } from '../errors.ts';
import { policyOf } from '../rules/account-policy.ts';
import type { Viewer } from '../rules/caller.ts';
import { inWords, limitsInWords, sourceInWords } from '../rules/explained-words.ts';
import {
  decisiveStep,
  traceLimits,
  type HistoricPolicy,
  type LimitStep,
  type RoleChange,
} from '../rules/limit-history.ts';
import { effectivePolicy, type PolicyBounds } from '../rules/policy.ts';
import { policyInForce, type PolicyRule } from '../rules/policy-rules.ts';
import { evaluateSession, type Session } from '../rules/session.ts';
import {
  absoluteWarningAt,
  absoluteWarningLead,
  idleWarningAt,
  idleWarningLead,
  type WarningSettings,
} from '../rules/warning-lead.ts';
import { findSessionWithUser } from '../sessions/session-queries.ts';
import { readVersionsDuring, type PolicyVersion } from './policy-versions.sql.ts';
import { deadlineInWords, revocationInWords, type ExplainedSession } from './session-explanation.texts.ts';
import { readOrigin, readStory, type SessionOrigin, type StoryEvent } from './session-story.sql.ts';

/** A moment in the life of a session. */
export interface TimelineEntry {
  at: Date;
  kind: string;
  text: string;
}

/** Why a session ends when it does, or has ended. */
export interface Explanation {
  session: Session;
  policyVersion: number;
  rule: PolicyRule | null;
  endsBecause: string;
  timeline: TimelineEntry[];
}

/** @throws NOT_FOUND for an unknown session, and for one that the viewer may not see */
export type ExplainSession = (viewer: Viewer, sessionId: string) => Promise<Explanation>;

export function createExplainSession(dependencies: {
  database: Database;
  clock: Clock;
  bounds: PolicyBounds;
  warnings: WarningSettings;
}): ExplainSession {
  const { database, clock, bounds, warnings } = dependencies;

  return async (viewer, sessionId) => {
    const em = database.em();
    const found = isStorable(sessionId)
      ? await database.withTimeout(findSessionWithUser(em, sessionId))
      : null;
    const isVisible =
      found?.session.accountId === viewer.accountId &&
      (viewer.role === 'OWNER' || found.session.userId === viewer.userId);
    if (!found || !isVisible) throw notFound('Session');
    const { session, user } = found;
    const state = evaluateSession(session, clock.now());
    const endedAt = state.state === 'live' ? null : state.at;
    const [story, origin, versions] = await database.withTimeout(
      Promise.all([
        readStory(em, session, endedAt),
        readOrigin(em, session.id),
        readVersionsDuring(em, session.accountId, session.authenticatedAt, endedAt ?? clock.now()),
      ]),
    );
    const isPastPolicy = state.state === 'ended' && state.reason === 'POLICY_CHANGED';
    const steps = trace(session, versions, story, user.role, bounds).filter(
      // What ended a session that was past it is the last step. The session knew nothing of what came later.
      ({ at }) => endedAt === null || at < endedAt || (+at === +endedAt && isPastPolicy),
    );
    const decisive = decisiveStep(steps);
    const explained: ExplainedSession = {
      session,
      userName: user.name,
      origin,
      decisive,
      isCapped: isCapped(session),
      wasReauthenticated: story.some(({ action }) => action === 'session.reauthenticated'),
    };
    const endsBecause =
      state.state === 'ended'
        ? revocationInWords(
            explained,
            state.reason,
            story.filter(({ at }) => +at === +state.at),
          )
        : deadlineInWords(explained, state.reason, state.state === 'expired');
    const end = { at: state.state === 'live' ? state.expiresAt : state.at, text: endsBecause };
    return {
      session,
      policyVersion: decisive?.version ?? 0,
      rule: asSet(decisive, versions),
      endsBecause,
      timeline: [
        ...beginning(explained, story, steps),
        ...stepsInWords(steps, versions, endedAt),
        ...lastActivity(session),
        ...warningOf(session, state.state === 'ended' ? null : state.reason, end.at, warnings),
        { ...end, kind: endedAt === null ? 'ENDS' : 'ENDED' },
      ]
        .filter(({ at }) => at <= end.at)
        // Entries of one moment stay in this order.
        .toSorted((one, other) => one.at.getTime() - other.at.getTime()),
    };
  };
}

function trace(
  session: Session,
  versions: readonly PolicyVersion[],
  story: readonly StoryEvent[],
  role: 'OWNER' | 'MEMBER',
  bounds: PolicyBounds,
): LimitStep[] {
  const { idleSeconds, absoluteSeconds, appType, authenticatedAt } = session;
  if (idleSeconds === null || absoluteSeconds === null) return [];
  const roleChanges = story.flatMap(({ at, action, details }): RoleChange[] =>
    action === 'user.role_changed'
      ? [
          {
            at,
            old: details.old === 'OWNER' ? 'OWNER' : 'MEMBER',
            new: details.new === 'OWNER' ? 'OWNER' : 'MEMBER',
          },
        ]
      : [],
  );
  const limits = { idleMinutes: idleSeconds / 60, absoluteMinutes: absoluteSeconds / 60 };
  return traceLimits(
    { appType, authenticatedAt, limits },
    historyOf(versions, authenticatedAt, bounds),
    roleChanges,
    role,
  );
}

/** The versions as they were in force, after the server's own limits where the first one is later than the session. */
function historyOf(
  versions: readonly PolicyVersion[],
  authenticatedAt: Date,
  bounds: PolicyBounds,
): HistoricPolicy[] {
  const saved = versions.map((version) => {
    const effective = effectivePolicy(version, bounds);
    return {
      version: version.version,
      at: version.createdAt,
      isApplied: version.apply === 'ACTIVE_SESSIONS',
      policy: {
        ...policyInForce(policyOf(version), bounds),
        idleMinutes: version.effectiveIdleMinutes ?? effective.idleMinutes,
        absoluteMinutes: version.effectiveAbsoluteMinutes ?? effective.absoluteMinutes,
      },
    };
  });
  const first = versions[0];
  if (first && first.version > 1 && first.createdAt < authenticatedAt) return saved;
  const before = { version: first ? first.version - 1 : 0, at: new Date(0), isApplied: false };
  return [{ ...before, policy: policyInForce({ rules: [] }, bounds) }, ...saved];
}

/** The rule as the version has it: the trace has the clamped one. */
function asSet(decisive: LimitStep | null, versions: readonly PolicyVersion[]): PolicyRule | null {
  const rule = decisive?.rule;
  if (!rule) return null;
  const version = versions.find((each) => each.version === decisive.version);
  const rules = version ? policyOf(version).rules : [];
  return rules.find(({ role, appType }) => role === rule.role && appType === rule.appType) ?? rule;
}

const isCapped = ({ authenticatedAt, absoluteSeconds, absoluteExpiresAt }: Session): boolean =>
  absoluteSeconds !== null &&
  absoluteExpiresAt.getTime() < authenticatedAt.getTime() + absoluteSeconds * 1000;

function beginning(
  { session, userName, origin }: ExplainedSession,
  story: readonly StoryEvent[],
  steps: readonly LimitStep[],
): TimelineEntry[] {
  const started = story.find(({ action }) => action === 'session.started');
  const again = story.filter(({ action }) => action === 'session.reauthenticated');
  const first = steps[0];
  const under = first
    ? ` Limits of ${sourceInWords(first.version, first.rule)}: ${limitsInWords(first.limits)}.`
    : '';
  const at = started?.at ?? (again.length > 0 ? null : session.authenticatedAt);
  return [
    ...(at === null
      ? []
      : [{ at, kind: 'SIGNED_IN', text: signInText(userName, origin) + (again.length > 0 ? '' : under) }]),
    ...again.map((event, index) => ({
      at: event.at,
      kind: 'REAUTHENTICATED',
      text: `${userName} authenticated again, and both limits count from here.${index === again.length - 1 ? under : ''}`,
    })),
  ];
}

function signInText(userName: string, { isImported, method, serviceKeyName }: SessionOrigin): string {
  if (isImported) return `The session of ${userName} was imported.`;
  if (serviceKeyName !== null) return `The application ${serviceKeyName} created the session of ${userName}.`;
  switch (method) {
    case 'PASSWORD':
      return `${userName} signed in with a password.`;
    case 'PASSWORD_LINK':
      return `${userName} set a password and was signed in.`;
    case 'OIDC':
      return `${userName} signed in at an identity provider.`;
    default:
      return `${userName} signed in.`;
  }
}

/** Versions and changes of role after the sign-in, with what they did to the session. */
function stepsInWords(
  steps: readonly LimitStep[],
  versions: readonly PolicyVersion[],
  endedAt: Date | null,
): TimelineEntry[] {
  const start = steps[0];
  if (!start) return [];
  const effects = steps.slice(1).map(({ at, cause, version, rule, limits, isChange }) => {
    const source = sourceInWords(version, rule);
    const what =
      cause === 'ROLE'
        ? `The user's role changed (${source})`
        : `Version ${version} was applied to live sessions`;
    return {
      at,
      kind: cause === 'ROLE' ? 'ROLE_CHANGED' : 'POLICY_APPLIED',
      text: isChange ? `${what}: ${limitsInWords(limits)} from then on.` : `${what}. Nothing became shorter.`,
    };
  });
  const saved = versions
    .filter(({ version, apply }) => version > start.version && apply === 'NEXT_LOGIN')
    .filter(({ createdAt }) => endedAt === null || createdAt < endedAt)
    .map(({ version, createdAt }) => ({
      at: createdAt,
      kind: 'POLICY_SAVED',
      text: `Version ${version} was saved for new sessions. This one kept its limits.`,
    }));
  return [...effects, ...saved];
}

const lastActivity = ({ lastActivityAt, authenticatedAt }: Session): TimelineEntry[] =>
  lastActivityAt > authenticatedAt
    ? [
        {
          at: lastActivityAt,
          kind: 'LAST_ACTIVITY',
          text: 'The last activity. The idle limit counts from here.',
        },
      ]
    : [];

/** The warning of the deadline that ends the session. One that was ended otherwise need not have come so far. */
function warningOf(
  session: Session,
  reason: 'IDLE' | 'ABSOLUTE' | null,
  endsAt: Date,
  warnings: WarningSettings,
): TimelineEntry[] {
  if (reason === null) return [];
  const isIdle = reason === 'IDLE';
  const at = isIdle ? idleWarningAt(session, warnings) : absoluteWarningAt(session, warnings);
  const seconds = isIdle ? idleWarningLead(session, warnings) : absoluteWarningLead(session, warnings);
  if (seconds <= 0 || at >= endsAt || at < session.authenticatedAt) return [];
  const lead = seconds % 60 === 0 ? inWords(seconds / 60) : `${seconds} seconds`;
  const limit = isIdle ? 'idle' : 'absolute';
  return [{ at, kind: 'WARNING', text: `The warning is due: ${lead} before the ${limit} deadline.` }];
}
