import { Migration } from '@mikro-orm/migrations';

/**
 * A page of an account's live sessions, latest sign-in first, in one statement. Its settings make the planner read an
 * index in order until the page is full (server/database/index-order.ts); as settings of a function they need neither a
 * transaction nor statements of their own.
 */
export class PageOfLiveSessionsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create function live_sessions_after(
        of_account uuid, of_user uuid, before_at timestamptz, before_id text, at_most integer, moment timestamptz)
      returns setof sessions language plpgsql stable rows 50
      set enable_sort = off set jit = off set max_parallel_workers_per_gather = 0 as $$
      declare
        latest timestamptz := coalesce(before_at, 'infinity');
        latest_id text := coalesce(before_id, '');
      begin
        if of_user is null then
          return query select s.* from live_sessions(moment) s
            where s.account_id = of_account and (s.authenticated_at, s.id) < (latest, latest_id)
            order by s.authenticated_at desc, s.id desc limit at_most;
        else
          return query select s.* from live_sessions(moment) s
            where s.account_id = of_account and s.user_id = of_user and (s.authenticated_at, s.id) < (latest, latest_id)
            order by s.authenticated_at desc, s.id desc limit at_most;
        end if;
      end $$`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop function live_sessions_after`);
  }
}
