import { sql } from 'kysely';
import { StartError } from '../start-error.ts';
import { GRANT } from './connect-problem.ts';
import type { EntityManager } from './database.ts';
import { rowsOf } from './rows.ts';

export const madeByNewer = (migrations: readonly string[], why: string, cause?: unknown): StartError =>
  new StartError(
    `DATABASE_URL: a newer Curfew has migrated this database (${migrations.join(', ')}), and this one cannot use it (${why}): start the newer version.`,
    cause,
  );

/** Every table of Curfew's own, in the schema that `search_path` finds first. */
export const TABLES = [
  'account_revocations',
  'accounts',
  'audit_events',
  'event_deliveries',
  'event_signing_keys',
  'event_source_users',
  'event_sources',
  'event_streams',
  'password_links',
  'pending_erasures',
  'policy_applications',
  'received_event_tokens',
  'security_events',
  'service_keys',
  'session_policy_versions',
  'sessions',
  'sign_in_failures',
  'used_oauth_flows',
  'user_identities',
  'users',
] as const;

/**
 * Checks that the tables are there and that the role may use them: without, the server would start and fail at its
 * first sign-in. `newer`: the migrations of a newer Curfew in this database.
 * @throws StartError
 */
export async function requireRights(em: EntityManager, newer: readonly string[]): Promise<void> {
  const rows = await rowsOf(
    em,
    sql<{ name: string; isThere: boolean; missing: string; role: string }>`
    select t.name, to_regclass(quote_ident(t.name)) is not null as "isThere", current_user::text as role,
      coalesce(string_agg(r.name, ', ') filter (where not has_table_privilege(to_regclass(quote_ident(t.name)), r.name)), '') as missing
    from unnest(${[...TABLES]}::text[]) t (name)
    cross join unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) r (name)
    group by t.name order by t.name`,
  );
  const lost = rows.filter(({ isThere }) => !isThere).map(({ name }) => name);
  if (lost.length > 0) {
    const what = `the schema has no ${lost.join(', ')}`;
    throw newer.length > 0
      ? madeByNewer(newer, what)
      : new StartError(
          `DATABASE_URL: the migrations are recorded as applied, and ${what}: correct search_path, or restore the database from a backup.`,
        );
  }
  const denied = rows.filter(({ missing }) => missing !== '');
  if (denied.length === 0) return;
  const what = denied.map(({ name, missing }) => `${missing} on ${name}`).join('; ');
  throw new StartError(`DATABASE_URL: the role ${denied[0]!.role} lacks a right (${what}): ${GRANT}.`);
}
