import { refuseBadToken, requireOwner, requireUserInAnyScope, requireUser } from '../rules/caller.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { AppError } from '../errors.ts';
import { absoluteWarningLead, idleWarningLead, type WarningSettings } from '../rules/warning-lead.ts';
import type { Resolvers } from '../generated/schema.ts';
import { toInt } from '../graphql-int.ts';
import type { CanReauthenticate } from './can-reauthenticate.ts';
import { createAuthenticationReader } from './authentication-reader.ts';
import { deviceName } from './user-agent.ts';
import { hashRequestId, requireNotAfter } from './refresh-request.ts';
import { deliverTokens } from './deliver-tokens.ts';
import type { TokenIssuer } from './token-set.ts';
import type { EndedBy } from './ended-by.ts';
import type { SessionList } from './session-list.ts';
import type { SessionRefresh } from './refresh-session.ts';
import type { SessionTouch } from './touch-session.ts';
import type { Logout } from './logout.ts';
import type { CallerRevocation } from './revoke-as-caller.ts';
import { endOfSession, nearerDeadline } from '../rules/session.ts';

export function createSessionResolvers(dependencies: {
  sessionRefresh: SessionRefresh;
  sessionTouch: SessionTouch;
  logout: Logout;
  revocation: CallerRevocation;
  tokenIssuer: TokenIssuer;
  sessionList: SessionList;
  database: Database;
  endedBy: EndedBy;
  clock: Clock;
  warnings: WarningSettings;
  canReauthenticate: CanReauthenticate;
  /** The configured identity providers. */
  providers: readonly { id: string; name: string }[];
}): Resolvers {
  const { sessionRefresh, sessionTouch, logout, revocation, tokenIssuer, sessionList, clock } = dependencies;

  return {
    Query: {
      serverTime: (_, __, { caller }) => {
        refuseBadToken(caller);
        return clock.now();
      },
      currentSession: (_, __, { caller }) => requireUserInAnyScope(caller).session,
      sessions: (_, { first, after, status, userId, search, orderBy }, { caller }) =>
        sessionList.page(requireUser(caller), {
          first: first ?? 50,
          after: after ?? null,
          status: status ?? 'ACTIVE',
          userId: userId ?? null,
          search: search ?? null,
          orderBy: orderBy ?? 'SIGN_IN',
        }),
    },

    Mutation: {
      refreshSession: async (_, { input }, { client, isGone, refreshCookie }) => {
        const fromBody = input?.refreshToken ?? null;
        const token = fromBody ?? refreshCookie.read();
        const audience = tokenIssuer.requireAudience(input?.audience);
        const requestHash = hashRequestId(input?.requestId ?? null);
        const notAfter = requireNotAfter(input?.notAfter ?? null, clock.now());
        if (token === null) throw new AppError('INVALID_REFRESH_TOKEN', 'No refresh token was presented.');
        const isActivity = input?.userActive ?? true;
        const tokens = await sessionRefresh.refresh({
          token,
          isActivity,
          requestHash,
          notAfter,
          isGone,
          audience,
          ipAddress: client.ipAddress,
        });
        return deliverTokens(tokens, fromBody === null ? 'COOKIE' : 'BODY', refreshCookie);
      },
      touchSession: (_, __, { caller }) => sessionTouch.touch(requireUserInAnyScope(caller)),
      logout: async (_, __, { caller, client, refreshCookie }) => {
        // The session could not be read, so `ended: false` might be wrong.
        if (caller.kind === 'refused' && caller.error.code === 'UNAVAILABLE') throw caller.error;
        const ended =
          caller.kind === 'user'
            ? await logout.bySession(caller.viewer.session.id, client.ipAddress)
            : await logout.byRefreshToken(refreshCookie.read(), client.ipAddress);
        refreshCookie.clear();
        return { ended };
      },
      revokeSessions: async (_, { scope }, { caller, client }) => ({
        revokedCount: await revocation.revokeAll(requireOwner(caller), scope, client.ipAddress),
      }),
      revokeSession: async (_, { sessionId }, { caller, client }) => ({
        revokedCount: await revocation.revokeOne(requireUser(caller), sessionId, client.ipAddress),
      }),
      revokeSelectedSessions: async (_, { sessionIds }, { caller, client }) => ({
        revokedCount: await revocation.revokeSelected(requireUser(caller), sessionIds, client.ipAddress),
      }),
      revokeUserSessions: async (_, { userId }, { caller, client }) => ({
        revokedCount: await revocation.revokeUser(requireUser(caller), userId, client.ipAddress),
      }),
    },

    Session: createSessionFields(dependencies),

    AuthPayload: {
      idleExpiresAt: ({ session }) => session.idleExpiresAt,
      absoluteExpiresAt: ({ session }) => session.absoluteExpiresAt,
      session: ({ session }) => ({ ...session, isCurrent: true }),
      user: ({ session }, _, { loaders }) => session.user ?? loaders.users.load(session.userId),
    },
  };
}

function createSessionFields(dependencies: {
  database: Database;
  endedBy: EndedBy;
  clock: Clock;
  warnings: WarningSettings;
  canReauthenticate: CanReauthenticate;
  providers: readonly { id: string; name: string }[];
}): NonNullable<Resolvers['Session']> {
  const { endedBy, clock, warnings, canReauthenticate } = dependencies;
  const readAuthentication = createAuthenticationReader(dependencies.database);
  const providerNames = new Map(dependencies.providers.map(({ id, name }) => [id, name]));
  return {
    user: (session, _, { loaders }) =>
      session.user ? loaders.pace(session.user) : loaders.users.load(session.userId),
    expiresAt: (session) => nearerDeadline(session).expiresAt,
    expiryReason: (session) => nearerDeadline(session).reason,
    // An imported session has no policy snapshot before its first rotation: its deadlines come from its token.
    idleMinutes: ({ idleSeconds, idleExpiresAt, lastActivityAt }) =>
      idleSeconds === null ? minutesBetween(lastActivityAt, idleExpiresAt) : toMinutes(idleSeconds),
    absoluteMinutes: ({ absoluteSeconds, absoluteExpiresAt, authenticatedAt }) =>
      absoluteSeconds === null
        ? minutesBetween(authenticatedAt, absoluteExpiresAt)
        : toMinutes(absoluteSeconds),
    idleWarningSeconds: (session) => idleWarningLead(session, warnings),
    absoluteWarningSeconds: (session) => absoluteWarningLead(session, warnings),
    device: (session) => deviceName(session.userAgent),
    isCurrent: (session, _, { caller }) =>
      session.isCurrent ?? (caller.kind === 'user' && caller.viewer.session.id === session.id),
    authenticationMethod: async ({ id }) => (await readAuthentication(id))?.method ?? null,
    authenticationProvider: async ({ id }) => {
      const providerId = (await readAuthentication(id))?.providerId ?? null;
      return providerId === null ? null : (providerNames.get(providerId) ?? providerId);
    },
    isNewDevice: async ({ id }) => (await readAuthentication(id))?.isNewDevice ?? false,
    canReauthenticate: (session) =>
      endOfSession(session, clock.now()) === null && canReauthenticate(session.id),
    endedAt: (session) => endOfSession(session, clock.now())?.endedAt ?? null,
    endReason: (session) => endOfSession(session, clock.now())?.endReason ?? null,
    endedBy: async (session, _, { caller, loaders }) => {
      // A member is not told about colleagues.
      if (caller.kind !== 'user' || caller.viewer.role !== 'OWNER') return null;
      const userId = await endedBy(session);
      return userId === null ? null : loaders.users.load(userId);
    },
  };
}

const minutesBetween = (from: Date, to: Date): number => toMinutes((to.getTime() - from.getTime()) / 1000);

/** Whole, and within GraphQL's Int: one row of an import, or edited by hand, must not make a whole list fail. */
const toMinutes = (seconds: number): number => toInt(Math.ceil(seconds / 60));
