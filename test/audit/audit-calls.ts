import { sql } from 'kysely';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';

// Calls and rows that the tests of the audit trail share.

const PAGE = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node { id action actor { id email } actorName subject { id email } subjectName resourceType resourceId
    details ipAddress createdAt } }`;

export const AUDIT = `query Audit($first: Int, $after: String, $action: String, $actions: [String!], $userId: ID, $from: DateTime,
  $to: DateTime) { auditEvents(first: $first, after: $after, action: $action, actions: $actions, userId: $userId, from: $from,
  to: $to) { ${PAGE} } }`;

export const OWN_ACTIVITY = `query Own($first: Int, $after: String) { ownActivity(first: $first, after: $after) { ${PAGE} } }`;

export const END_ONE = `mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`;
export const END_ALL_OF = `mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }`;

/** Adds events of one kind, a millisecond apart, the latest now. Every tenth has a text that a spreadsheet would run. */
export async function addEvents(
  app: TestApp,
  { accountId, userId, name }: { accountId: string; userId: string; name: string },
  count: number,
): Promise<void> {
  await sql`
    insert into audit_events (id, account_id, action, actor_id, actor_name, resource_type, resource_id, subject_name,
      details, ip_address, created_at, retain_until)
    select gen_random_uuid(), ${accountId}::uuid, 'session.started', ${userId}::uuid,
      case when n % 10 = 0 then '=cmd|''/C calc''!A' || n else ${name}::text end, 'session', gen_random_uuid()::text,
      ${name}::text, '{"app_type": "CONTROL_PANEL"}', '192.0.2.1',
      ${app.clock.now()}::timestamptz - interval '1 millisecond' * n, now() + interval '1 year'
    from generate_series(1, ${count}::int) n`.execute(app.database.em().getKysely());
}

/** The file of an export, with its head. */
export const requestExport = (
  app: TestApp,
  who: SignedIn | null,
  query: string,
  init: RequestInit = {},
): Promise<Response> =>
  fetch(`${app.url}/export/audit?${query}`, {
    ...init,
    headers: { ...(who && { authorization: `Bearer ${who.accessToken}` }), ...init.headers },
  });
