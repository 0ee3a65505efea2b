import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { AppType } from '../generated/schema.ts';
import { at, toAppType } from './session-row.ts';

/** The sessions of a user that count. */
export interface UserScope {
  accountId: string;
  userId: string;
  exceptSessionId?: string;
}

const liveInScope = ({ accountId, userId, exceptSessionId }: UserScope, now: Date) => sql`
  live_sessions(${at(now)}) s where s.account_id = ${accountId} and s.user_id = ${userId}
    and s.id is distinct from ${exceptSessionId ?? null}::text`;

/**
 * Counts live sessions up to `limit`, because a user of an application may have very many, and tells whether any session
 * has expired whose row does not say so yet.
 */
export async function countSessionsOf(
  em: EntityManager,
  scope: UserScope,
  limit: number,
  now: Date,
): Promise<{ live: number; hasExpired: boolean }> {
  const rows = await rowsOf(
    em,
    sql<{ live: number; hasExpired: boolean }>`
    select (select count(*)::int from (select from ${liveInScope(scope, now)} limit ${limit}) s) as live,
      exists (
        select from sessions s where s.account_id = ${scope.accountId} and s.user_id = ${scope.userId}
          and s.ended_at is null and not session_is_live(s, ${at(now)})) as "hasExpired"`,
  );
  return rows[0]!;
}

/** A live session as the list of a refusal shows it. */
export interface LiveSession {
  id: string;
  appType: AppType;
  userAgent: string | null;
  lastActivityAt: Date;
}

/** Returns the live sessions, the least recently active first, then the earlier sign-in. */
export async function findLeastActive(
  em: EntityManager,
  scope: UserScope,
  now: Date,
): Promise<LiveSession[]> {
  const rows = await rowsOf(
    em,
    sql<{ id: string; app_type: string; user_agent: string | null; last_activity_at: string }>`
    select s.id, s.app_type, s.user_agent, s.last_activity_at from ${liveInScope(scope, now)}
    order by s.last_activity_at, s.authenticated_at, s.id`,
  );
  return rows.map((row) => ({
    id: row.id,
    appType: toAppType(row.app_type),
    userAgent: row.user_agent,
    lastActivityAt: instant(row.last_activity_at),
  }));
}

/**
 * Locks the sessions of the user that no row calls ended, and the one that the sign-in replaces, before the first of them
 * is written: all batches lock in id order. The latter may be of another account, which is locked as well.
 */
export async function lockOpenSessions(em: EntityManager, scope: UserScope): Promise<void> {
  await rowsOf(
    em,
    sql`
    select count(*) from (
      select from sessions s
      where (s.account_id = ${scope.accountId} and s.user_id = ${scope.userId} and s.ended_at is null)
        or s.id = ${scope.exceptSessionId ?? null}::text
      order by s.id for no key update) locked`,
  );
}
