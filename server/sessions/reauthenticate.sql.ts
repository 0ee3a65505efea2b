import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { Authentication } from '../rules/authentication.ts';
import { limitsInSeconds, type EffectivePolicy } from '../rules/policy.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import {
  at,
  isLive,
  REFRESH_STATE_COLUMNS,
  toSessionWithRefreshState,
  type RefreshStateRow,
} from './session-row.ts';

// A new authentication of the user of a session. The caller has locked the account for share, which keeps the policy and
// the session's end where they are, and the session's row, into which a pending policy has been written.

/** What a new authentication of a person changes beside the times. */
export interface PersonReauthentication {
  /** Of the session's live token. It is replaced. */
  generation: number;
  requestHash: Uint8Array | null;
  authentication: Authentication;
  /**
   * The latest end of a session that is based on this authentication, later than now, in place of the one before. Null:
   * it sets none, and the one before stays.
   */
  endsBy: Date | null;
}

/**
 * Both limits of `policy` count from `now`, up to the cap `endsBy`. A new idle deadline may be earlier than the old one,
 * so the sweep may have to look earlier.
 */
function timesFrom(now: Date, policy: EffectivePolicy, endsBy: RawBuilder<unknown>) {
  const { idleSeconds, absoluteSeconds } = limitsInSeconds(policy);
  const absolute = sql`least(${at(now)} + ${absoluteSeconds} * interval '1 second', ${endsBy})`;
  const idle = sql`least(${at(now)} + ${idleSeconds} * interval '1 second', ${absolute})`;
  return {
    idle,
    idleSeconds,
    absoluteSeconds,
    assignments: sql`authenticated_at = ${now}, last_activity_at = ${now}, idle_seconds = ${idleSeconds},
      absolute_seconds = ${absoluteSeconds}, idle_expires_at = ${idle}, absolute_expires_at = ${absolute},
      next_check_at = least(s.next_check_at, ${idle})`,
  };
}

/** A node of the version before caps the deadline by a provider's `session_expiry` and leaves `ends_by` empty. */
const UNNAMED_CAP = sql`case when s.absolute_expires_at < s.authenticated_at + s.absolute_seconds * interval '1 second'
  then s.absolute_expires_at end`;

/** Writes the new authentication of a person into their live session. Null: the row has moved on. */
export async function writeReauthentication(
  em: EntityManager,
  id: string,
  { generation, requestHash, authentication, endsBy }: PersonReauthentication,
  policy: EffectivePolicy,
  now: Date,
): Promise<SessionWithRefreshState | null> {
  const { method, providerId = null } = authentication;
  const cap = sql`coalesce(${endsBy}::timestamptz, s.ends_by, ${UNNAMED_CAP})`;
  const { idle, idleSeconds, absoluteSeconds, assignments } = timesFrom(now, policy, cap);
  const rows = await rowsOf(
    em,
    sql<RefreshStateRow>`
    update sessions s set ${assignments}, ends_by = ${cap},
      generation = s.generation + 1, reauthenticated_generation = s.generation + 1, rotated_at = ${now},
      refresh_request_hash = ${requestHash}, token_expires_at = ${idle}, token_idle_seconds = ${idleSeconds},
      token_absolute_seconds = ${absoluteSeconds}, authentication_method = ${method},
      authentication_provider = ${providerId}, provider_authenticated_at = null
    where s.id = ${id} and s.generation = ${generation} and ${isLive(at(now))}
    returning ${REFRESH_STATE_COLUMNS}`,
  );
  return rows[0] ? toSessionWithRefreshState(rows[0]) : null;
}

/**
 * Writes that an application has authenticated the user of its session again, and replaces the session's token. Null: the
 * session is over, or its token is another one by now.
 */
export async function writeServiceReauthentication(
  em: EntityManager,
  id: string,
  token: { oldHash: Uint8Array; newHash: Uint8Array },
  policy: EffectivePolicy,
  now: Date,
): Promise<SessionWithRefreshState | null> {
  const { assignments } = timesFrom(now, policy, sql`s.ends_by`);
  const rows = await rowsOf(
    em,
    sql<RefreshStateRow>`
    update sessions s set ${assignments}, token_hash = ${token.newHash}
    where s.id = ${id} and s.token_hash = ${token.oldHash} and ${isLive(at(now))}
    returning ${REFRESH_STATE_COLUMNS}`,
  );
  return rows[0] ? toSessionWithRefreshState(rows[0]) : null;
}
