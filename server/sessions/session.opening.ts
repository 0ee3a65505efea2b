import { sql } from 'kysely';
import { shareAccount } from '../accounts/account.lock.ts';
import type { ClientInfo } from '../accounts/caller.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { EntityManager } from '../database/orm.ts';
import type { AppType, Role } from '../generated/schema.ts';
import { effectivePolicy, type PolicyLimits } from '../policies/policy.ts';
import { insertSession } from './session.birth.ts';
import type { RenewableSession } from './session.ts';

export interface Opening {
  accountId: string;
  userId: string;
  /** The version of the password that was checked; null when none was. */
  passwordVersion: number | null;
  appType: AppType;
  client: ClientInfo;
  /** Who opened it, where that is not the user themself. */
  actor?: AuditEntry['actor'];
  /** More for the audit row. */
  details?: Record<string, unknown>;
  tokenHash?: Uint8Array;
  endsBy?: Date;
}

export interface OpenedSession {
  session: RenewableSession;
  role: Role;
}

const USER_AGENT_LENGTH = 500;

/**
 * Opens a session, in the caller's transaction. The account's row is held in share and the user's for update from
 * here to the commit, and password version, standing and policy come from that read: whoever changes one of them
 * updates those rows first, so no sign-in that saw the old state lives on after the change.
 * Null when the password changed, or the user was deactivated, since it was checked.
 */
export async function openSession(
  em: EntityManager,
  opening: Opening,
  dependencies: { audit: Audit; limits: PolicyLimits },
  now: Date,
): Promise<OpenedSession | null> {
  const account = await shareAccount(em, opening.accountId);
  const user = await stampSignIn(em, opening, now);
  if (!user) return null;

  const session = await insertSession(
    em,
    {
      accountId: account.id,
      userId: opening.userId,
      appType: opening.appType,
      policy: effectivePolicy(account, dependencies.limits),
      ipAddress: opening.client.ipAddress,
      userAgent: opening.client.userAgent?.slice(0, USER_AGENT_LENGTH) ?? null,
      tokenHash: opening.tokenHash,
      endsBy: opening.endsBy,
    },
    now,
  );
  await dependencies.audit.record(
    em,
    {
      accountId: account.id,
      action: 'session.started',
      actor: opening.actor ?? { id: opening.userId, name: user.name },
      resource: { type: 'session', id: session.id },
      details: {
        app_type: session.appType,
        idle_seconds: session.idleSeconds,
        absolute_seconds: session.absoluteSeconds,
        ...opening.details,
      },
      ipAddress: opening.client.ipAddress,
    },
    now,
  );
  return { session, role: user.role };
}

/** Locks the user by writing the time of the sign-in, if everything that let them in still holds. */
async function stampSignIn(
  em: EntityManager,
  opening: Opening,
  now: Date,
): Promise<{ name: string; role: Role } | null> {
  const { rows } = await sql<{ name: string; role: Role }>`
    update users set last_login_at = ${now}
    where id = ${opening.userId} and account_id = ${opening.accountId} and is_active
      and (${opening.passwordVersion}::int is null or password_version = ${opening.passwordVersion}::int)
    returning name, role`.execute(em.getKysely());
  return rows[0] ?? null;
}
