import { sql, type RawBuilder } from 'kysely';
import { randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';

export type AuditAction =
  | 'account.created'
  | 'account.deleted'
  | 'account.renamed'
  | 'account.session_policy_update'
  | 'account.sessions_revoked_bulk'
  | 'session.started'
  | 'session.ended'
  | 'session.reauthenticated'
  | 'session.refresh_reuse_detected'
  | 'user.sessions_revoked'
  | 'login.failed'
  | 'user.invited'
  | 'user.role_changed'
  | 'user.renamed'
  | 'user.deactivated'
  | 'user.reactivated'
  | 'user.deleted'
  | 'user.password_reset_requested'
  | 'user.password_link_requested'
  | 'user.password_changed'
  | 'user.created'
  | 'user.identity_linked'
  | 'service_key.created'
  | 'service_key.revoked'
  | 'event_source.created'
  | 'event_source.deleted'
  | 'event_stream.created'
  | 'event_stream.updated'
  | 'event_stream.deleted'
  | 'event_stream.secret_rotated'
  | 'export.created';

export interface AuditEntry {
  accountId: string;
  action: AuditAction;
  /** `id` null: a service key, the system, or an unauthenticated caller. */
  actor: { id: string | null; name: string };
  resource: {
    type: 'account' | 'user' | 'session' | 'service_key' | 'event_source' | 'event_stream';
    id: string;
  };
  details: Record<string, unknown>;
  ipAddress: string | null;
}

export const SYSTEM = { id: null, name: 'system' } as const;

const SECONDS_PER_DAY = 86_400;

export interface Audit {
  /**
   * Writes the row in the caller's transaction, so that the change and its row are committed together or not at all. The
   * row also says whom it was done to: the name that the user's row has by then.
   */
  record(em: EntityManager, entry: AuditEntry, now: Date): Promise<void>;
  /** The same for many rows, in few statements. */
  recordAll(em: EntityManager, entries: readonly AuditEntry[], now: Date): Promise<void>;
}

/** Rows of one statement. */
const BATCH_SIZE = 500;

export function createAudit(options: { retentionDays: number }): Audit {
  const rowOf = (entry: AuditEntry, now: Date): RawBuilder<unknown> => {
    const { accountId, action, actor, resource, details, ipAddress } = entry;
    const retainUntil = addSeconds(now, options.retentionDays * SECONDS_PER_DAY);
    return sql`(${randomUUID()}, ${accountId}, ${action}, ${actor.id}, ${actor.name}, ${resource.type}, ${resource.id},
      ${subjectNameOf(entry)}, ${JSON.stringify(details)}::jsonb, ${ipAddress}, ${now}, ${retainUntil})`;
  };

  async function recordAll(em: EntityManager, entries: readonly AuditEntry[], now: Date): Promise<void> {
    for (let start = 0; start < entries.length; start += BATCH_SIZE) {
      const rows = entries.slice(start, start + BATCH_SIZE).map((entry) => rowOf(entry, now));
      await rowsOf(
        em,
        sql`
        insert into audit_events (id, account_id, action, actor_id, actor_name, resource_type, resource_id,
          subject_name, details, ip_address, created_at, retain_until)
        values ${sql.join(rows)}`,
      );
    }
  }

  return { record: (em, entry, now) => recordAll(em, [entry], now), recordAll };
}

function subjectNameOf(entry: AuditEntry): RawBuilder<unknown> {
  const subjectId = subjectIdOf(entry);
  if (subjectId === null) return sql`null`;
  if (subjectId === entry.actor.id) return sql`${entry.actor.name}`;
  return sql`(select u.name from users u where u.id = ${subjectId}::uuid)`;
}

/** As the database finds the subject of a row (migrations/*-audit-subjects.ts). */
function subjectIdOf({ resource, details, actor }: AuditEntry): string | null {
  switch (resource.type) {
    case 'user':
      return resource.id;
    case 'session':
      return typeof details.user_id === 'string' ? details.user_id : actor.id;
    default:
      return null;
  }
}

/** Deletes a batch of rows past their retention and returns their number. The table's trigger rejects all others. */
export async function purgeAuditEvents(em: EntityManager, now: Date, limit: number): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    delete from audit_events where id in (select id from audit_events where retain_until <= ${now} order by retain_until limit ${limit})
    returning id`,
  );
  return rows.length;
}
