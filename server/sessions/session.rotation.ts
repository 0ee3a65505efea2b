import { sql } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import { listOf, PREPARED, type ListType } from '../database/prepared-statements.ts';
import type { EffectivePolicy } from '../policies/policy.ts';
import { toUser, USER_COLUMNS, type SessionOfUser, type UserOfSessionRow } from './session.reads.ts';
import {
  at,
  instant,
  isEnding,
  isLive,
  RENEWABLE_SESSION_COLUMNS,
  toRenewableSession,
  type RenewableSessionRow,
} from './session.row.ts';
import { idleAfterActivity, lastActivity } from './session.touches.ts';
import type { RenewableSession } from './session.ts';

export interface Rotation {
  id: string;
  /** The generation that was presented; whoever finds another one lost the race. */
  generation: number;
  requestHash: Uint8Array | null;
  /** False: a background renewal, which leaves the idle deadline where it is. */
  isActivity: boolean;
}

/** What is presented: the rotation that is asked for, and what the token itself says of the session that it belongs to. */
export interface Presented extends Rotation {
  userId: string;
  jti: string;
  now: Date;
}

export interface Exchange extends SessionOfUser<RenewableSession> {
  /** The row as it was before the rotation; null when nothing was rotated, and `session` is as it stands. */
  before: RenewableSession | null;
}

/**
 * Exchanges the live tokens of live sessions of active users for the next ones, and returns each session and its user,
 * also where there is nothing to exchange: the one round trip of ordinary refreshes. Imported sessions are left as
 * they are. Null for a session that does not exist. A token that is presented twice is exchanged once.
 * @param skipLocked leaves alone what somebody else holds locked, for an attempt of its own
 */
export async function exchangeTokens(
  em: EntityManager,
  presented: readonly Presented[],
  { skipLocked }: { skipLocked: boolean },
): Promise<(Exchange | null)[]> {
  const firsts = new Map<string, Presented>();
  for (const each of presented) if (!firsts.has(each.id)) firsts.set(each.id, each);
  const wanted = [...firsts.values()];
  const column = (type: ListType, of: (each: Presented) => unknown) => listOf(type, wanted.map(of));
  const idle = sql`case when held.is_activity then ${idleAfterActivity(sql`held.now`)} else s.idle_expires_at end`;
  // The second half reads the rows as they were when the statement began: after a lost race it is asked again.
  const { rows } = await sql<
    RenewableSessionRow & UserOfSessionRow & { idle_before: string | null }
  >`${PREPARED}
    with presented as (
      select id, generation, user_id, decode(jti, 'hex') as jti, decode(request_hash, 'hex') as request_hash, is_activity, now
      from unnest(
        ${column('text', ({ id }) => id)},
        ${column('int', ({ generation }) => generation)},
        ${column('text', ({ userId }) => userId)},
        ${column('text', ({ jti }) => Buffer.from(jti, 'base64url').toString('hex'))},
        ${column('text', ({ requestHash }) => requestHash && Buffer.from(requestHash).toString('hex'))},
        ${column('bool', ({ isActivity }) => isActivity)},
        ${column('timestamptz', ({ now }) => now.toISOString())})
        as given (id, generation, user_id, jti, request_hash, is_activity, now)),
    held as (
      select s.id, p.request_hash, p.is_activity, p.now, s.idle_expires_at as idle_before,
        ${USER_COLUMNS}
      from presented p join sessions s on s.id = p.id join users u on u.id = s.user_id
      where s.generation = p.generation and ${isLive(sql`p.now`)} and s.idle_seconds is not null
        and s.user_id::text = p.user_id and u.is_active and refresh_jti(s.token_secret, s.generation) = p.jti
      order by s.id for no key update of s ${skipLocked ? sql`skip locked` : sql``}),
    rotated as (
      update sessions s set
        generation = s.generation + 1, rotated_at = held.now, refresh_request_hash = held.request_hash,
        last_activity_at = case when held.is_activity then ${lastActivity(sql`held.now`)} else s.last_activity_at end,
        idle_expires_at = ${idle}, token_expires_at = ${idle},
        token_idle_seconds = s.idle_seconds, token_absolute_seconds = s.absolute_seconds
      from held where s.id = held.id
      returning ${RENEWABLE_SESSION_COLUMNS}, held.user_name, held.user_role, held.user_is_active, held.idle_before)
    select * from rotated
    union all
    select ${RENEWABLE_SESSION_COLUMNS}, ${USER_COLUMNS}, null
    from presented p join sessions_as_they_stand s on s.id = p.id join users u on u.id = s.user_id
    where not exists (select from rotated where rotated.id = p.id)`.execute(em.getKysely());

  const found = new Map(rows.map((row) => [row.id, row]));
  return presented.map((each) => {
    const row = found.get(each.id);
    if (!row) return null;
    const session = toRenewableSession(row);
    const isRotated = row.idle_before !== null && firsts.get(each.id) === each;
    return {
      session,
      user: toUser(row),
      before: isRotated ? { ...session, idleExpiresAt: instant(row.idle_before!) } : null,
    };
  });
}

/**
 * The one rotation of an imported session: it takes the account's policy of this moment and counts from it.
 * The caller holds the account's row, so the policy cannot change before this commits.
 */
export async function adoptSession(
  em: EntityManager,
  rotation: Rotation,
  policy: EffectivePolicy,
  now: Date,
): Promise<RenewableSession | null> {
  const idleSeconds = policy.idleMinutes * 60;
  const absoluteSeconds = policy.absoluteMinutes * 60;
  const absolute = sql`${at(now)} + ${absoluteSeconds} * interval '1 second'`;
  const idle = sql`${at(now)} + ${idleSeconds} * interval '1 second'`;
  const { rows } = await sql<RenewableSessionRow>`
    update sessions s set
      generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = ${rotation.requestHash},
      authenticated_at = ${now}, last_activity_at = ${now}, idle_seconds = ${idleSeconds}, absolute_seconds = ${absoluteSeconds},
      idle_expires_at = least(${idle}, ${absolute}), absolute_expires_at = ${absolute},
      token_expires_at = least(${idle}, ${absolute}), token_idle_seconds = ${idleSeconds}, token_absolute_seconds = ${absoluteSeconds},
      next_check_at = least(s.next_check_at, ${idle}, ${absolute})
    where s.id = ${rotation.id} and s.generation = ${rotation.generation} and ${isLive(at(now))}
    returning ${RENEWABLE_SESSION_COLUMNS}`.execute(em.getKysely());
  return rows[0] ? toRenewableSession(rows[0]) : null;
}

/**
 * Uses up the live token of a session past its absolute deadline, also on a row that is already marked as ended. The
 * caller holds the account: this may be the session's end.
 */
export async function consumeExpired(
  em: EntityManager,
  id: string,
  generation: number,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update sessions s set generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = null,
      ended_at = coalesce(s.ended_at, s.absolute_expires_at), end_reason = coalesce(s.end_reason, 'ABSOLUTE_TIMEOUT')
    where s.id = ${id} and s.generation = ${generation} and (s.ended_at is not null or not ${isEnding})
    returning s.id`.execute(em.getKysely());
  return rows.length === 1;
}
