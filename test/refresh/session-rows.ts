import { sql } from 'kysely';
import { insertPlanned, planImport } from '../../server/cli/import-sessions.ts';
import type { TestApp } from '../harness.ts';
import type { Person } from '../seed.ts';

/** Short limits for exact expectations: 30 minutes idle, 60 absolute, any policy from one minute up. */
export const LIMITS = {
  SESSION_IDLE_MINUTES_DEFAULT: '30',
  SESSION_IDLE_MINUTES_MIN: '1',
  SESSION_ABSOLUTE_MINUTES_DEFAULT: '60',
  SESSION_ABSOLUTE_MINUTES_MIN: '1',
  SESSION_SWEEP_SECONDS: '1',
};

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

type Rowed = Pick<TestApp, 'database'>;

/** A session's row as JSON, so that two reads compare byte for byte on either driver. */
export async function rowOf({ database }: Rowed, sessionId: string): Promise<Record<string, any>> {
  const { rows } = await sql<{ row: Record<string, any> }>`
    select to_jsonb(s) as row from sessions s where s.id = ${sessionId}`.execute(database.em().getKysely());
  return rows[0]!.row;
}

export const instantOf = (text: string): string => new Date(text).toISOString();

export async function countOf({ database }: Rowed, table: 'sessions' | 'audit_events'): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from ${sql.table(table)}`.execute(database.em().getKysely());
  return rows[0]!.count;
}

/** Actions of the audit rows about one resource, oldest first. */
export async function auditOf({ database }: Rowed, resourceId: string): Promise<string[]> {
  const { rows } = await sql<{ action: string }>`
    select action from audit_events where resource_id = ${resourceId} order by created_at, id`.execute(
    database.em().getKysely(),
  );
  return rows.map(({ action }) => action);
}

/** Advances the clock, a second at a time, until the sweeper has recorded the end. */
export async function sweepUntilEnded(app: TestApp, sessionId: string): Promise<Record<string, any>> {
  for (let turn = 0; turn < 200; turn += 1) {
    const row = await rowOf(app, sessionId);
    if (row.ended_at !== null) return row;
    app.clock.advance(SECOND);
  }
  throw new Error(`The sweeper has not marked session ${sessionId}.`);
}

/** Imports a token like an operator; `subject` is the issuer's name for the user. */
export async function importSession(
  { database, clock }: Pick<TestApp, 'database' | 'clock'>,
  person: Pick<Person, 'id'>,
  jti: string,
  expiresAt: Date,
  subject = person.id,
): Promise<void> {
  const now = clock.now();
  await database.transaction(async (em) => {
    const plan = await planImport(em, [{ jti, subject, issuedAt: now, expiresAt }], now);
    expect(plan.fresh.map(({ user }) => user.id)).toEqual([person.id]);
    await insertPlanned(em, plan);
  });
}
