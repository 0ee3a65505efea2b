import { sql } from 'kysely';
import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { AppError } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Role } from '../generated/schema.ts';
import { limitsOfNewSession } from '../rules/account-policy.ts';
import type { Authentication } from '../rules/authentication.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import { endOfSession, type Session, type SessionWithRefreshState } from '../rules/session.ts';
import { belongsTo, type RefreshTokenClaims, type RefreshTokens } from '../tokens/refresh-token.ts';
import {
  decideReauthentication,
  decideWithoutToken,
  type ReauthenticationDecision,
} from './reauthentication-decision.ts';
import { writeReauthentication } from './reauthenticate.sql.ts';
import { recordReauthentication } from './record-reauthentication.ts';
import { expired, invalidRefreshToken } from './refresh-refusals.ts';
import { isAbandoned, tooLate, untilClosesAreRead } from './refresh-request.ts';
import type { SessionRefresh } from './refresh-session.ts';
import { lockSessionWithUser } from './rotate.sql.ts';
import type { SessionReader } from './session-reader.ts';
import type { TokenIssuer, TokenSet } from './token-set.ts';

/** The client's side of a new authentication. */
export interface ReauthenticationRequest {
  audience: string;
  ipAddress: string | null;
  /** True when the client has closed its connection. */
  isGone(): boolean;
}

/** A genuine refresh token of the session. */
export interface PresentedRefreshToken {
  text: string;
  claims: RefreshTokenClaims;
  /** When it was presented. The grace counts to here: checking a password takes its time. */
  at: Date;
}

/** Good proof that the user of a session is there. */
export interface ReauthenticationProof {
  authentication: Authentication;
  /** The version of the password that was checked. Null: none was. */
  passwordVersion: number | null;
  /** As `PersonReauthentication.endsBy`. */
  endsBy: Date | null;
  /** By `hashReauthenticationId`. */
  requestHash: Uint8Array | null;
}

/** Gives a session a new authentication of its user. It keeps its id. */
export interface SessionReauthentication {
  /** Null: this is no genuine refresh token of that session. */
  findToken(token: string | null, sessionId: string): Promise<PresentedRefreshToken | null>;
  /**
   * The same for a caller who has to present one.
   * @throws INVALID_REFRESH_TOKEN without one of this session; as a refresh with it when the session is over
   */
  requireToken(
    token: string | null,
    sessionId: string,
    request: ReauthenticationRequest,
  ): Promise<PresentedRefreshToken>;
  /** Refuses as a refresh if the token is one of this session, which has ended. Does nothing for another token. */
  refuseEnded(token: string | null, sessionId: string, request: ReauthenticationRequest): Promise<void>;
  /**
   * Starts both deadlines again under the account's policy of this moment, replaces the refresh token and tells every
   * subscriber. Null: the password has changed, or the user was deactivated, since the proof was checked.
   * @param presented null: the client presents none, and the session's live token is replaced
   * @throws as a refresh with the presented token when it cannot be replaced or the session is over
   */
  reauthenticate(
    session: Pick<Session, 'id' | 'accountId' | 'userId'>,
    presented: PresentedRefreshToken | null,
    proof: ReauthenticationProof,
    request: ReauthenticationRequest,
  ): Promise<TokenSet | null>;
}

type Refusal = Exclude<ReauthenticationDecision, { action: 'authenticate' | 'repeat' }>;

/** What came of it under the locks. */
type Outcome =
  | { kind: 'written' | 'repeated'; session: SessionWithRefreshState; role: Role; now: Date }
  | { kind: 'proof outdated' }
  | { kind: 'refused'; decision: Refusal };

export function createSessionReauthentication(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  sessionReader: SessionReader;
  refreshTokens: RefreshTokens;
  sessionRefresh: SessionRefresh;
  tokenIssuer: TokenIssuer;
  bounds: PolicyBounds;
  graceSeconds: number;
}): SessionReauthentication {
  const { database, audit, bus, clock, sessionReader, refreshTokens, sessionRefresh, tokenIssuer } =
    dependencies;
  const { bounds, graceSeconds } = dependencies;

  /** The refusal of a refresh with this token, which may consume it, or end the session for its reuse. */
  async function refuseAsRefresh(
    { text: token }: PresentedRefreshToken,
    request: ReauthenticationRequest,
  ): Promise<never> {
    await sessionRefresh.refresh({
      token,
      isActivity: false,
      requestHash: null,
      notAfter: null,
      ...request,
    });
    throw new AppError('UNAVAILABLE', 'The session changed at this moment. Try again.');
  }

  /** In the order of locks of all others: account, user, session. By the clock read after them. */
  async function decideUnderLock(
    em: EntityManager,
    { id, accountId, userId }: Pick<Session, 'id' | 'accountId' | 'userId'>,
    presented: PresentedRefreshToken | null,
    proof: ReauthenticationProof,
    { ipAddress, isGone }: ReauthenticationRequest,
  ): Promise<Outcome> {
    const account = await lockAccountForShare(em, accountId);
    const user = await lockUser(em, userId);
    const locked = await lockSessionWithUser(em, id, null);
    const now = clock.now();
    if (isAbandoned({ notAfter: null, isGone }, now)) throw tooLate();
    if (!user || !locked) return { kind: 'refused', decision: { action: 'refuse' } };

    const { session } = locked;
    const { role } = locked.user;
    const { requestHash, passwordVersion } = proof;
    const decision = presented
      ? decideReauthentication(session, {
          claims: presented.claims,
          presentedAt: presented.at,
          requestHash,
          now,
          graceSeconds,
        })
      : decideWithoutToken(session, now);
    if (decision.action !== 'authenticate' && decision.action !== 'repeat')
      return { kind: 'refused', decision };
    const isPasswordCurrent = passwordVersion === null || passwordVersion === user.passwordVersion;
    if (!user.isActive || !isPasswordCurrent) return { kind: 'proof outdated' };
    if (decision.action === 'repeat') return { kind: 'repeated', session, role, now };

    const change = { ...proof, generation: session.generation };
    const policy = limitsOfNewSession(account, { role, appType: session.appType }, bounds);
    const written = await writeReauthentication(em, id, change, policy, now);
    if (!written) throw new Error(`Session ${id} changed under its lock.`);
    const { providerId: provider } = proof.authentication;
    const actor = { id: userId, name: user.name };
    await recordReauthentication(
      em,
      audit,
      written,
      { actor, details: { ...(provider !== undefined && { provider }) }, ipAddress },
      now,
    );
    return { kind: 'written', session: written, role, now };
  }

  /** Null: no genuine refresh token of that session. */
  async function find(
    text: string | null,
    sessionId: string,
  ): Promise<{ presented: PresentedRefreshToken; session: Session } | null> {
    const at = clock.now();
    const claims = text === null ? null : refreshTokens.read(text, at);
    if (text === null || claims?.sessionId !== sessionId) return null;
    const found = await sessionReader.findWithRefreshState(sessionId);
    if (!found || !belongsTo(claims, found.session)) return null;
    return { presented: { text, claims, at }, session: found.session };
  }

  return {
    findToken: async (text, sessionId) => (await find(text, sessionId))?.presented ?? null,

    async requireToken(text, sessionId, request) {
      const found = await find(text, sessionId);
      if (!found) throw invalidRefreshToken();
      if (endOfSession(found.session, clock.now())) await refuseAsRefresh(found.presented, request);
      return found.presented;
    },

    async refuseEnded(text, sessionId, request) {
      const found = await find(text, sessionId);
      if (found) await refuseAsRefresh(found.presented, request);
    },

    async reauthenticate(session, presented, proof, request) {
      await untilClosesAreRead();
      const { accountId, id } = session;
      const outcome = await database.accountTransaction(accountId, (em) =>
        decideUnderLock(em, session, presented, proof, request),
      );
      switch (outcome.kind) {
        case 'proof outdated':
          return null;
        case 'refused': {
          const { decision } = outcome;
          // Decided for the moment at which the token was presented, and without a write.
          if (decision.action === 'refuse') throw refusedFor(decision);
          if (!presented) throw expiredFor(decision);
          return refuseAsRefresh(presented, request);
        }
        case 'written':
          bus.publish({ accountId, kind: 'EXTENDED', sessionIds: [id] });
          break;
        case 'repeated':
          break;
        default:
          return outcome satisfies never;
      }
      return tokenIssuer.issue(outcome.session, outcome.role, request.audience, outcome.now);
    },
  };
}

interface LockedUser {
  name: string;
  isActive: boolean;
  passwordVersion: number;
}

/** Locks the user against changes of their password and state. Null: no such user. */
async function lockUser(em: EntityManager, userId: string): Promise<LockedUser | null> {
  const rows = await rowsOf(
    em,
    sql<LockedUser>`
    select name, is_active as "isActive", password_version as "passwordVersion" from users
    where id = ${userId} for no key update`,
  );
  return rows[0] ?? null;
}

const refusedFor = ({ endReason, endedAt }: Extract<Refusal, { action: 'refuse' }>): AppError =>
  invalidRefreshToken({ endReason, endedAt });

/** Without a token nothing is consumed, and nothing was reused. */
const expiredFor = (decision: Exclude<Refusal, { action: 'refuse' }>): AppError =>
  decision.action === 'end-for-reuse'
    ? invalidRefreshToken()
    : expired(decision.action === 'consume' ? 'ABSOLUTE' : 'IDLE', decision.expiredAt);
