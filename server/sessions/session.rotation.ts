import { sql } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import { PREPARED } from '../database/prepared-statements.ts';
import type { EffectivePolicy } from '../policies/policy.ts';
import { toSessionOfUser, type SessionOfUser, type SessionOfUserRow } from './session.reads.ts';
import { at, instant, toSession, type SessionRow } from './session.row.ts';
import { idleAfterActivity, lastActivity } from './session.touches.ts';
import type { Session } from './session.ts';

const one = (rows: SessionRow[]): Session | null => (rows[0] ? toSession(rows[0]) : null);

export interface Rotation {
  id: string;
  /** The generation that was presented; whoever finds another one lost the race. */
  generation: number;
  requestHash: Uint8Array | null;
  /** False: a background renewal, which leaves the idle deadline where it is. */
  isActivity: boolean;
}

/** What the token itself says of the session that it belongs to. */
export interface TokenProof {
  userId: string;
  jti: string;
}

export interface Exchange extends SessionOfUser {
  /** The row as it was before the rotation; null when nothing was rotated, and `session` is as it stands. */
  before: Session | null;
}

/**
 * Exchanges the live token of a live session of an active user for the next one, and returns the session and its user,
 * also when there is nothing to exchange: the one round trip of an ordinary refresh. Imported sessions are left as
 * they are. Null for a session that does not exist.
 */
export async function exchangeToken(
  em: EntityManager,
  rotation: Rotation,
  proof: TokenProof,
  now: Date,
): Promise<Exchange | null> {
  const idle = rotation.isActivity ? idleAfterActivity(at(now)) : sql`s.idle_expires_at`;
  const activity = rotation.isActivity ? lastActivity(at(now)) : sql`s.last_activity_at`;
  // The second half reads the row as it was when the statement began: after a lost race it is asked again.
  const { rows } = await sql<SessionOfUserRow & { idle_before: string; is_rotated: boolean }>`${PREPARED}
    with rotated as (
      update sessions s set
        generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = ${rotation.requestHash},
        last_activity_at = ${activity}, idle_expires_at = ${idle},
        token_expires_at = ${idle}, token_idle_seconds = s.idle_seconds, token_absolute_seconds = s.absolute_seconds
      from users u
      where s.id = ${rotation.id} and s.generation = ${rotation.generation} and session_is_live(s, ${at(now)})
        and s.idle_seconds is not null and s.user_id::text = ${proof.userId} and u.id = s.user_id and u.is_active
        and refresh_jti(s.token_secret, s.generation) = ${Buffer.from(proof.jti, 'base64url')}
      returning s.*, u.name as user_name, u.role as user_role, u.is_active as user_is_active)
    select r.*, s.idle_expires_at as idle_before, true as is_rotated
    from rotated r join sessions s on s.id = r.id
    union all
    select s.*, u.name, u.role, u.is_active, s.idle_expires_at, false
    from sessions s join users u on u.id = s.user_id
    where s.id = ${rotation.id} and not exists (select from rotated)`.execute(em.getKysely());
  const row = rows[0];
  if (!row) return null;
  const found = toSessionOfUser(row);
  const before = row.is_rotated ? { ...found.session, idleExpiresAt: instant(row.idle_before) } : null;
  return { ...found, before };
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
): Promise<Session | null> {
  const idleSeconds = policy.idleMinutes * 60;
  const absoluteSeconds = policy.absoluteMinutes * 60;
  const absolute = sql`${at(now)} + ${absoluteSeconds} * interval '1 second'`;
  const idle = sql`${at(now)} + ${idleSeconds} * interval '1 second'`;
  const { rows } = await sql<SessionRow>`
    update sessions s set
      generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = ${rotation.requestHash},
      authenticated_at = ${now}, last_activity_at = ${now}, idle_seconds = ${idleSeconds}, absolute_seconds = ${absoluteSeconds},
      idle_expires_at = least(${idle}, ${absolute}), absolute_expires_at = ${absolute},
      token_expires_at = least(${idle}, ${absolute}), token_idle_seconds = ${idleSeconds}, token_absolute_seconds = ${absoluteSeconds},
      next_check_at = least(s.next_check_at, ${idle}, ${absolute})
    where s.id = ${rotation.id} and s.generation = ${rotation.generation} and session_is_live(s, ${at(now)})
    returning s.*`.execute(em.getKysely());
  return one(rows);
}

/** Uses up the live token of a session past its absolute deadline, also on a row that is already marked as ended. */
export async function consumeExpired(
  em: EntityManager,
  id: string,
  generation: number,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update sessions s set generation = s.generation + 1, rotated_at = ${now}, refresh_request_hash = null,
      ended_at = coalesce(s.ended_at, s.absolute_expires_at), end_reason = coalesce(s.end_reason, 'ABSOLUTE_TIMEOUT')
    where s.id = ${id} and s.generation = ${generation}
    returning s.id`.execute(em.getKysely());
  return rows.length === 1;
}
