import { sql } from 'kysely';
import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { Clock } from '../clock.ts';

import type { AppType, Role } from '../generated/schema.ts';
import { limitsOfNewSession, policyOf } from '../rules/account-policy.ts';
import type { ClientInfo } from '../rules/caller.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import type { Authentication } from '../rules/authentication.ts';
import { insertSession } from './insert-session.sql.ts';
import { isNewDeviceOf } from './new-device.sql.ts';
import type { SessionRevoker } from './revoke.ts';
import { requireRoom, type EndedSession } from './session-limit.ts';
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
  /** As `SessionToInsert.providerAuthenticatedAt`. */
  providerAuthenticatedAt?: Date;
  endsBy?: Date;
  /** False: its refresh cookies last only until the browser is closed. Absent: true. */
  isPersistent?: boolean;
  /** The session that it replaces, which is to end in the same transaction. It does not count against the maximum. */
  replacedSessionId?: string;
  /** The sessions that the person has chosen to end under ASK. Absent: no one can be asked. */
  isChosen?: (sessionId: string) => boolean;
}

export interface CreatedSession {
  session: SessionWithRefreshState;
  role: Role;
  isNewDevice: boolean;
  /** Sessions of the user that ended with its creation, because of the account's maximum. */
  ended: readonly EndedSession[];
}

export interface SessionCreation {
  audit: Audit;
  bounds: PolicyBounds;
  revoker: SessionRevoker;
  clock: Clock;
}

/**
 * Creates a session in the caller's transaction. The account's row is locked for share and the user's for update until
 * the commit, and password version, active flag, role and policy come from that read. A change of one of them updates
 * those rows first, so no sign-in that saw the old state outlives the change.
 * Null when the password has changed, or the user was deactivated or deleted, since it was checked.
 * @throws SESSION_LIMIT_REACHED as `requireRoom`; nothing may be committed then
 */
export async function createSession(
  em: EntityManager,
  given: NewSession,
  dependencies: SessionCreation,
  now: Date,
): Promise<CreatedSession | null> {
  const account = await lockAccountForShare(em, given.accountId);
  const user = account.deletedAt ? null : await stampSignIn(em, given, now);
  if (!user) return null;

  const { ipAddress } = given.client;
  const userAgent = given.client.userAgent === null ? null : cutUserAgent(given.client.userAgent);
  const actor = given.actor ?? { id: given.userId, name: user.name };
  const ended = await requireRoom(
    em,
    {
      scope: { accountId: account.id, userId: given.userId, exceptSessionId: given.replacedSessionId },
      policy: policyOf(account),
      isChosen: given.isChosen ?? null,
      by: { actor, ipAddress },
    },
    dependencies,
  );
  // Under the user's lock: of two sign-ins at once from a new device one is marked.
  const isNewDevice = await isNewDeviceOf(em, given, { ipAddress, userAgent }, now);
  const session = await insertSession(
    em,
    {
      accountId: account.id,
      userId: given.userId,
      appType: given.appType,
      policy: limitsOfNewSession(account, { role: user.role, appType: given.appType }, dependencies.bounds),
      ipAddress,
      userAgent,
      authentication: given.authentication,
      tokenHash: given.tokenHash,
      serviceKeyId: given.serviceKeyId,
      providerAuthenticatedAt: given.providerAuthenticatedAt,
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
      actor,
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
  return { session, role: user.role, isNewDevice, ended };
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
