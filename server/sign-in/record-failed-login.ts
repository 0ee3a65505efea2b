import { keepUser } from '../accounts/erase.sql.ts';
import type { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { EntityManager } from '../database/database.ts';

/** Writes the audit row of a failed proof of identity for a user. The actor has no id: no one knows who it was. */
export async function recordFailedLogin(
  em: EntityManager,
  audit: Audit,
  user: Pick<User, 'id' | 'accountId' | 'email'>,
  { details = {}, ipAddress }: { details?: Record<string, unknown>; ipAddress: string | null },
  now: Date,
): Promise<void> {
  // Else a deletion could miss this row, which names the e-mail.
  if (!(await keepUser(em, user.id))) return;
  await audit.record(
    em,
    {
      accountId: user.accountId,
      action: 'login.failed',
      actor: { id: null, name: user.email },
      resource: { type: 'user', id: user.id },
      details,
      ipAddress,
    },
    now,
  );
}
