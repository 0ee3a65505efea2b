import { lockAccount, shareAccount } from '../accounts/account.lock.ts';
import type { ServiceCaller } from '../accounts/caller.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import { badInput, notFound } from '../errors.ts';
import type { WarningSettings } from '../expiry/lead.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import type { AppType, ServiceEndReason } from '../generated/schema.ts';
import type { PolicyLimits } from '../policies/policy.ts';
import { createClosing } from '../sessions/session.closing.ts';
import { listLiveSessionsOfUser } from '../sessions/session.lists.ts';
import { openSession } from '../sessions/session.opening.ts';
import type { SessionOfUser } from '../sessions/session.reads.ts';
import { verdict, type Session } from '../sessions/session.ts';
import type { AccessTokens } from '../tokens/access-token.ts';
import type { Activity } from './activity.ts';
import { createOverdueSessions } from './overdue-sessions.ts';
import { createSecret, hashSecretToBytes } from './secret.ts';
import { findAccount } from './service-accounts.ts';
import { cleanUserAgent, requireIpAddress } from './service-input.ts';
import {
  accountRequired,
  findUser,
  meetUser,
  toLabel,
  toNamedUser,
  type UserNaming,
} from './service-users.ts';
import type { SessionTokens } from './session-tokens.ts';
import { UNKNOWN_SESSION, validationOf, type Validation } from './validation.ts';

export interface ServiceSignIn extends UserNaming {
  email?: string | null;
  name?: string | null;
  appType: AppType;
  ipAddress?: string | null;
  userAgent?: string | null;
}

export interface PresentedSession {
  sessionToken: string;
  /** False: a look that moves nothing. */
  isActivity: boolean;
}

/**
 * What trusted back ends do. Whatever is outside the key's reach answers exactly like what does not exist. An
 * `ipAddress` on its own is the back end's, for the audit trail.
 */
export interface ServiceSessions {
  /** @throws BAD_USER_INPUT, NOT_FOUND */
  open(
    service: ServiceCaller,
    signIn: ServiceSignIn,
    ipAddress: string | null,
  ): Promise<{ sessionToken: string; session: Session }>;
  /** @throws UNAVAILABLE, never for a token that is not good */
  validate(service: ServiceCaller, presented: PresentedSession): Promise<Validation>;
  /** The same for many, in their order. */
  validateAll(service: ServiceCaller, presented: readonly PresentedSession[]): Promise<Validation[]>;
  /** Whether this call ended the session that the token stands for. */
  end(
    service: ServiceCaller,
    sessionToken: string,
    reason: ServiceEndReason,
    ipAddress: string | null,
  ): Promise<boolean>;
  /** The same for a session that was found otherwise. */
  endForService(
    service: ServiceCaller,
    session: Session,
    reason: ServiceEndReason,
    ipAddress: string | null,
  ): Promise<boolean>;
  /** The live sessions of one user, however they were started; latest sign-in first. @throws BAD_USER_INPUT, NOT_FOUND */
  listOfUser(service: ServiceCaller, naming: UserNaming): Promise<Session[]>;
  /** Ends them all and returns how many there were. @throws BAD_USER_INPUT, NOT_FOUND */
  endAllOfUser(
    service: ServiceCaller,
    naming: UserNaming,
    reason: ServiceEndReason,
    ipAddress: string | null,
  ): Promise<number>;
  /** A confined access token of a live service session. @throws NOT_FOUND */
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
  limits: PolicyLimits;
  warnings: WarningSettings;
  accessTokens: AccessTokens;
  sessionTokens: SessionTokens;
  activity: Activity;
}): ServiceSessions {
  const { database, audit, bus, clock, limits, warnings, accessTokens, sessionTokens, activity } =
    dependencies;
  const closing = createClosing(dependencies);
  const endOverdue = createOverdueSessions(dependencies);

  /** Null also for a session outside the key's reach. */
  async function find(service: ServiceCaller, sessionToken: string): Promise<SessionOfUser | null> {
    const found = await sessionTokens.find(sessionToken);
    return found && isInReach(service, found.session.accountId) ? found : null;
  }

  /** Judged by `now`, the time after the read: a deadline that passed meanwhile has passed. */
  function judge(found: SessionOfUser, isActivity: boolean, now: Date): Validation | Promise<Validation> {
    const { isActive } = found.user;
    const session = activity.seen(found.session);
    const answer = validationOf(session, isActive, warnings, now);
    if (answer.valid) return isActivity ? touched(found, now) : answer;
    const isOverdue = session.endedAt === null && verdict(session, now).state === 'expired';
    return isOverdue ? ended(session, isActive) : answer;
  }

  async function touched({ session, user }: SessionOfUser, now: Date): Promise<Validation> {
    return validationOf(await activity.touch(session, now), user.isActive, warnings, now);
  }

  async function ended(session: Session, isUserActive: boolean): Promise<Validation> {
    const ended = (await endOverdue(session.id)) ?? session;
    return validationOf(ended, isUserActive, warnings, clock.now());
  }

  async function validateAll(
    service: ServiceCaller,
    presented: readonly PresentedSession[],
  ): Promise<Validation[]> {
    const sessions = await sessionTokens.findAll(presented.map(({ sessionToken }) => sessionToken));
    const now = clock.now();
    return Promise.all(
      presented.map(({ sessionToken, isActivity }) => {
        const found = sessions.get(sessionToken);
        return found && isInReach(service, found.session.accountId)
          ? judge(found, isActivity, now)
          : UNKNOWN_SESSION;
      }),
    );
  }

  async function endForService(
    service: ServiceCaller,
    session: Session,
    reason: ServiceEndReason,
    ipAddress: string | null,
  ): Promise<boolean> {
    if (!isInReach(service, session.accountId)) return false;
    const by = { actor: actorOf(service), ipAddress };
    const hasEnded = await database.transaction((em) => closing.one(em, session, reason, by));
    if (hasEnded) closing.announce(session.accountId, [session.id]);
    return hasEnded;
  }

  return {
    async open(service, signIn, ipAddress) {
      const named = toNamedUser(service, signIn);
      if (service.accountId === null && named.account === null) throw accountRequired();
      const label = toLabel(signIn);
      const browser = {
        ipAddress: requireIpAddress(signIn.ipAddress),
        userAgent: cleanUserAgent(signIn.userAgent),
      };
      const sessionToken = createSecret();

      const session = await database.transaction(async (em) => {
        const accountId = await findAccount(em, service, named.account);
        if (accountId === null) throw accountRequired();
        await shareAccount(em, accountId);
        const now = clock.now();
        const user =
          'externalId' in named.user
            ? await meetUser(
                em,
                service,
                { accountId, externalId: named.user.externalId, label },
                { audit, ipAddress },
                now,
              )
            : await findUser(em, service, { user: named.user, account: { id: accountId } });
        const opening = {
          accountId,
          userId: user.id,
          passwordVersion: null,
          appType: signIn.appType,
          client: browser,
          actor: actorOf(service),
          tokenHash: hashSecretToBytes(sessionToken),
        };
        const opened = await openSession(em, opening, { audit, limits }, now);
        if (opened) return opened.session;
        const field = 'id' in named.user ? 'userId' : 'externalId';
        throw badInput(field, 'This user has been deactivated.', { reason: 'USER_INACTIVE' });
      });
      bus.publish({ accountId: session.accountId, kind: 'STARTED', sessionIds: [session.id] });
      return { sessionToken, session };
    },

    validateAll,

    async validate(service, presented) {
      const [validation] = await validateAll(service, [presented]);
      return validation!;
    },

    async end(service, sessionToken, reason, ipAddress) {
      const found = await find(service, sessionToken);
      return found !== null && endForService(service, found.session, reason, ipAddress);
    },

    endForService,

    async listOfUser(service, naming) {
      const named = toNamedUser(service, naming);
      const em = database.em();
      const user = await findUser(em, service, named);
      const sessions = await listLiveSessionsOfUser(em, user, clock.now());
      return sessions.map(activity.seen);
    },

    async endAllOfUser(service, naming, reason, ipAddress) {
      const named = toNamedUser(service, naming);
      const { accountId, endedIds } = await database.transaction(async (em) => {
        const { id, accountId } = await findUser(em, service, named);
        // Against sign-ins: one that is under way is waited for, and its session ends with the others.
        await lockAccount(em, accountId);
        const by = { actor: actorOf(service), ipAddress };
        return { accountId, endedIds: await closing.allOf(em, { accountId, userId: id }, reason, by) };
      });
      closing.announce(accountId, endedIds);
      return endedIds.length;
    },

    async issueAccessToken(service, sessionToken, audience) {
      const found = await find(service, sessionToken);
      if (!found) throw notFound('Session');
      const now = clock.now();
      const session = activity.seen(found.session);
      if (!validationOf(session, found.user.isActive, warnings, now).valid) throw notFound('Session');
      const subject = { ...session, sessionId: session.id, role: found.user.role, isConfined: true };
      const { token, expiresAt } = accessTokens.mint(subject, audience, now);
      return { accessToken: token, expiresAt };
    },
  };
}

const isInReach = (service: ServiceCaller, accountId: string): boolean =>
  service.accountId === null || service.accountId === accountId;

const actorOf = (service: ServiceCaller) => ({ id: null, name: service.name });
