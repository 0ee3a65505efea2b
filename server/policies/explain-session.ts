import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { isStorable } from '../database/ids.ts';
import { notFound } from '../errors.ts';
import type { Viewer } from '../rules/caller.ts';
import { decisiveStep, limitStep, type LimitStep } from '../rules/limit-history.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import type { PolicyRule } from '../rules/policy-rules.ts';
import { evaluateSession, type Session } from '../rules/session.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import { findSessionWithUser } from '../sessions/session-queries.ts';
import { readVersionsDuring } from './policy-versions.sql.ts';
import { deadlineInWords, revocationInWords, type ExplainedSession } from './session-explanation.texts.ts';
import { ruleAsSet, stepInForce, traceSessionLimits } from './session-limit-trace.ts';
import { readOrigin, readStory, type StoryEvent } from './session-story.sql.ts';
import { timelineOf, type TimelineEntry } from './session-timeline.ts';

interface LimitSource {
  policyVersion: number;
  rule: PolicyRule | null;
}

/** Why a session ends when it does, or has ended. */
export interface Explanation {
  session: Session;
  policyVersion: number;
  rule: PolicyRule | null;
  idleLimitSource: LimitSource;
  absoluteLimitSource: LimitSource;
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
    const now = clock.now();
    const state = evaluateSession(session, now);
    const endedAt = state.state === 'live' ? null : state.at;
    const [events, origin] = await database.withTimeout(
      Promise.all([readStory(em, session, endedAt), readOrigin(em, session.id)]),
    );
    const story = viewer.role === 'OWNER' ? events : events.map((event) => asMemberSees(event, viewer));
    const startedAt = story.find(({ action }) => action === 'session.started')?.at ?? session.authenticatedAt;
    const versions = await database.withTimeout(
      readVersionsDuring(em, session.accountId, startedAt, endedAt ?? now),
    );
    const isPastPolicy = state.state === 'ended' && state.reason === 'POLICY_CHANGED';
    const steps = traceSessionLimits(session, versions, story, user.role, endedAt, bounds).filter(
      // What ended a session that was past it is the last step. The session knew nothing of what came later.
      ({ at }) => endedAt === null || at < endedAt || (+at === +endedAt && isPastPolicy),
    );
    const decisive = isPastPolicy ? decisiveStep(steps) : stepInForce(session, steps);
    const idleStep = decisive && limitStep(steps, 'idleMinutes');
    const absoluteStep = decisive && limitStep(steps, 'absoluteMinutes');
    const sourceOf = (step: LimitStep | null): LimitSource => ({
      policyVersion: step?.version ?? 0,
      rule: ruleAsSet(step, versions),
    });
    const explained: ExplainedSession = {
      session,
      userName: user.name,
      origin,
      decisive,
      idleStep,
      absoluteStep,
      isCapped: isCapped(session),
      wasReauthenticated: story.some(({ action }) => action === 'session.reauthenticated'),
      maxSessionsAtEnd: versions.at(-1)?.maxSessionsPerUser ?? null,
    };
    const endsBecause =
      state.state === 'ended'
        ? revocationInWords(
            explained,
            state.reason,
            story.filter(({ at }) => +at === +state.at),
          )
        : deadlineInWords(explained, state.reason, state.state === 'expired');
    return {
      session,
      ...sourceOf(decisive),
      idleLimitSource: sourceOf(idleStep),
      absoluteLimitSource: sourceOf(absoluteStep),
      endsBecause,
      timeline: timelineOf({
        explained,
        story,
        versions,
        steps,
        end: {
          at: state.state === 'live' ? state.expiresAt : state.at,
          kind: endedAt === null ? 'ENDS' : 'ENDED',
          text: endsBecause,
        },
        deadline: state.state === 'ended' ? null : state.reason,
        warnings,
      }),
    };
  };
}

/**
 * A member sees the names that `ownActivity` shows them: of those who did something to them. Who changed or signed out the
 * whole account is "an owner" for them, as in the rest of the API.
 */
function asMemberSees(event: StoryEvent, viewer: Viewer): StoryEvent {
  const { action, actor } = event;
  if (actor.kind !== 'PERSON' || actor.id === viewer.userId || !action.startsWith('account.')) return event;
  return { ...event, actor: { ...actor, name: null } };
}

const isCapped = ({ authenticatedAt, absoluteSeconds, absoluteExpiresAt }: Session): boolean =>
  absoluteSeconds !== null &&
  absoluteExpiresAt.getTime() < authenticatedAt.getTime() + absoluteSeconds * 1000;
