import { sql } from 'kysely';
import type { TestApp } from '../harness.ts';

export const DELETE_USER = `mutation ($userId: ID, $externalId: String, $accountId: ID, $accountExternalId: String) {
  deleteUser(userId: $userId, externalId: $externalId, accountId: $accountId, accountExternalId: $accountExternalId) }`;
export const DELETE_ACCOUNT = `mutation ($confirmName: String!) { deleteAccount(confirmName: $confirmName) }`;
export const AUDIT = `{ auditEvents(first: 100) { edges { node {
  action actorName actor { id name email } subject { id name email } resourceType resourceId details ipAddress } } } }`;
export const ACCOUNT_NAME = `{ viewer { account { name } } }`;

/** Every row of every table as text, as someone who reads the database's files would find it. */
async function everyRow(app: Pick<TestApp, 'database'>): Promise<string[]> {
  const db = app.database.em().getKysely();
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(db);
  const rows: string[] = [];
  for (const { name } of tables.rows) {
    const found = await sql<{ text: string }>`
      select ${sql.lit(name)} || ' ' || to_jsonb(t)::text as text from ${sql.table(name)} t`.execute(db);
    rows.push(...found.rows.map(({ text }) => text));
  }
  return rows;
}

/** The rows that hold one of these texts. */
export async function rowsWith(app: Pick<TestApp, 'database'>, texts: readonly string[]): Promise<string[]> {
  const rows = await everyRow(app);
  return rows.filter((row) => texts.some((text) => row.toLowerCase().includes(text.toLowerCase())));
}

/** How many deletions still have personal data to remove. */
export async function pendingErasures(app: Pick<TestApp, 'database'>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pending_erasures`.execute(app.database.em().getKysely());
  return rows[0]!.count;
}
