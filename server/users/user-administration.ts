import type { User } from '../accounts/user.entity.ts';
import { lockAccount } from '../accounts/account-lock.ts';
import type { Account } from '../accounts/account.entity.ts';
import { SYSTEM, type Audit, type AuditAction, type AuditEntry } from '../audit/audit.ts';
import type { Database, EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { lockAccountForSensitiveOperation, type SensitiveOperations } from '../sessions/lock-as-caller.ts';

/**
 * Dependencies of the operations by which owners, and operators at the command line, manage the users of an account.
 * Each operation reads the owner's session and role again under the account's lock.
 */
export interface UserAdministration extends SensitiveOperations {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  publicUrl: string;
}

/** The owner who makes a change, and the address of the request. */
export interface ChangedBy {
  viewer: Viewer;
  ipAddress: string | null;
}

/** An operator who makes a change in an account by a command. The audit trail names the system. */
export interface ChangedByOperator {
  operatorIn: string;
}

/** Returns the account of a change. */
export const accountOf = (by: ChangedBy | ChangedByOperator): string =>
  'operatorIn' in by ? by.operatorIn : by.viewer.accountId;

/** Locks the account for a sensitive change. @throws like `lockAccountForSensitiveOperation` when it is an owner's */
export const lockForChange = (
  em: EntityManager,
  by: ChangedBy | ChangedByOperator,
  sensitive: SensitiveOperations,
): Promise<Account> =>
  'operatorIn' in by
    ? lockAccount(em, by.operatorIn)
    : lockAccountForSensitiveOperation(em, by.viewer, sensitive);

const auditActor = (by: ChangedBy | ChangedByOperator): Pick<AuditEntry, 'actor' | 'ipAddress'> =>
  'operatorIn' in by
    ? { actor: SYSTEM, ipAddress: null }
    : { actor: actorOf(by.viewer), ipAddress: by.ipAddress };

export interface UserWithPasswordLink {
  user: User;
  /** Shown once; only its hash is stored. */
  setPasswordUrl: string;
  accountName: string;
}

export interface UserChange {
  action: AuditAction;
  userId: string;
  details: Record<string, unknown>;
}

/** Writes the audit row of a change to a user. */
export const recordUserChange = (
  audit: Audit,
  em: EntityManager,
  by: ChangedBy | ChangedByOperator,
  change: UserChange,
  now: Date,
): Promise<void> => recordUserChanges(audit, em, by, [change], now);

/** Writes the audit rows of changes to users in one statement. */
export const recordUserChanges = (
  audit: Audit,
  em: EntityManager,
  by: ChangedBy | ChangedByOperator,
  changes: readonly UserChange[],
  now: Date,
): Promise<void> =>
  audit.recordAll(
    em,
    changes.map(({ action, userId, details }) => ({
      accountId: accountOf(by),
      action,
      resource: { type: 'user', id: userId },
      details,
      ...auditActor(by),
    })),
    now,
  );
