import { Migration } from '@mikro-orm/migrations';

/**
 * The page of live sessions survives a migration that adds a column to `sessions`. PL/pgSQL keeps the columns that `s.*`
 * had at its first call of a connection, unless the statement names the table itself: `live_sessions` hides it. Nodes of
 * the version before take the new function at once.
 */
export class PageFollowsColumnsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(page(`and not exists (select from sessions where false)`));
  }

  override async down(): Promise<void> {
    this.addSql(page(''));
  }
}

/** The planner removes `condition` again. */
const page = (condition: string): string => `
  create or replace function live_sessions_after(
    of_account uuid, of_user uuid, before_at timestamptz, before_id text, at_most integer, moment timestamptz)
  returns setof sessions language plpgsql stable rows 50
  set enable_sort = off set jit = off set max_parallel_workers_per_gather = 0 as $$
  declare
    latest timestamptz := coalesce(before_at, 'infinity');
    latest_id text := coalesce(before_id, '');
  begin
    if of_user is null then
      return query select s.* from live_sessions(moment) s
        where s.account_id = of_account and (s.authenticated_at, s.id) < (latest, latest_id) ${condition}
        order by s.authenticated_at desc, s.id desc limit at_most;
    else
      return query select s.* from live_sessions(moment) s
        where s.account_id = of_account and s.user_id = of_user and (s.authenticated_at, s.id) < (latest, latest_id) ${condition}
        order by s.authenticated_at desc, s.id desc limit at_most;
    end if;
  end $$`;
