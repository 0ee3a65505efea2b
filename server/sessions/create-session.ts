import { sql } from 'kysely';
import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { AppType, Role } from '../generated/schema.ts';
import type { ClientInfo } from '../rules/caller.ts';
import { effectivePolicy, type PolicyBounds } from '../rules/policy.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import type { Authentication } from '../rules/authentication.ts';
import { insertSession } from './insert-session.sql.ts';
import { isNewDeviceOf } from './new-device.sql.ts';
import { cutUserAgent } from './user-agent.ts';

export interface NewSession {
  accountId: string;
  userId: string;
  /** The version of the password that was checked. Null when none was. */
  passwordVersion: number | null;
  appType: AppType;
  authentication: Authentication;
  client: ClientInfo;
  /** Who creates it, when not the user. */
  actor?: AuditEntry['actor'];
  /** Added to the audit row's details. */
  details?: Record<string, unknown>;
  tokenHash?: Uint8Array;
  serviceKeyId?: string;
  endsBy?: Date;
  /** False: its refresh cookies last only until the browser is closed. Absent: true. */
  isPersistent?: boolean;
}

export interface CreatedSession {
  session: SessionWithRefreshState;
  role: Role;
  isNewDevice: boolean;
}

/**
 * Creates a session in the caller's transaction. The account's row is locked for share and the user's for update until
 * the commit, and password version, active flag and policy come from that read. A change of one of them updates those
 * rows first, so no sign-in that saw the old state outlives the change.
 * Null when the password has changed, or the user was deactivated or deleted, since it was checked.
 */
export async function createSession(
  em: EntityManager,
  given: NewSession,
  dependencies: { audit: Audit; bounds: PolicyBounds },
  now: Date,
): Promise<CreatedSession | null> {
  const account = await lockAccountForShare(em, given.accountId);
  const user = account.deletedAt ? null : await stampSignIn(em, given, now);
  if (!user) return null;

  const { ipAddress } = given.client;
  const userAgent = given.client.userAgent === null ? null : cutUserAgent(given.client.userAgent);
  // Under the user's lock: of two sign-ins at once from a new device one is marked.
  const isNewDevice = await isNewDeviceOf(em, given, { ipAddress, userAgent }, now);
  const session = await insertSession(
    em,
    {
      accountId: account.id,
      userId: given.userId,
      appType: given.appType,
      policy: effectivePolicy(account, dependencies.bounds),
      ipAddress,
      userAgent,
      authentication: given.authentication,
      tokenHash: given.tokenHash,
      serviceKeyId: given.serviceKeyId,
      endsBy: given.endsBy,
      isPersistent: given.isPersistent,
      isNewDevice,
    },
    now,
  );
  await dependencies.audit.record(
    em,
    {
      accountId: account.id,
      action: 'session.started',
      actor: given.actor ?? { id: given.userId, name: user.name },
      resource: { type: 'session', id: session.id },
      details: {
        app_type: session.appType,
        idle_seconds: session.idleSeconds,
        absolute_seconds: session.absoluteSeconds,
        ...(given.actor && { user_id: given.userId }),
        ...(isNewDevice && { new_device: true }),
        ...given.details,
      },
      ipAddress,
    },
    now,
  );
  return { session, role: user.role, isNewDevice };
}

/** Locks the user by storing the time of the sign-in, if what was checked before still holds. */
async function stampSignIn(
  em: EntityManager,
  { userId, accountId, passwordVersion }: NewSession,
  now: Date,
): Promise<{ name: string; role: Role } | null> {
  const rows = await rowsOf(
    em,
    sql<{ name: string; role: Role }>`
      update users set last_login_at = ${now}
      where id = ${userId} and account_id = ${accountId} and is_active
        and (${passwordVersion}::int is null or password_version = ${passwordVersion}::int)
      returning name, role`,
  );
  return rows[0] ?? null;
}
