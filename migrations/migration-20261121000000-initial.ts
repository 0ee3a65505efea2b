import { Migration } from '@mikro-orm/migrations';

const INSTANT = 'timestamptz(3)';

/** Accounts, users, one-time password links, sessions and the audit trail. */
export class InitialMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table accounts (
        id uuid primary key,
        name text not null,
        idle_minutes integer,
        absolute_minutes integer,
        policy_version integer not null default 0,
        policy_updated_at ${INSTANT},
        policy_updated_by_id uuid,
        created_at ${INSTANT} not null,
        constraint accounts_idle_within_absolute check (idle_minutes <= absolute_minutes)
      )`);
    this.addSql(`
      create table users (
        id uuid primary key,
        account_id uuid not null references accounts,
        name text not null,
        email text not null,
        sign_in_email text unique,
        role text not null check (role in ('OWNER', 'MEMBER')),
        is_active boolean not null default true,
        password_hash text,
        password_version integer not null default 0,
        last_login_at ${INSTANT},
        created_at ${INSTANT} not null
      )`);
    this.addSql(`create index users_account on users (account_id)`);
    this.addSql(
      `alter table accounts add constraint accounts_policy_updated_by_fk foreign key (policy_updated_by_id) references users`,
    );
    this.addSql(`
      create table password_links (
        id uuid primary key,
        user_id uuid not null references users,
        token_hash bytea not null unique,
        created_at ${INSTANT} not null,
        expires_at ${INSTANT} not null,
        used_at ${INSTANT}
      )`);
    this.addSql(`create index password_links_user on password_links (user_id)`);

    // Neither deadline nor activity is indexed and pages keep room: a touch or a rotation stays a HOT update.
    // The id is text because an imported session keeps the jti of its token, and a jti is any string (RFC 7519 4.1.7).
    this.addSql(`
      create table sessions (
        id text collate "C" primary key check (length(id) between 1 and 200),
        account_id uuid not null references accounts,
        user_id uuid not null references users,
        app_type text not null check (app_type in ('CONTROL_PANEL', 'TENANT_APP')),
        authenticated_at ${INSTANT} not null,
        last_activity_at ${INSTANT} not null,
        idle_seconds integer,
        absolute_seconds integer,
        idle_expires_at ${INSTANT} not null,
        absolute_expires_at ${INSTANT} not null,
        generation integer not null default 0,
        rotated_at ${INSTANT} not null,
        token_expires_at ${INSTANT} not null,
        token_idle_seconds integer,
        token_absolute_seconds integer,
        token_secret bytea not null,
        refresh_request_hash bytea,
        is_imported boolean not null default false,
        ip_address text,
        user_agent text,
        ended_at ${INSTANT},
        end_reason text,
        next_check_at ${INSTANT} not null,
        constraint sessions_idle_within_absolute check (idle_expires_at <= absolute_expires_at),
        constraint sessions_ended_with_reason check ((ended_at is null) = (end_reason is null)),
        constraint sessions_snapshot_unless_imported check (is_imported or (idle_seconds is not null and absolute_seconds is not null))
      ) with (fillfactor = 85)`);
    this.addSql(
      `create index sessions_account_live on sessions (account_id, authenticated_at desc, id desc) where ended_at is null`,
    );
    this.addSql(`create index sessions_account on sessions (account_id, authenticated_at desc, id desc)`);
    this.addSql(`create index sessions_user on sessions (user_id, authenticated_at desc, id desc)`);
    this.addSql(`create index sessions_next_check on sessions (next_check_at) where ended_at is null`);
    this.addSql(`create index sessions_ended on sessions (ended_at) where ended_at is not null`);

    // The one definition of "live" in SQL: writers gate on the predicate, readers select from the view.
    // A deadline equal to now is expired. Both are inlined by the planner, so indexes keep working.
    this.addSql(`
      create function session_is_live(s sessions, moment timestamptz) returns boolean language sql immutable parallel safe as $$
        select s.ended_at is null and s.idle_expires_at > moment and s.absolute_expires_at > moment
      $$`);
    this.addSql(`
      create function live_sessions(moment timestamptz) returns setof sessions language sql stable parallel safe as $$
        select s.* from sessions s where session_is_live(s, moment)
      $$`);

    this.addSql(`
      create table audit_events (
        id uuid primary key,
        account_id uuid not null references accounts,
        action text not null,
        actor_id uuid references users,
        actor_name text not null,
        resource_type text not null,
        resource_id text not null,
        details jsonb not null,
        ip_address text,
        created_at ${INSTANT} not null,
        retain_until ${INSTANT} not null
      )`);
    this.addSql(`create index audit_events_account on audit_events (account_id, created_at desc, id desc)`);
    this.addSql(
      `create index audit_events_action on audit_events (account_id, action, created_at desc, id desc)`,
    );
    this.addSql(`create index audit_events_retention on audit_events (retain_until)`);
    // The guard reads the database's own clock on purpose: no caller can argue its way past it.
    this.addSql(`
      create function audit_events_append_only() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and old.retain_until <= clock_timestamp() then
          return old;
        end if;
        raise exception 'audit_events is append-only: % refused', tg_op using errcode = 'restrict_violation';
      end $$`);
    this.addSql(
      `create trigger audit_events_no_change before update or delete on audit_events for each row execute function audit_events_append_only()`,
    );
    this.addSql(
      `create trigger audit_events_no_truncate before truncate on audit_events for each statement execute function audit_events_append_only()`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table audit_events`);
    this.addSql(`drop function audit_events_append_only()`);
    this.addSql(`drop function live_sessions(timestamptz)`);
    this.addSql(`drop function session_is_live(sessions, timestamptz)`);
    this.addSql(`drop table sessions`);
    this.addSql(`drop table password_links`);
    this.addSql(`alter table accounts drop constraint accounts_policy_updated_by_fk`);
    this.addSql(`drop table users`);
    this.addSql(`drop table accounts`);
  }
}
