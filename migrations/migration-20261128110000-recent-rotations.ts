import { Migration } from '@mikro-orm/migrations';

const INSTANT = 'timestamptz(3)';

/**
 * When the refresh tokens before the parent were replaced, the latest first, so that each old token is judged by its own
 * replacement and not by the latest one (docs/decisions/021-when-a-token-was-replaced.md).
 */
export class RecentRotationsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table sessions add column recent_rotations ${INSTANT}[] not null default '{}'`);

    // A trigger, because nodes of the version before rotate beside this schema and know nothing of the column. Kept are
    // the replacements of the last minute, which is the longest grace, and one before them: whatever is older than that
    // one is older than any grace. At most a hundred, so that a row stays small; more within a grace are no racing tabs.
    this.addSql(`
      create function remember_rotation() returns trigger language plpgsql as $$
      declare
        since timestamptz := new.rotated_at - interval '60 seconds';
        remembered ${INSTANT}[];
      begin
        -- The usual case, without a query.
        if old.rotated_at <= since then
          new.recent_rotations := array[old.rotated_at];
          return new;
        end if;
        remembered := old.rotated_at || old.recent_rotations;
        new.recent_rotations := remembered[1:least(1 + (select count(*) from unnest(remembered) moment where moment > since), 100)];
        return new;
      end $$`);
    // Before the first rotation nothing was replaced: that of generation 0 has no parent.
    this.addSql(`
      create trigger sessions_remember_rotation before update of generation on sessions for each row
      when (old.generation > 0 and new.generation > old.generation) execute function remember_rotation()`);

    this.addSql(`create or replace view sessions_as_they_stand as ${viewOf(', s.recent_rotations')}`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop view sessions_as_they_stand`);
    this.addSql(`create view sessions_as_they_stand as ${viewOf('')}`);
    this.addSql(`drop trigger sessions_remember_rotation on sessions`);
    this.addSql(`drop function remember_rotation()`);
    this.addSql(`alter table sessions drop column recent_rotations`);
  }
}

/** The view of the migration before, with more columns at its end: PostgreSQL takes no other change of a view in use. */
const viewOf = (more: string): string => `
  select s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at, s.idle_seconds, s.absolute_seconds,
    s.idle_expires_at, s.absolute_expires_at, s.generation, s.rotated_at, s.token_expires_at, s.token_idle_seconds,
    s.token_absolute_seconds, s.token_secret, s.refresh_request_hash, s.is_imported, s.ip_address, s.user_agent,
    coalesce(s.ended_at, e.ended_at) as ended_at, coalesce(s.end_reason, e.end_reason) as end_reason,
    s.next_check_at, s.token_hash, s.imported_subject, s.born_after, s.ended_at is not null as is_marked${more}
  from sessions s left join lateral (
    select e.ended_at, e.end_reason from account_endings e
    where s.ended_at is null and e.account_id = s.account_id and e.number > s.born_after
      and e.except_user_id is distinct from s.user_id and e.ended_at < s.idle_expires_at and e.ended_at < s.absolute_expires_at
    order by e.number limit 1) e on true`;
