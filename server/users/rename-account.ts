import { sql } from 'kysely';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { requireName } from '../email.ts';
import { actorOf } from '../rules/caller.ts';
import { lockAccountAsOwner } from '../sessions/lock-as-caller.ts';
import type { AccountView } from './account-reader.ts';
import type { ChangedBy } from './user-administration.ts';

/** Renames the caller's account. The same name again changes nothing. @throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN */
export async function renameAccount(
  { database, audit, clock }: { database: Database; audit: Audit; clock: Clock },
  { viewer, ipAddress }: ChangedBy,
  given: string,
): Promise<AccountView> {
  const name = requireName(given);
  return database.accountTransaction(viewer.accountId, async (em) => {
    const { id, name: before, externalId } = await lockAccountAsOwner(em, viewer, clock);
    if (name === before) return { id, name, externalId };
    await rowsOf(em, sql`update accounts set name = ${name} where id = ${id}`);
    await audit.record(
      em,
      {
        accountId: id,
        action: 'account.renamed',
        actor: actorOf(viewer),
        resource: { type: 'account', id },
        details: { old_name: before, name },
        ipAddress,
      },
      clock.now(),
    );
    return { id, name, externalId };
  });
}
