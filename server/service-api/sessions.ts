import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { notFound } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { ServiceEndReason } from '../generated/schema.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ServiceCaller } from '../rules/caller.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import type { Session } from '../rules/session.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import { listLiveSessionsOfUser } from '../sessions/session-list.sql.ts';
import type { SessionRevoker } from '../sessions/revoke.ts';
import type { SessionWithUser } from '../sessions/user-row.ts';
import type { AccessTokens } from '../tokens/access-token.ts';
import type { ActivityBuffer } from './activity-buffer.ts';
import { createSessionCreator, type CreateServiceSession } from './create-session.ts';
import { createSessionEnder, type SessionEnder } from './end-sessions.ts';
import { isInReach } from './key-reach.ts';
import { lockServiceKey } from './service-keys.ts';
import { createSessionReauthenticator, type ReauthenticateServiceSession } from './reauthenticate-session.ts';
import type { SessionTokens } from './session-tokens.ts';
import { findUser, toUserReference, type UserArguments } from './users.ts';
import { createSessionValidator, type PresentedSession, type ValidateSessions } from './validate-sessions.ts';
import { validationOf, type Validation } from './validation.ts';

/**
 * Sessions as trusted back ends create, check and end them with a service key. Anything outside the key's reach is
 * answered exactly like something that does not exist.
 */
export interface ServiceSessions extends SessionEnder {
  create: CreateServiceSession;
  validateAll: ValidateSessions;
  /** Validates one session. @throws UNAVAILABLE, but never for a token that is not valid */
  validate(service: ServiceCaller, presented: PresentedSession): Promise<Validation>;
  /** Ends the session that the token belongs to. Returns whether this call ended it. */
  end(
    service: ServiceCaller,
    sessionToken: string,
    reason: ServiceEndReason,
    ipAddress: string | null,
  ): Promise<boolean>;
  reauthenticate: ReauthenticateServiceSession;
  /** The live sessions of one user, however created; latest sign-in first. @throws BAD_USER_INPUT, NOT_FOUND */
  listOfUser(service: ServiceCaller, user: UserArguments): Promise<Session[]>;
  /** Issues a session-scoped token for a live service session. @throws NOT_FOUND */
  issueAccessToken(
    service: ServiceCaller,
    sessionToken: string,
    audience: string,
  ): Promise<{ accessToken: string; expiresAt: Date }>;
}

export function createServiceSessions(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  bounds: PolicyBounds;
  revoker: SessionRevoker;
  warnings: WarningSettings;
  accessTokens: AccessTokens;
  sessionTokens: SessionTokens;
  activity: ActivityBuffer;
  metrics: Metrics;
}): ServiceSessions {
  const { database, clock, warnings, accessTokens, sessionTokens, activity } = dependencies;
  const validateAll = createSessionValidator(dependencies);
  const ender = createSessionEnder(dependencies);

  /** Null also for a session outside the key's reach. */
  async function find(service: ServiceCaller, sessionToken: string): Promise<SessionWithUser | null> {
    const found = await sessionTokens.find(sessionToken);
    return found && isInReach(service, found.session.accountId) ? found : null;
  }

  return {
    ...ender,
    create: createSessionCreator(dependencies),
    reauthenticate: createSessionReauthenticator(dependencies),
    validateAll,

    async validate(service, presented) {
      const [validation] = await validateAll(service, [presented]);
      return validation!;
    },

    async end(service, sessionToken, reason, ipAddress) {
      const found = await find(service, sessionToken);
      return found !== null && ender.endForService(service, found.session, reason, ipAddress);
    },

    async listOfUser(service, user) {
      const reference = toUserReference(service, user);
      const em = database.em();
      const sessions = await listLiveSessionsOfUser(em, await findUser(em, service, reference), clock.now());
      return sessions.map(activity.applyTo);
    },

    async issueAccessToken(service, sessionToken, audience) {
      const found = await find(service, sessionToken);
      await database.withTimeout(database.statement((em) => lockServiceKey(em, service, clock)));
      if (!found) throw notFound('Session');
      const now = clock.now();
      const session = activity.applyTo(found.session);
      if (!validationOf(session, found.user.isActive, warnings, now).valid) throw notFound('Session');
      const subject = { ...session, sessionId: session.id };
      const { token, expiresAt } = accessTokens.mintSessionScoped(subject, audience, now);
      return { accessToken: token, expiresAt };
    },
  };
}
