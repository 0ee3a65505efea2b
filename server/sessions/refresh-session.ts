import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import { createBatches } from '../database/batches.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { AppError } from '../errors.ts';
import type { Metrics, RefreshOutcome } from '../metrics/metrics.ts';
import { createActivityPublisher } from '../events/activity-publisher.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import type { Session } from '../rules/session.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import { decideRefresh, type RefreshDecision } from './refresh-decision.ts';
import { expired, invalidRefreshToken } from './refresh-refusals.ts';
import {
  isAbandoned,
  isTooLate,
  notAfterInDatabase,
  tooLate,
  type RefreshRequest,
} from './refresh-request.ts';
import { createLockedRefresh } from './refresh-under-lock.ts';
import { lockSession } from './touch.sql.ts';
import { rotateTokens, type PresentedToken, type RotationResult } from './rotate.sql.ts';
import type { TokenIssuer, TokenSet } from './token-set.ts';

/** What came of a refresh, and how it is counted. */
type RefreshResult =
  | { outcome: 'rotated' | 'replayed'; tokens: TokenSet }
  | { outcome: Exclude<RefreshOutcome, 'rotated' | 'replayed'>; error: AppError };

export interface SessionRefresh {
  /** @throws INVALID_REFRESH_TOKEN, SESSION_EXPIRED_IDLE, SESSION_EXPIRED_ABSOLUTE */
  refresh(request: RefreshRequest): Promise<TokenSet>;
}

/** A lost race is decided again from the row. More losses in a row than this are not a race. */
const MAX_ATTEMPTS = 10;

/** A request with what its token claims. The times are added when its statement starts. */
interface RotationCall {
  request: RefreshRequest;
  presented: Omit<PresentedToken, 'now' | 'notAfter'>;
}

interface RotationOutcome {
  result: RotationResult | null;
  /** The clock when the statement started. */
  now: Date;
}

type RunStatement = <T>(work: (em: EntityManager) => Promise<T>) => Promise<T>;

/**
 * Refreshes tokens. The fast path (rotate.sql.ts) serves ordinary refreshes; what it leaves over is decided from the row
 * (refresh-decision.ts), and decisions that write are made again under the account's lock (refresh-under-lock.ts).
 */
export function createSessionRefresh(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  tokenIssuer: TokenIssuer;
  refreshTokens: RefreshTokens;
  bounds: PolicyBounds;
  warnings: WarningSettings;
  graceSeconds: number;
  metrics: Metrics;
}): SessionRefresh {
  const { database, bus, clock, tokenIssuer, refreshTokens, graceSeconds, metrics } = dependencies;
  const activityPublisher = createActivityPublisher(dependencies);
  const lockedRefresh = createLockedRefresh(dependencies);

  /** Uses the time at which the statement starts, however long the calls waited for it. */
  async function rotate(
    calls: readonly RotationCall[],
    runStatement: RunStatement,
    options: { skipLocked: boolean },
  ): Promise<RotationOutcome[]> {
    const now = clock.now();
    const presented = calls.map((call) => ({
      ...call.presented,
      now,
      notAfter: notAfterInDatabase(call.request, clock),
    }));
    const results = await database.withTimeout(runStatement((em) => rotateTokens(em, presented, options)));
    return results.map((result) => ({ result, now }));
  }

  /** Under load many refreshes share one statement and one commit. None of them waits for another's row lock. */
  const rotateInBatch = createBatches((calls: readonly RotationCall[]) =>
    rotate(calls, database.statement, { skipLocked: true }),
  );

  /** Rotates one token in its own transaction: waits for the row lock, and writes a pending policy into the row first. */
  async function rotateAlone(call: RotationCall, accountId: string): Promise<RotationOutcome> {
    const inAccountQueue: RunStatement = (work) =>
      database.accountTransaction(accountId, async (em) => {
        await lockSession(em, call.presented.id);
        return work(em);
      });
    const [outcome] = await rotate([call], inAccountQueue, { skipLocked: false });
    return outcome!;
  }

  const publishEnd = (
    { accountId, id }: Session,
    reason: 'ABSOLUTE_TIMEOUT' | 'REFRESH_TOKEN_REUSED',
  ): void => bus.publish({ accountId, kind: 'ENDED', reason, sessionIds: [id] });

  /** @throws INVALID_REFRESH_TOKEN for an ordinary refusal */
  async function attemptRefresh(request: RefreshRequest): Promise<RefreshResult> {
    const presentedAt = clock.now();
    if (isAbandoned(request, presentedAt)) throw tooLate();
    const claims = refreshTokens.read(request.token, presentedAt);
    if (!claims) throw invalidRefreshToken();

    const { isActivity, requestHash, audience } = request;
    const { sessionId: id, generation, userId, jti } = claims;
    const call = { request, presented: { id, generation, userId, jti, isActivity, requestHash } };
    const input = { claims, requestHash, presentedAt, graceSeconds };
    let accountId: string | null = null;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const outcome: RotationOutcome = await (accountId === null
        ? rotateInBatch(call)
        : rotateAlone(call, accountId));
      const { result } = outcome;
      if (result?.before) {
        if (isActivity) activityPublisher.publish(result.before, outcome.now);
        const tokens = tokenIssuer.issue(result.session, result.user.role, audience, outcome.now);
        return { outcome: 'rotated', tokens };
      }

      const now = clock.now();
      if (result?.isLate || isAbandoned(request, now)) throw tooLate();
      const decision = decideRefresh(result?.session ?? null, { ...input, now });
      if (!result) throw invalidRefreshToken();
      const { session, user } = result;
      accountId = session.accountId;
      // A refusal keeps its details, which say how the session ended.
      if (!user.isActive && decision.action !== 'refuse') throw invalidRefreshToken();
      if (decision.action === 'replay')
        return { outcome: 'replayed', tokens: tokenIssuer.issue(session, user.role, audience, now) };
      const refusal = refusalOf(decision);
      if (refusal) return refusal;
      // A concurrent request rotated the token. The next attempt reads the row it left.
      if (decision.action === 'rotate' && session.idleSeconds !== null) continue;

      // Committed before any error is thrown: a throw inside a transaction would roll it back.
      const written = await lockedRefresh.decide(session, request, input);
      switch (written.action) {
        case 'none':
          continue;
        case 'upgraded': {
          if (isActivity) activityPublisher.publish(session, written.now);
          const tokens = tokenIssuer.issue(written.session, user.role, audience, written.now);
          return { outcome: 'rotated', tokens };
        }
        case 'consumed':
          if (written.hasEnded) publishEnd(session, 'ABSOLUTE_TIMEOUT');
          return { outcome: 'expired', error: expired('ABSOLUTE', written.expiredAt) };
        case 'ended-for-reuse': {
          publishEnd(session, 'REFRESH_TOKEN_REUSED');
          const details = { endReason: 'REFRESH_TOKEN_REUSED', endedAt: written.endedAt } as const;
          return { outcome: 'reuse', error: invalidRefreshToken(details) };
        }
        default:
          return written satisfies never;
      }
    }
    throw new AppError('UNAVAILABLE', 'Too many refreshes of this session at once. Try again.');
  }

  return {
    async refresh(request) {
      const result = await attemptRefresh(request).catch((error: unknown): RefreshResult => {
        if (error instanceof AppError && error.code === 'INVALID_REFRESH_TOKEN' && !isTooLate(error))
          return { outcome: 'refused', error };
        // A request that is too late and a failure of the database decide nothing about the token.
        throw error;
      });
      metrics.refresh(result.outcome);
      if ('error' in result) throw result.error;
      return result.tokens;
    },
  };
}

/** The refusal that was decided. Null when the decision needs a write. */
function refusalOf(decision: Exclude<RefreshDecision, { action: 'replay' }>): RefreshResult | null {
  switch (decision.action) {
    case 'refuse-idle':
      return { outcome: 'expired', error: expired('IDLE', decision.expiredAt) };
    case 'refuse': {
      const { endReason, endedAt, isRace } = decision;
      return { outcome: isRace ? 'raced' : 'refused', error: invalidRefreshToken({ endReason, endedAt }) };
    }
    case 'rotate':
    case 'consume':
    case 'end-for-reuse':
      return null;
    default:
      return decision satisfies never;
  }
}
