import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ServiceCaller } from '../rules/caller.ts';
import { evaluateSession, type Session } from '../rules/session.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import type { SessionWithUser } from '../sessions/user-row.ts';
import type { ActivityBuffer } from './activity-buffer.ts';
import { createPresentedExpirer } from './expire-presented.ts';
import { isInReach } from './key-reach.ts';
import type { SessionTokens } from './session-tokens.ts';
import { outcomeOf, UNKNOWN_SESSION, validationOf, type Validation } from './validation.ts';

export interface PresentedSession {
  sessionToken: string;
  /** Whether the check counts as activity and moves the idle deadline. */
  isActivity: boolean;
}

/** Validates many sessions, in their order. @throws UNAVAILABLE, but never for a token that is not valid */
export type ValidateSessions = (
  service: ServiceCaller,
  presented: readonly PresentedSession[],
) => Promise<Validation[]>;

export function createSessionValidator(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  warnings: WarningSettings;
  sessionTokens: SessionTokens;
  activity: ActivityBuffer;
  metrics: Metrics;
}): ValidateSessions {
  const { clock, warnings, sessionTokens, activity, metrics } = dependencies;
  const expireOverdue = createPresentedExpirer(dependencies);

  /** `now` is the time after the read, so a deadline that passed during the read has passed. */
  function validateOne(
    found: SessionWithUser,
    isActivity: boolean,
    now: Date,
  ): Validation | Promise<Validation> {
    const { isActive } = found.user;
    const session = activity.applyTo(found.session);
    const validation = validationOf(session, isActive, warnings, now);
    if (validation.valid) return isActivity ? touch(found, now) : validation;
    const isOverdue = session.endedAt === null && evaluateSession(session, now).state === 'expired';
    return isOverdue ? expire(session, isActive) : validation;
  }

  async function touch({ session, user }: SessionWithUser, now: Date): Promise<Validation> {
    return validationOf(await activity.touch(session, now), user.isActive, warnings, now);
  }

  async function expire(session: Session, isUserActive: boolean): Promise<Validation> {
    const expired = (await expireOverdue(session.id)) ?? session;
    return validationOf(expired, isUserActive, warnings, clock.now());
  }

  return async (service, presented) => {
    const sessions = await sessionTokens.findAll(presented.map(({ sessionToken }) => sessionToken));
    const now = clock.now();
    const validations = await Promise.all(
      presented.map(({ sessionToken, isActivity }) => {
        const found = sessions.get(sessionToken);
        return found && isInReach(service, found.session.accountId)
          ? validateOne(found, isActivity, now)
          : UNKNOWN_SESSION;
      }),
    );
    for (const validation of validations) metrics.validation(outcomeOf(validation));
    return validations;
  };
}
