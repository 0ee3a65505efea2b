import { sql } from 'kysely';
import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import { writePendingPolicies } from './policy-application.sql.ts';
import { at, isLive, toSession, type SessionRow } from './session-row.ts';
import type { Session } from '../rules/session.ts';
import { rowsOf } from '../database/rows.ts';

/** Reasons of a revocation. An expiry has its own two reasons. */
export type RevocationReason = Exclude<SessionEndReason, 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT'>;

/**
 * Ends one live session, in a transaction. Null: it had ended already, and keeps its end. The account is locked first, so
 * that the revocation is serialised with account revocations, which count the sessions they end.
 */
export async function revokeSession(
  em: EntityManager,
  { id, accountId }: Pick<Session, 'id' | 'accountId'>,
  reason: RevocationReason,
  now: Date,
): Promise<Session | null> {
  await lockAccountForShare(em, accountId);
  await writePendingPolicies(em, sql`s.id = ${id}`);
  const rows = await rowsOf(
    em,
    sql<SessionRow>`
    update sessions s set ended_at = ${now}, end_reason = ${reason}
    where s.id = ${id} and ${isLive(at(now))}
    returning s.*`,
  );
  return rows[0] ? toSession(rows[0]) : null;
}

/** The live sessions that a revocation of many covers. */
export interface RevocationScope {
  accountId: string;
  userId?: string;
  /** Keeps every session of this user. */
  exceptUserId?: string;
  exceptSessionId?: string;
  /** Only these sessions. */
  sessionIds?: readonly string[];
  /** Keeps the sessions of later sign-ins than this. */
  signedInBy?: Date;
}

const inScope = (scope: RevocationScope) => {
  const conditions = [sql`s.account_id = ${scope.accountId}`];
  if (scope.userId !== undefined) conditions.push(sql`s.user_id = ${scope.userId}`);
  if (scope.exceptUserId !== undefined) conditions.push(sql`s.user_id <> ${scope.exceptUserId}`);
  if (scope.exceptSessionId !== undefined) conditions.push(sql`s.id <> ${scope.exceptSessionId}`);
  if (scope.sessionIds !== undefined) conditions.push(sql`s.id = any(${scope.sessionIds}::text[])`);
  if (scope.signedInBy !== undefined) conditions.push(sql`s.authenticated_at <= ${at(scope.signedInBy)}`);
  return sql.join(conditions, sql` and `);
};

/**
 * Locks every live session in scope, in a transaction that has locked the account, and writes a pending policy into them. All batches lock in id order, so they
 * cannot deadlock.
 */
export async function lockLiveSessions(em: EntityManager, scope: RevocationScope, now: Date): Promise<void> {
  await writePendingPolicies(em, inScope(scope));
  await rowsOf(
    em,
    sql`
    select count(*) from (
      select from sessions s where ${inScope(scope)} and ${isLive(at(now))} order by s.id for no key update) locked`,
  );
}

/**
 * Ends every live session in scope, in a transaction that has locked the account, and returns their ids. Locks the rows
 * in id order, then writes them in storage order: a single statement would read the table in id order twice.
 */
export async function revokeSessions(
  em: EntityManager,
  scope: RevocationScope,
  reason: RevocationReason,
  now: Date,
): Promise<string[]> {
  await lockLiveSessions(em, scope, now);
  const rows = await rowsOf(
    em,
    sql<{ id: string }>`
    update sessions s set ended_at = ${now}, end_reason = ${reason} where ${inScope(scope)} and ${isLive(at(now))} returning s.id`,
  );
  return rows.map(({ id }) => id);
}
