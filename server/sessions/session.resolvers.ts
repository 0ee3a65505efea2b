import { createHash } from 'node:crypto';
import { refuseBadToken, requireOwner, requireSessionHolder, requireUser } from '../accounts/caller.ts';
import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/orm.ts';
import type { Turns } from '../database/turns.ts';
import { AppError, badInput } from '../errors.ts';
import { absoluteLead, idleLead, type WarningSettings } from '../expiry/lead.ts';
import type { Resolvers } from '../generated/schema.ts';
import { EXACT_COUNT_LIMIT, toConnection, toSlice } from '../pagination.ts';
import { deviceName } from './device.ts';
import { deliver } from './session.delivery.ts';
import { forecastEndings, requireForecastHours } from './session.forecast.ts';
import type { Grants } from './session.grant.ts';
import { countSessions, listSessions, type SessionFilter } from './session.lists.ts';
import type { RenewalService } from './session.renewal.ts';
import type { RevocationService } from './session.revocation.ts';
import { endOf, nearerDeadline } from './session.ts';

const REQUEST_ID_MIN = 16;
const REQUEST_ID_MAX = 128;

export function createSessionResolvers(dependencies: {
  renewal: RenewalService;
  revocation: RevocationService;
  grants: Grants;
  database: Database;
  turns: Turns;
  clock: Clock;
  warnings: WarningSettings;
}): Resolvers {
  const { renewal, revocation, grants, database, turns, clock, warnings } = dependencies;

  return {
    Query: {
      serverTime: (_, __, { caller }) => {
        refuseBadToken(caller);
        return clock.now();
      },
      currentSession: (_, __, { caller }) => requireSessionHolder(caller).session,
      sessions: async (_, { first, after, status, userId }, { caller }) => {
        const viewer = requireUser(caller);
        const slice = toSlice(first ?? 50, after);
        const who = viewer.role === 'OWNER' ? userId : viewer.userId;
        const isNobody = (userId != null && !isUuid(userId)) || (userId != null && who !== userId);
        if (isNobody) return toConnection([], slice, () => ({ at: clock.now(), id: '' }), 0);

        const filter: SessionFilter = {
          accountId: viewer.accountId,
          status: status ?? 'ACTIVE',
          userId: who ?? undefined,
        };
        const now = clock.now();
        const sessions = await listSessions(database.em(), filter, slice, now);
        return toConnection(
          sessions,
          slice,
          ({ authenticatedAt, id }) => ({ at: authenticatedAt, id }),
          () => countSessions(database.em(), filter, EXACT_COUNT_LIMIT, now),
        );
      },
      sessionEndings: (_, { hours }, { caller }) => {
        const { accountId } = requireOwner(caller);
        const ahead = requireForecastHours(hours ?? 12);
        return turns.take(accountId, `endings ${ahead}`, () =>
          forecastEndings(database.em(), accountId, ahead, clock.now()),
        );
      },
    },

    Mutation: {
      refreshSession: async (_, { input }, { client, refreshCookie }) => {
        const fromBody = input?.refreshToken ?? null;
        const token = fromBody ?? refreshCookie.read();
        const audience = grants.requireAudience(input?.audience);
        const requestHash = hashRequestId(input?.requestId ?? null);
        if (token === null) throw new AppError('INVALID_REFRESH_TOKEN', 'No refresh token was presented.');
        const isActivity = input?.userActive ?? true;
        const grant = await renewal.refresh({
          token,
          isActivity,
          requestHash,
          audience,
          ipAddress: client.ipAddress,
        });
        return deliver(grant, fromBody === null ? 'COOKIE' : 'BODY', refreshCookie);
      },
      touchSession: (_, __, { caller }) => renewal.touch(requireSessionHolder(caller)),
      logout: async (_, __, { caller, client, refreshCookie }) => {
        const ended =
          caller.kind === 'user'
            ? await revocation.logout(caller.viewer.session.id, client.ipAddress)
            : await revocation.logoutByRefreshToken(refreshCookie.read(), client.ipAddress);
        refreshCookie.clear();
        return { ended };
      },
      revokeSessions: async (_, { scope }, { caller, client }) => ({
        revokedCount: await revocation.revokeAll(requireOwner(caller), scope, client.ipAddress),
      }),
      revokeSession: async (_, { sessionId }, { caller, client }) => ({
        revokedCount: await revocation.revokeOne(requireUser(caller), sessionId, client.ipAddress),
      }),
      revokeUserSessions: async (_, { userId }, { caller, client }) => ({
        revokedCount: await revocation.revokeUser(requireUser(caller), userId, client.ipAddress),
      }),
    },

    Session: {
      user: (session, _, { loaders }) => loaders.users.load(session.userId),
      expiresAt: (session) => nearerDeadline(session).expiresAt,
      expiryReason: (session) => nearerDeadline(session).reason,
      // An imported session has no snapshot before its one rotation: its limits are what its token left it.
      idleMinutes: ({ idleSeconds, idleExpiresAt, lastActivityAt }) =>
        idleSeconds === null ? minutesBetween(lastActivityAt, idleExpiresAt) : idleSeconds / 60,
      absoluteMinutes: ({ absoluteSeconds, absoluteExpiresAt, authenticatedAt }) =>
        absoluteSeconds === null ? minutesBetween(authenticatedAt, absoluteExpiresAt) : absoluteSeconds / 60,
      idleWarningSeconds: (session) => idleLead(session, warnings),
      absoluteWarningSeconds: (session) => absoluteLead(session, warnings),
      device: (session) => deviceName(session.userAgent),
      isCurrent: (session, _, { caller }) =>
        session.isCurrent ?? (caller.kind === 'user' && caller.viewer.session.id === session.id),
      endedAt: (session) => endOf(session, clock.now())?.endedAt ?? null,
      endReason: (session) => endOf(session, clock.now())?.endReason ?? null,
    },

    AuthPayload: {
      idleExpiresAt: ({ session }) => session.idleExpiresAt,
      absoluteExpiresAt: ({ session }) => session.absoluteExpiresAt,
      session: ({ session }) => ({ ...session, isCurrent: true }),
      user: ({ session }, _, { loaders }) => loaders.users.load(session.userId),
    },
  };
}

const minutesBetween = (from: Date, to: Date): number => Math.ceil((to.getTime() - from.getTime()) / 60_000);

/** Only a hash of the client's `requestId` is kept. @throws BAD_USER_INPUT unless it has 16 to 128 characters */
function hashRequestId(requestId: string | null): Uint8Array | null {
  if (requestId === null) return null;
  if (requestId.length < REQUEST_ID_MIN || requestId.length > REQUEST_ID_MAX) {
    throw badInput('requestId', `requestId has ${REQUEST_ID_MIN} to ${REQUEST_ID_MAX} characters.`, {
      reason: 'OUT_OF_BOUNDS',
      min: REQUEST_ID_MIN,
      max: REQUEST_ID_MAX,
    });
  }
  return createHash('sha256').update(requestId).digest();
}
