import { Migration } from '@mikro-orm/migrations';

/**
 * The function of 20261129140000-page-of-live-sessions with its columns by name. With `returns setof sessions` every
 * connection that had used it failed as soon as a later version added a column to that table. The one before stays for
 * nodes that still call it, and is to be dropped by a migration of the version after 0.2.
 */
export class PageOfLiveSessionsByNameMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create function page_of_live_sessions(
        of_account uuid, of_user uuid, before_at timestamptz, before_id text, at_most integer, moment timestamptz)
      returns table (${COLUMNS.map((name) => `${name} ${TYPES[name]}`).join(', ')}) language plpgsql stable rows 50
      set enable_sort = off set jit = off set max_parallel_workers_per_gather = 0 as $$
      #variable_conflict use_column
      declare
        latest timestamptz := coalesce(before_at, 'infinity');
        latest_id text := coalesce(before_id, '');
      begin
        if of_user is null then
          return query select ${SELECTED} from live_sessions(moment) s
            where s.account_id = of_account and (s.authenticated_at, s.id) < (latest, latest_id)
            order by s.authenticated_at desc, s.id desc limit at_most;
        else
          return query select ${SELECTED} from live_sessions(moment) s
            where s.account_id = of_account and s.user_id = of_user and (s.authenticated_at, s.id) < (latest, latest_id)
            order by s.authenticated_at desc, s.id desc limit at_most;
        end if;
      end $$`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop function page_of_live_sessions`);
  }
}

/** Those that a list shows, and the epoch, by which a pending policy counts or does not. */
const TYPES = {
  id: 'text',
  account_id: 'uuid',
  user_id: 'uuid',
  app_type: 'text',
  authenticated_at: 'timestamptz',
  last_activity_at: 'timestamptz',
  idle_seconds: 'integer',
  absolute_seconds: 'integer',
  idle_expires_at: 'timestamptz',
  absolute_expires_at: 'timestamptz',
  ip_address: 'text',
  user_agent: 'text',
  ended_at: 'timestamptz',
  end_reason: 'text',
  revocation_epoch: 'integer',
};
const COLUMNS = Object.keys(TYPES) as (keyof typeof TYPES)[];
const SELECTED = COLUMNS.map((name) => `s.${name}`).join(', ');
