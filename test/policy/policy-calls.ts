import { sql } from 'kysely';
import type { Answer } from '../graphql-client.ts';
import type { DatabaseKind } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/**
 * Access tokens as long as their session, and an authentication as good as ever, so that a test may skip hours without
 * refreshing and without a password.
 */
const LASTING = { ACCESS_TOKEN_TTL_SECONDS: '10000000', SENSITIVE_ACTION_MAX_AGE_SECONDS: '0' };

export const startPolicyApp = (
  database: DatabaseKind,
  env: Record<string, string> = {},
  revocationBatchSize?: number,
): Promise<TestApp> => startApp({ database, revocationBatchSize, env: { ...LASTING, ...env } });

/** Another configuration on the same database and clock, as after a restart with changed variables. */
export const restartWith = (app: TestApp, env: Record<string, string>): Promise<TestApp> =>
  startApp({
    sharedDatabase: {
      url: null,
      open: async () => ({ ...app.database, close: async () => {} }),
      drop: async () => {},
    },
    clock: app.clock,
    env: { ...LASTING, ...env },
  });

const POLICY_FIELDS = `idleMinutes absoluteMinutes effectiveIdleMinutes effectiveAbsoluteMinutes
  idleMinutesMin idleMinutesMax absoluteMinutesMin absoluteMinutesMax preset warningSeconds absoluteWarningSeconds
  version updatedAt updatedBy { id } activeUserCount
  activeUsers { userId name email lastLoginAt sessionCount isViewer }`;

export const READ_POLICY = `{ sessionPolicy { ${POLICY_FIELDS} } }`;
export const SAVE_POLICY = `mutation Save($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { ${POLICY_FIELDS} } } }`;
export const IMPACT = `query Impact($input: UpdateSessionPolicyInput!) { sessionPolicyImpact(input: $input) {
  activeSessions endNow endWithinHour shortened endsViewerSession shortensViewerSession } }`;
export const REVOKE_ALL = `mutation { revokeSessions(scope: ALL) { revokedCount } }`;
export const REVOKE_OTHERS = `mutation { revokeSessions(scope: OTHERS) { revokedCount } }`;

export const readPolicy = async (who: SignedIn): Promise<any> =>
  dataOf(await who.gql(READ_POLICY)).sessionPolicy;

export const trySave = (who: SignedIn, input: Record<string, unknown>): Promise<Answer> =>
  who.gql(SAVE_POLICY, { input });

export const savePolicy = async (who: SignedIn, input: Record<string, unknown>): Promise<any> =>
  dataOf(await trySave(who, input)).updateSessionPolicy.sessionPolicy;

export const applyNow = (who: SignedIn, idleMinutes: number, absoluteMinutes: number): Promise<any> =>
  savePolicy(who, { idleMinutes, absoluteMinutes, apply: 'ACTIVE_SESSIONS' });

export const readImpact = async (who: SignedIn, input: Record<string, unknown>): Promise<any> =>
  dataOf(await who.gql(IMPACT, { input })).sessionPolicyImpact;

export function dataOf(answer: Answer): any {
  if (answer.errors) throw new Error(`Refused: ${JSON.stringify(answer.errors)}`);
  return answer.data;
}

/** A row of `sessions`, its instants as dates. */
export interface SessionRow {
  id: string;
  authenticated_at: Date;
  last_activity_at: Date;
  idle_expires_at: Date;
  absolute_expires_at: Date;
  idle_seconds: number | null;
  absolute_seconds: number | null;
  generation: number;
  ended_at: Date | null;
  end_reason: string | null;
}

const INSTANTS = [
  'authenticated_at',
  'last_activity_at',
  'idle_expires_at',
  'absolute_expires_at',
  'ended_at',
] as const;

/** Reads the rows as stored or, from `effective_sessions`, with what is pending. */
export async function sessionRows(
  app: TestApp,
  accountId: string,
  table: 'sessions' | 'effective_sessions' = 'sessions',
): Promise<SessionRow[]> {
  const { rows } = await sql<any>`
    select id, authenticated_at, last_activity_at, idle_expires_at, absolute_expires_at, idle_seconds, absolute_seconds,
      generation, ended_at, end_reason
    from ${sql.table(table)} where account_id = ${accountId} order by id`.execute(
    app.database.em().getKysely(),
  );
  for (const row of rows) for (const name of INSTANTS) row[name] &&= new Date(row[name]);
  return rows;
}

export const sessionRow = async (app: TestApp, { accountId, sessionId }: RowKey): Promise<SessionRow> =>
  (await sessionRows(app, accountId)).find(({ id }) => id === sessionId)!;

export interface RowKey {
  accountId: string;
  sessionId: string;
}

export async function auditRows(app: TestApp, accountId: string, action: string): Promise<any[]> {
  const { rows } = await sql<any>`
    select actor_id, actor_name, resource_type, resource_id, details, created_at from audit_events
    where account_id = ${accountId} and action = ${action} order by created_at, id`.execute(
    app.database.em().getKysely(),
  );
  return rows;
}

export const POLICY_UPDATE = 'account.session_policy_update';
export const BULK_REVOCATION = 'account.sessions_revoked_bulk';

export async function accountRow(app: TestApp, accountId: string): Promise<any> {
  const { rows } = await sql<any>`
    select idle_minutes, absolute_minutes, policy_version, policy_updated_at, policy_updated_by_id
    from accounts where id = ${accountId}`.execute(app.database.em().getKysely());
  return rows[0];
}
