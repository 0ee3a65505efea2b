import { Migration } from '@mikro-orm/migrations';

const INSTANT = 'timestamptz(3)';

/**
 * The end of very many sessions of an account is one row, in effect with its commit, until each of them is marked
 * (docs/decisions/018-ending-many-at-once.md).
 */
export class PendingEndingsMigration extends Migration {
  override async up(): Promise<void> {
    // How many such endings the account has had, and how many of those are wholly marked. A session remembers how many
    // there were at its birth: a time would not do, because clocks tie and an import is born in the past.
    this.addSql(`
      alter table accounts add column endings integer not null default 0,
        add column endings_marked integer not null default 0`);
    this.addSql(`alter table sessions add column born_after integer not null default 0`);
    this.addSql(`
      create table account_endings (
        account_id uuid not null references accounts,
        number integer not null,
        ended_at ${INSTANT} not null,
        end_reason text not null,
        except_user_id uuid references users,
        primary key (account_id, number)
      )`);

    // Reads see a pending end as an end. Of several the first one counts, as nothing is stamped twice.
    this.addSql(`
      create view sessions_as_they_stand as
        select s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at, s.idle_seconds, s.absolute_seconds,
          s.idle_expires_at, s.absolute_expires_at, s.generation, s.rotated_at, s.token_expires_at, s.token_idle_seconds,
          s.token_absolute_seconds, s.token_secret, s.refresh_request_hash, s.is_imported, s.ip_address, s.user_agent,
          coalesce(s.ended_at, e.ended_at) as ended_at, coalesce(s.end_reason, e.end_reason) as end_reason,
          s.next_check_at, s.token_hash, s.imported_subject, s.born_after, s.ended_at is not null as is_marked
        from sessions s left join lateral (
          select e.ended_at, e.end_reason from account_endings e
          where s.ended_at is null and ${ENDS_IT} order by e.number limit 1) e on true`);
    this.addSql(`
      create or replace function live_sessions(moment timestamptz) returns setof sessions language sql stable parallel safe as $$
        select s.* from sessions s
        where session_is_live(s, moment) and not exists (select from account_endings e where ${ENDS_IT})
      $$`);
  }

  override async down(): Promise<void> {
    this.addSql(`
      create or replace function live_sessions(moment timestamptz) returns setof sessions language sql stable parallel safe as $$
        select s.* from sessions s where session_is_live(s, moment)
      $$`);
    this.addSql(`drop view sessions_as_they_stand`);
    this.addSql(`drop table account_endings`);
    this.addSql(`alter table sessions drop column born_after`);
    this.addSql(`alter table accounts drop column endings, drop column endings_marked`);
  }
}

/** Writers hold the same condition (server/sessions/session.row.ts): a scalar function of it would not be inlined. */
const ENDS_IT = `e.account_id = s.account_id and e.number > s.born_after and e.except_user_id is distinct from s.user_id
            and e.ended_at < s.idle_expires_at and e.ended_at < s.absolute_expires_at`;
