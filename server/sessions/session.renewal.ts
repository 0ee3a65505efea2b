import { shareAccount } from '../accounts/account.lock.ts';
import type { Viewer } from '../accounts/caller.ts';
import { unauthenticated } from '../accounts/caller.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import { createBatches } from '../database/batches.ts';
import type { Database } from '../database/orm.ts';
import { AppError } from '../errors.ts';
import { createActivityNews } from '../expiry/activity-news.ts';
import type { WarningSettings } from '../expiry/lead.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import { effectivePolicy, type PolicyLimits } from '../policies/policy.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import { endSession } from './session.endings.ts';
import type { Grant, Grants } from './session.grant.ts';
import { findSession, type SessionOfUser } from './session.reads.ts';
import { judgeRefresh } from './session.refresh.ts';
import {
  adoptSession,
  consumeExpired,
  exchangeTokens,
  type Exchange,
  type Presented,
  type Rotation,
} from './session.rotation.ts';
import { touchSession } from './session.touches.ts';
import { endOf, type RenewableSession, type Session } from './session.ts';

export interface RefreshRequest {
  token: string;
  /** False for a background renewal: the idle deadline stays where it is. */
  isActivity: boolean;
  requestHash: Uint8Array | null;
  audience: string;
  ipAddress: string | null;
}

export interface RenewalService {
  /** @throws INVALID_REFRESH_TOKEN, SESSION_EXPIRED_IDLE, SESSION_EXPIRED_ABSOLUTE */
  refresh(request: RefreshRequest): Promise<Grant>;
  /** Records activity. @throws UNAUTHENTICATED when the session is over */
  touch(viewer: Viewer): Promise<Session>;
}

/** Every lost race is decided anew from the row; more losses in a row than this are not a race. */
const ATTEMPTS = 10;

export function createRenewalService(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  grants: Grants;
  refreshTokens: RefreshTokens;
  limits: PolicyLimits;
  warnings: WarningSettings;
  graceSeconds: number;
}): RenewalService {
  const { database, audit, bus, clock, grants, refreshTokens, limits, graceSeconds } = dependencies;
  const activityNews = createActivityNews(dependencies);

  const exchange = (presented: readonly Presented[], options: { skipLocked: boolean }) =>
    database.inTime(database.statement((em) => exchangeTokens(em, presented, options)));

  /** Under load many refreshes share one statement and its commit; nobody in it waits for anybody else's lock. */
  const exchangeTogether = createBatches((presented: readonly Presented[]) =>
    exchange(presented, { skipLocked: true }),
  );

  /** Of its own, and it waits for who holds the row. */
  async function exchangeAlone(presented: Presented): Promise<Exchange | null> {
    const [exchanged] = await exchange([presented], { skipLocked: false });
    return exchanged!;
  }

  const adopt = (
    session: RenewableSession,
    rotation: Rotation,
    now: Date,
  ): Promise<RenewableSession | null> =>
    database.transaction(async (em) => {
      const account = await shareAccount(em, session.accountId);
      return adoptSession(em, rotation, effectivePolicy(account, limits), now);
    });

  const consume = ({ id, accountId, generation }: RenewableSession, now: Date): Promise<boolean> =>
    database.transaction(async (em) => {
      await shareAccount(em, accountId);
      return consumeExpired(em, id, generation, now);
    });

  async function endForReuse(
    { session, user }: SessionOfUser<RenewableSession>,
    request: RefreshRequest,
    now: Date,
  ): Promise<Session | null> {
    const ended = await database.transaction(async (em) => {
      const ended = await endSession(em, session, 'REFRESH_TOKEN_REUSED', now);
      if (!ended) return null;
      await audit.record(
        em,
        {
          accountId: session.accountId,
          action: 'session.refresh_reuse_detected',
          actor: { id: session.userId, name: user.name },
          resource: { type: 'session', id: session.id },
          details: { generation: session.generation },
          ipAddress: request.ipAddress,
        },
        now,
      );
      return ended;
    });
    if (ended) bus.publish({ accountId: ended.accountId, kind: 'ENDED', sessionIds: [ended.id] });
    return ended;
  }

  return {
    async refresh(request) {
      const claims = refreshTokens.read(request.token);
      if (!claims) throw invalidRefreshToken();
      const now = clock.now();

      const { isActivity, requestHash } = request;
      const { sessionId: id, generation, userId, jti } = claims;
      const presented = { id, generation, userId, jti, isActivity, requestHash, now };
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const found = await (attempt === 1 ? exchangeTogether(presented) : exchangeAlone(presented));
        if (found?.before) {
          if (isActivity) activityNews.publish(found.before, now);
          return grants.issue(found.session, found.user.role, request.audience, now);
        }
        const question = { claims, requestHash, now, graceSeconds };
        const decision = judgeRefresh(found?.session ?? null, question);
        if (!found) throw invalidRefreshToken();
        const { session, user } = found;
        // A refusal stays what it is: it tells how the session ended.
        if (!user.isActive && decision.action !== 'refuse') throw invalidRefreshToken();

        switch (decision.action) {
          case 'rotate': {
            // Somebody else was at it in this moment, or it is the one rotation of an imported session.
            if (session.idleSeconds !== null) continue;
            const adopted = await adopt(session, presented, now);
            if (!adopted) continue;
            if (isActivity) activityNews.publish(session, now);
            return grants.issue(adopted, user.role, request.audience, now);
          }
          case 'replay':
            return grants.issue(session, user.role, request.audience, now);
          case 'consume':
            // On its own, so it is committed before the error is thrown.
            if (!(await consume(session, now))) continue;
            bus.publish({ accountId: session.accountId, kind: 'ENDED', sessionIds: [session.id] });
            throw new AppError(
              'SESSION_EXPIRED_ABSOLUTE',
              'The session reached its absolute limit. Sign in again.',
              {
                expiredAt: decision.expiredAt,
              },
            );
          case 'refuse-idle':
            throw new AppError(
              'SESSION_EXPIRED_IDLE',
              'The session ended because it was inactive. Sign in again.',
              {
                expiredAt: decision.expiredAt,
              },
            );
          case 'end-for-reuse': {
            const ended = await endForReuse(found, request, now);
            if (!ended) continue;
            throw invalidRefreshToken({ endReason: 'REFRESH_TOKEN_REUSED', endedAt: now });
          }
          case 'refuse':
            throw invalidRefreshToken({ endReason: decision.endReason, endedAt: decision.endedAt });
          default:
            return decision satisfies never;
        }
      }
      throw new AppError('UNAVAILABLE', 'Too many refreshes of this session at once. Try again.');
    },

    async touch(viewer) {
      const now = clock.now();
      const touched = await database.statement((em) => touchSession(em, viewer.session.id, now));
      if (!touched) {
        const current = await findSession(database.em(), viewer.session.id);
        throw unauthenticated((current && endOf(current, now)) ?? {});
      }
      activityNews.publish(viewer.session, now);
      return touched;
    },
  };
}

const invalidRefreshToken = (details: AppError['details'] = {}): AppError =>
  new AppError('INVALID_REFRESH_TOKEN', 'This refresh token is not valid. Sign in again.', details);
