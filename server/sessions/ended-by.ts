import { sql } from 'kysely';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { Session } from '../rules/session.ts';

/** Returns the id of the owner who ended a session of a colleague. Null: no owner did, or their audit row is gone. */
export type EndedBy = (session: Session) => Promise<string | null>;

export function createEndedBy({ database }: { database: Database }): EndedBy {
  const read = createBatchedRead<Session, string>(async (sessions) => {
    const owners = await database.withTimeout(findOwnersWhoEnded(database.em(), sessions));
    return new Map(
      sessions.flatMap((session) => {
        const owner = owners.get(session.id);
        return owner === undefined ? [] : [[session, owner] as const];
      }),
    );
  });
  return async (session) =>
    session.endReason === 'REVOKED_BY_OWNER' && session.endedAt ? read(session) : null;
}

/**
 * A revocation and its audit row have the same time, and an account has an index of its trail by time. The row names
 * the session, its user, or the account where all of it was signed out.
 */
async function findOwnersWhoEnded(
  em: EntityManager,
  sessions: readonly Session[],
): Promise<Map<string, string>> {
  const rows = await rowsOf(
    em,
    sql<{ id: string; actorId: string }>`
    select s.id, e.actor_id as "actorId" from unnest(
      ${sessions.map(({ id }) => id)}::text[],
      ${sessions.map(({ accountId }) => accountId)}::uuid[],
      ${sessions.map(({ userId }) => userId)}::text[],
      ${sessions.map(({ endedAt }) => endedAt!.toISOString())}::timestamptz[]) as s (id, account_id, user_id, ended_at)
    cross join lateral (
      select e.actor_id from audit_events e
      where e.account_id = s.account_id and e.created_at = s.ended_at and e.actor_id is not null
        and ((e.action = 'session.ended' and e.resource_id = s.id)
          or (e.action = 'user.sessions_revoked' and e.resource_id = s.user_id)
          or e.action = 'account.sessions_revoked_bulk')
      limit 1) e`,
  );
  return new Map(rows.map(({ id, actorId }) => [id, actorId]));
}
