import { Migration } from '@mikro-orm/migrations';

/** What security event tokens need beside their events (docs/decisions/060-security-event-tokens.md). Only adds. */
export class SecurityEventTokensMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table event_signing_keys (
        -- The RFC 7638 thumbprint.
        kid text primary key,
        public_key jsonb not null,
        -- Sealed, see server/event-streams/secret-box.ts.
        private_key text not null,
        created_at timestamptz(3) not null,
        -- It is published before that time, so that receivers know it.
        signs_from timestamptz(3) not null,
        -- Null: the key that signs, or is about to. Others are still published for a while.
        retired_at timestamptz(3))`);
    // Of two nodes that make the first key at once, one has made it.
    this.addSql(
      `create unique index event_signing_keys_current on event_signing_keys ((true)) where retired_at is null`,
    );
    this.addSql(`
      alter table security_events
        -- The same for all events of one transaction.
        add column cause_id uuid,
        -- Of the end of a session: the user's other sessions that had not ended before. Null: find them when it matters.
        add column other_sessions text[]`);
    this.addSql(`
      alter table event_deliveries
        -- About the stream itself: delivered before everything else, also while the stream is paused or disabled.
        add column is_control boolean not null default false,
        -- The sessions whose end this delivery tells, where its subject is a user. Null: not decided, or no such delivery.
        add column covers text[]`);
    this.addSql(
      `create index event_deliveries_covers on event_deliveries (stream_id, order_key, created_at) where covers is not null`,
    );
    this.addSql(
      `create index event_deliveries_control on event_deliveries (stream_id, sequence) where is_control and status = 'PENDING'`,
    );
    this.addFunctions();
  }

  private addFunctions(): void {
    // The setting ends with the transaction.
    this.addSql(`
      create function event_cause() returns uuid language sql volatile as $$
        select coalesce(
          nullif(current_setting('curfew.event_cause', true), ''),
          set_config('curfew.event_cause', gen_random_uuid()::text, true))::uuid
      $$`);
    this.addSql(`
      create function names_users_only(stream event_streams) returns boolean language sql immutable as $$
        select stream.kind in ('SSF_PUSH', 'SSF_POLL') and stream.subject_format <> 'COMPLEX'
      $$`);
    this.addSql(`
      create function record_event_of_user(
        account uuid, event_type text, session text, person uuid, person_external_id text, moment timestamptz, more jsonb,
        others text[])
      returns void language plpgsql as $$
      declare
        event uuid;
      begin
        if not exists (
          select from event_streams s
          where s.account_id = account and s.status <> 'DISABLED'
            and (s.source_types is null or event_type = any(s.source_types))) then
          return;
        end if;
        insert into security_events (
          account_id, type, session_id, user_id, external_id, occurred_at, details, cause_id, other_sessions)
        values (account, event_type, session, person, person_external_id, moment, more, event_cause(), others)
        returning id into event;
        -- Where the subject is the user, the user's events are in order.
        insert into event_deliveries (stream_id, event_id, type, session_id, order_key, due_at)
        select s.id, event, event_type, session,
          coalesce(case when names_users_only(s) then person::text end, session, person::text, account::text), moment
        from event_streams s
        where s.account_id = account and s.status <> 'DISABLED'
          and (s.source_types is null or event_type = any(s.source_types));
      end $$`);
    this.addSql(`
      create or replace function record_security_event(
        account uuid, event_type text, session text, person uuid, person_external_id text, moment timestamptz, more jsonb)
      returns void language sql as $$
        select record_event_of_user(
          account, event_type, session, person, person_external_id, moment, more, null)
      $$`);
    // Sessions of a user with very many are not listed for each of them.
    this.addSql(`
      create or replace function record_session_end() returns trigger language plpgsql as $$
      declare
        others text[];
      begin
        if exists (
          select from event_streams s
          where s.account_id = new.account_id and names_users_only(s) and s.status <> 'DISABLED') then
          select case when count(*) <= 100 then coalesce(array_agg(o.id), '{}') end into others from (
            select s.id from sessions s
            where s.user_id = new.user_id and s.ended_at is null and s.id <> new.id
            union all
            select s.id from sessions s
            where s.user_id = new.user_id and s.ended_at >= new.ended_at and s.id <> new.id
            limit 101) o;
        end if;
        perform record_event_of_user(
          new.account_id, 'session.ended', new.id, new.user_id,
          (select u.external_id from users u where u.id = new.user_id),
          new.ended_at, jsonb_build_object('end_reason', new.end_reason), others);
        return null;
      end $$`);
  }

  override async down(): Promise<void> {
    this.addSql(`
      create or replace function record_security_event(
        account uuid, event_type text, session text, person uuid, person_external_id text, moment timestamptz, more jsonb)
      returns void language plpgsql as $$
      declare
        event uuid;
      begin
        insert into security_events (account_id, type, session_id, user_id, external_id, occurred_at, details)
        values (account, event_type, session, person, person_external_id, moment, more)
        returning id into event;
        insert into event_deliveries (stream_id, event_id, type, session_id, order_key, due_at)
        select s.id, event, event_type, session, coalesce(session, person::text, account::text), moment
        from event_streams s
        where s.account_id = account and s.status <> 'DISABLED'
          and (s.source_types is null or event_type = any(s.source_types));
      end $$`);
    this.addSql(`
      create or replace function record_session_end() returns trigger language plpgsql as $$
      begin
        perform record_security_event(
          new.account_id, 'session.ended', new.id, new.user_id,
          (select u.external_id from users u where u.id = new.user_id),
          new.ended_at, jsonb_build_object('end_reason', new.end_reason));
        return null;
      end $$`);
    this.addSql(
      `drop function record_event_of_user(uuid, text, text, uuid, text, timestamptz, jsonb, text[])`,
    );
    this.addSql(`drop function names_users_only(event_streams)`);
    this.addSql(`drop function event_cause()`);
    this.addSql(`drop index event_deliveries_control`);
    this.addSql(`drop index event_deliveries_covers`);
    this.addSql(`alter table event_deliveries drop column covers, drop column is_control`);
    this.addSql(`alter table security_events drop column other_sessions, drop column cause_id`);
    this.addSql(`drop table event_signing_keys`);
  }
}
