import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import type { Connection, Slice } from '../pagination.ts';
import { AuditEvent } from './audit.entity.ts';
import { rowsOf } from '../database/rows.ts';

export type AuditAction =
  | 'account.created'
  | 'account.deleted'
  | 'account.renamed'
  | 'account.session_policy_update'
  | 'account.sessions_revoked_bulk'
  | 'session.started'
  | 'session.ended'
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
  | 'service_key.revoked';

export interface AuditEntry {
  accountId: string;
  action: AuditAction;
  /** `id` null: a service key, the system, or an unauthenticated caller. */
  actor: { id: string | null; name: string };
  resource: { type: 'account' | 'user' | 'session' | 'service_key'; id: string };
  details: Record<string, unknown>;
  ipAddress: string | null;
}

export const SYSTEM = { id: null, name: 'system' } as const;

const SECONDS_PER_DAY = 86_400;

export interface Audit {
  /** Writes the row in the caller's transaction, so that the change and its row are committed together or not at all. */
  record(em: EntityManager, entry: AuditEntry, now: Date): Promise<void>;
}

export function createAudit(options: { retentionDays: number }): Audit {
  return {
    async record(em, { accountId, action, actor, resource, details, ipAddress }, now) {
      const retainUntil = addSeconds(now, options.retentionDays * SECONDS_PER_DAY);
      await em.insert(AuditEvent, {
        id: randomUUID(),
        accountId,
        action,
        actorId: actor.id,
        actorName: actor.name,
        resourceType: resource.type,
        resourceId: resource.id,
        details,
        ipAddress,
        createdAt: now,
        retainUntil,
      });
    },
  };
}

/** Lists a page of the account's audit trail, newest first, with one extra row when there is a next page. */
export async function listAuditEvents(
  em: EntityManager,
  filter: { accountId: string; action: string | null },
  { first, after }: Slice,
): Promise<AuditEvent[]> {
  return em.find(
    AuditEvent,
    {
      accountId: filter.accountId,
      ...(filter.action === null ? {} : { action: filter.action }),
      // The first condition bounds the index scan; the second one decides among rows of the same moment.
      ...(after
        ? {
            createdAt: { $lte: after.at },
            $or: [{ createdAt: { $lt: after.at } }, { id: { $lt: after.id } }],
          }
        : {}),
    },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: first + 1 },
  );
}

/** Counts the events of a filter, up to `limit`. */
export async function countAuditEvents(
  em: EntityManager,
  filter: { accountId: string; action: string | null },
  limit: number,
): Promise<number> {
  const byAction = filter.action === null ? sql`true` : sql`action = ${filter.action}`;
  const rows = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count from (
      select 1 from audit_events where account_id = ${filter.accountId} and ${byAction}
      order by created_at desc, id desc limit ${limit}) e`,
  );
  return rows[0]!.count;
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

export type AuditPage = Connection<AuditEvent>;
