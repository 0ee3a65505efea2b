import { sql, type RawBuilder } from 'kysely';
import { DELETED_USER_NAME } from '../accounts/deleted.ts';
import { subjectOf } from '../audit/audit-list.sql.ts';
import { SYSTEM } from '../audit/audit.ts';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { Session } from '../rules/session.ts';

/** Who did something. */
export type StoryActor =
  /** Null: a name that the reader may not see. */
  | { kind: 'PERSON'; id: string; name: string | null }
  /** A service key, or a source of security events. */
  | { kind: 'APPLICATION'; name: string }
  /** Curfew itself, or its operator's command. */
  | { kind: 'SYSTEM' };

/** An event of the trail that belongs to the story of a session. */
export interface StoryEvent {
  at: Date;
  action: string;
  actor: StoryActor;
  details: Record<string, unknown>;
}

/** How a session began, as its row has it. */
export interface SessionOrigin {
  isImported: boolean;
  /** Whether a trusted back end created it. */
  isOfService: boolean;
  /** Null: not stored. */
  method: string | null;
  /** Of the service key that created it. Null: none did, or it was not stored. */
  serviceKeyName: string | null;
}

interface StoryRow {
  at: string;
  action: string;
  actor_id: string | null;
  actor_name: string;
  details: Record<string, unknown>;
}

/**
 * Reads the events of the trail about a session: its sign-in, later authentications, changes of its user's role, and what
 * was recorded at its end. Oldest first. A role may have changed after the end: that says which one it was before.
 *
 * Each part reads a bounded piece of an index, however long the trail is: the sign-in is the latest one up to the
 * authentication, and an end was recorded in its millisecond. The names of deleted users are left out at once, not only when
 * the trail has been erased.
 */
export async function readStory(
  em: EntityManager,
  session: Session,
  endedAt: Date | null,
): Promise<StoryEvent[]> {
  const authenticatedAt = sql`${session.authenticatedAt}::timestamptz`;
  const ofUser = sql`e.account_id = ${session.accountId} and ${subjectOf} = ${session.userId}::text`;
  const ofSession = sql`${ofUser} and e.resource_type = 'session' and e.resource_id = ${session.id}`;
  const startedAt = sql`coalesce((select s.created_at from started s), ${authenticatedAt})`;
  const parts = [
    sql`select * from started`,
    // A sign-in of that moment was the only authentication.
    select(sql`${ofSession} and e.action = 'session.reauthenticated'
      and e.created_at >= ${startedAt} and e.created_at <= ${authenticatedAt}`),
    select(sql`${ofUser} and e.action = 'user.role_changed' and e.created_at > ${startedAt}`),
  ];
  if (endedAt !== null) {
    const atEnd = sql`e.created_at = ${endedAt}::timestamptz`;
    parts.push(
      select(
        sql`${ofSession} and ${atEnd} and e.action in ('session.ended', 'session.refresh_reuse_detected')`,
      ),
      select(sql`${ofUser} and ${atEnd}
        and e.action in ('user.sessions_revoked', 'user.password_changed', 'user.deactivated', 'user.deleted')`),
      select(sql`e.account_id = ${session.accountId} and ${atEnd}
        and e.action in ('account.sessions_revoked_bulk', 'account.session_policy_update', 'account.deleted')`),
    );
  }
  const rows = await rowsOf(
    em,
    sql<StoryRow>`
    with started as (
      ${select(sql`${ofSession} and e.action = 'session.started' and e.created_at <= ${authenticatedAt}`)}
      order by e.created_at desc, e.id desc limit 1),
    story as (${sql.join(parts, sql` union all `)})
    select e.created_at as at, e.action, e.actor_id, e.details,
      case when u.deleted_at is not null then ${DELETED_USER_NAME} else e.actor_name end as actor_name
    from story e left join users u on u.id = e.actor_id
    order by e.created_at, e.id`,
  );
  return rows.map((row) => ({
    at: instant(row.at),
    action: row.action,
    actor: toActor(row),
    details: row.details,
  }));
}

const select = (condition: RawBuilder<unknown>) =>
  sql`select e.id, e.created_at, e.action, e.actor_id, e.actor_name, e.details from audit_events e where ${condition}`;

function toActor({ actor_id: id, actor_name: name }: StoryRow): StoryActor {
  if (id !== null) return { kind: 'PERSON', id, name };
  return name === SYSTEM.name ? { kind: 'SYSTEM' } : { kind: 'APPLICATION', name };
}

export async function readOrigin(em: EntityManager, sessionId: string): Promise<SessionOrigin> {
  const [row] = await rowsOf(
    em,
    sql<SessionOrigin>`
    select s.is_imported as "isImported", s.token_hash is not null as "isOfService", s.authentication_method as method,
      k.name as "serviceKeyName"
    from sessions s left join service_keys k on k.id = s.service_key_id where s.id = ${sessionId}`,
  );
  return row ?? { isImported: false, isOfService: false, method: null, serviceKeyName: null };
}
