import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';

// A pending change of an account is a revocation or a policy that is in effect but not yet written into every session.

const PENDING_CHANGES = sql`(
  select account_id, epoch from account_revocations union all select account_id, epoch from policy_applications) pending`;

export async function findAccountsWithPendingChanges(em: EntityManager): Promise<string[]> {
  const rows = await rowsOf(
    em,
    sql<{ account_id: string }>`select distinct account_id from ${PENDING_CHANGES}`,
  );
  return rows.map(({ account_id }) => account_id);
}

/** Names of the pending changes of one account or, with null, of all accounts. */
export async function findPendingChanges(em: EntityManager, accountId: string | null): Promise<string[]> {
  const ofAccount = accountId === null ? sql`` : sql`where account_id = ${accountId}`;
  const rows = await rowsOf(
    em,
    sql<{ name: string }>`select account_id || ' ' || epoch as name from ${PENDING_CHANGES} ${ofAccount}`,
  );
  return rows.map(({ name }) => name);
}
