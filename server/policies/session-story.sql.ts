import { sql } from 'kysely';
import { subjectOf } from '../audit/audit-list.sql.ts';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { Session } from '../rules/session.ts';

/** An event of the trail that belongs to the story of a session. */
export interface StoryEvent {
  at: Date;
  action: string;
  actorName: string;
  details: Record<string, unknown>;
}

/** How a session began, as its row has it. */
export interface SessionOrigin {
  isImported: boolean;
  /** Null: not stored. */
  method: string | null;
  /** Of the service key that created it. Null: none did. */
  serviceKeyName: string | null;
}

/**
 * Reads the events of the trail about a session: its sign-in, later authentications, changes of its user's role, and what
 * was recorded at its end. Oldest first. A role may have changed after the end: that says which one it was before.
 */
export async function readStory(
  em: EntityManager,
  session: Session,
  endedAt: Date | null,
): Promise<StoryEvent[]> {
  const event = sql`e.created_at as at, e.id, e.action, e.actor_name as "actorName", e.details`;
  const atEnd = endedAt === null ? sql`false` : sql`e.created_at = ${endedAt}::timestamptz`;
  const rows = await rowsOf(
    em,
    sql<Omit<StoryEvent, 'at'> & { at: string }>`
    select ${event} from audit_events e
    where e.account_id = ${session.accountId} and ${subjectOf} = ${session.userId}::text
      and ((e.resource_type = 'session' and e.resource_id = ${session.id}
          and e.action in ('session.started', 'session.reauthenticated', 'session.ended', 'session.refresh_reuse_detected'))
        or (e.action = 'user.role_changed' and e.created_at > ${session.authenticatedAt}::timestamptz)
        or (e.action in ('user.sessions_revoked', 'user.password_changed', 'user.deactivated', 'user.deleted') and ${atEnd}))
    union all
    select ${event} from audit_events e
    where e.account_id = ${session.accountId} and ${atEnd}
      and e.action in ('account.sessions_revoked_bulk', 'account.session_policy_update', 'account.deleted')
    order by at, id`,
  );
  return rows.map((row) => ({ ...row, at: instant(row.at) }));
}

export async function readOrigin(em: EntityManager, sessionId: string): Promise<SessionOrigin> {
  const [row] = await rowsOf(
    em,
    sql<SessionOrigin>`
    select s.is_imported as "isImported", s.authentication_method as method, k.name as "serviceKeyName"
    from sessions s left join service_keys k on k.id = s.service_key_id where s.id = ${sessionId}`,
  );
  return row ?? { isImported: false, method: null, serviceKeyName: null };
}
