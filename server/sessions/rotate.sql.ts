import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { listOf, PREPARED, type ListType } from '../database/prepared-statements.ts';
import type { EffectivePolicy } from '../rules/policy.ts';
import { USER_COLUMNS, userColumnsOf, withUser, type SessionWithUser, type UserRow } from './user-row.ts';
import { instant } from '../database/instants.ts';
import {
  at,
  hasPendingRevocation,
  isLive,
  REFRESH_STATE_COLUMNS,
  toSessionWithRefreshState,
  type RefreshStateRow,
} from './session-row.ts';
import { idleAfterActivity, lastActivity, lockSession } from './touch.sql.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import { rowsOf } from '../database/rows.ts';

// The fast path of a refresh: one statement for many tokens, one round trip. It rotates what is plainly good and decides
// nothing about the rest (refresh-decision.ts does).

export interface Rotation {
  id: string;
  /** The generation presented. The statement finds another one when a concurrent refresh won. */
  generation: number;
  requestHash: Uint8Array | null;
  /** False for a background refresh, which leaves the idle deadline where it is. */
  isActivity: boolean;
}

/** A presented token: the rotation it asks for, and what the token claims about its session. */
export interface PresentedToken extends Rotation {
  userId: string;
  jti: string;
  now: Date;
  /** Nothing is rotated later than this, by the database's clock. Null: no such limit. */
  notAfter: Date | null;
}

export interface RotationResult extends SessionWithUser<SessionWithRefreshState> {
  /** The row before the rotation. Null when nothing was rotated; `session` is then the row as it is. */
  before: SessionWithRefreshState | null;
  /** Nothing was rotated because the database's clock is past `notAfter`. */
  isLate: boolean;
}

/** A session's row with its user, locked until the transaction ends. */
export interface LockedSession extends SessionWithUser<SessionWithRefreshState> {
  isLate: boolean;
}

/**
 * Decided by the database, where the rotation happens: a node may be paused between reading its clock and writing, and a
 * statement may wait for a lock (docs/decisions/022-late-requests.md).
 */
const isLate = (notAfter: RawBuilder<unknown>) => sql`coalesce(clock_timestamp() > ${notAfter}, false)`;

/**
 * Rotates the live tokens of live sessions of active users. Returns each session with its user, rotated or not; null for
 * a session that does not exist. Imported sessions are never rotated here. A token presented twice in one call rotates
 * once.
 * @param skipLocked leaves out rows that another transaction has locked, so that one wait does not hold up the batch
 */
export async function rotateTokens(
  em: EntityManager,
  presented: readonly PresentedToken[],
  { skipLocked }: { skipLocked: boolean },
): Promise<(RotationResult | null)[]> {
  const firsts = new Map<string, PresentedToken>();
  for (const each of presented) if (!firsts.has(each.id)) firsts.set(each.id, each);
  const wanted = [...firsts.values()];
  const column = (type: ListType, of: (each: PresentedToken) => unknown) => listOf(type, wanted.map(of));
  const idle = sql`case when locked.is_activity then ${idleAfterActivity(sql`locked.now`)} else s.idle_expires_at end`;
  // The second half reads the rows as of the start of the statement, so the caller tries again after a lost race.
  const rows = await rowsOf(
    em,
    sql<RefreshStateRow & UserRow & { idle_before: string | null; is_late: boolean }>`${PREPARED}
    with presented as (
      select id, generation, user_id, decode(jti, 'hex') as jti, decode(request_hash, 'hex') as request_hash, is_activity, now, not_after
      from unnest(
        ${column('text', ({ id }) => id)},
        ${column('int', ({ generation }) => generation)},
        ${column('text', ({ userId }) => userId)},
        ${column('text', ({ jti }) => Buffer.from(jti, 'base64url').toString('hex'))},
        ${column('text', ({ requestHash }) => requestHash && Buffer.from(requestHash).toString('hex'))},
        ${column('bool', ({ isActivity }) => isActivity)},
        ${column('timestamptz', ({ now }) => now.toISOString())},
        ${column('timestamptz', ({ notAfter }) => notAfter?.toISOString() ?? null)})
        as given (id, generation, user_id, jti, request_hash, is_activity, now, not_after)),
    locked as (
      select s.id, p.request_hash, p.is_activity, p.now, p.not_after, s.idle_expires_at as idle_before,
        ${USER_COLUMNS}
      from presented p join sessions s on s.id = p.id join users u on u.id = s.user_id
      where s.generation = p.generation and ${isLive(sql`p.now`)} and s.idle_seconds is not null
        and s.user_id::text = p.user_id and u.is_active and refresh_jti(s.token_secret, s.generation) = p.jti
      order by s.id for no key update of s ${skipLocked ? sql`skip locked` : sql``}),
    rotated as (
      update sessions s set
        generation = s.generation + 1, rotated_at = locked.now, refresh_request_hash = locked.request_hash,
        last_activity_at = case when locked.is_activity then ${lastActivity(sql`locked.now`)} else s.last_activity_at end,
        idle_expires_at = ${idle}, token_expires_at = ${idle},
        token_idle_seconds = s.idle_seconds, token_absolute_seconds = s.absolute_seconds
      from locked where s.id = locked.id and not ${isLate(sql`locked.not_after`)}
      returning ${REFRESH_STATE_COLUMNS}, ${userColumnsOf('locked')}, locked.idle_before, false as is_late)
    select * from rotated
    union all
    select ${REFRESH_STATE_COLUMNS}, ${USER_COLUMNS}, null, ${isLate(sql`p.not_after`)}
    from presented p join effective_sessions s on s.id = p.id join users u on u.id = s.user_id
    where not exists (select from rotated where rotated.id = p.id)`,
  );

  const found = new Map(rows.map((row) => [row.id, row]));
  return presented.map((each) => {
    const row = found.get(each.id);
    if (!row) return null;
    const { session, user } = withUser(toSessionWithRefreshState(row), row);
    // Other tokens of the same session are tried again on their own, each with its own `notAfter`.
    const isFirst = firsts.get(each.id) === each;
    const isRotated = row.idle_before !== null && isFirst;
    return {
      session,
      user,
      before: isRotated ? { ...session, idleExpiresAt: instant(row.idle_before!) } : null,
      isLate: row.is_late && isFirst,
    };
  });
}

/**
 * Locks a session's row, writes a pending policy into it, and then reads it with its user. Nothing can change it until the transaction ends: the caller
 * holds the account's lock, which keeps out account revocations as well.
 * @param notAfter by the database's clock, like `PresentedToken.notAfter`
 */
export async function lockSessionWithUser(
  em: EntityManager,
  id: string,
  notAfter: Date | null,
): Promise<LockedSession | null> {
  await lockSession(em, id);
  const rows = await rowsOf(
    em,
    sql<RefreshStateRow & UserRow & { is_late: boolean }>`
    select ${REFRESH_STATE_COLUMNS}, ${USER_COLUMNS}, ${isLate(sql`${notAfter}::timestamptz`)} as is_late
    from effective_sessions s join users u on u.id = s.user_id where s.id = ${id}`,
  );
  const [row] = rows;
  return row ? { ...withUser(toSessionWithRefreshState(row), row), isLate: row.is_late } : null;
}

/**
 * The one rotation of an imported session: it takes the account's current policy and both limits count from now.
 * The caller holds the account's lock, so the policy cannot change before the commit.
 */
export async function upgradeImportedSession(
  em: EntityManager,
  rotation: Omit<Rotation, 'isActivity'>,
  policy: EffectivePolicy,
  now: Date,
): Promise<SessionWithRefreshState | null> {
  const idleSeconds = policy.idleMinutes * 60;
  const absoluteSeconds = policy.absoluteMinutes * 60;
  const absolute = sql`${at(now)} + ${absoluteSeconds} * interval '1 second'`;
  const idle = sql`${at(now)} + ${idleSeconds} * interval '1 second'`;
  const rows = await rowsOf(
    em,
    sql<RefreshStateRow>`
    update sessions s set
      generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = ${rotation.requestHash},
      authenticated_at = ${now}, last_activity_at = ${now}, idle_seconds = ${idleSeconds}, absolute_seconds = ${absoluteSeconds},
      idle_expires_at = least(${idle}, ${absolute}), absolute_expires_at = ${absolute},
      token_expires_at = least(${idle}, ${absolute}), token_idle_seconds = ${idleSeconds}, token_absolute_seconds = ${absoluteSeconds},
      next_check_at = least(s.next_check_at, ${idle}, ${absolute})
    where s.id = ${rotation.id} and s.generation = ${rotation.generation} and ${isLive(at(now))}
    returning ${REFRESH_STATE_COLUMNS}`,
  );
  return rows[0] ? toSessionWithRefreshState(rows[0]) : null;
}

/**
 * Consumes the live token of a session past its absolute deadline, also when the row is already stored as ended. The
 * caller holds the account's lock, because this may end the session. False: the row has moved on.
 */
export async function consumeExpiredToken(
  em: EntityManager,
  id: string,
  generation: number,
  now: Date,
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    update sessions s set generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = null,
      ended_at = coalesce(s.ended_at, s.absolute_expires_at), end_reason = coalesce(s.end_reason, 'ABSOLUTE_TIMEOUT')
    where s.id = ${id} and s.generation = ${generation} and (s.ended_at is not null or not ${hasPendingRevocation})
    returning s.id`,
  );
  return rows.length === 1;
}
