import { Migration } from '@mikro-orm/migrations';

/**
 * Security events and their streams (docs/decisions/059-event-streams.md). Only adds. Triggers write the events, so that a
 * change made by a node of the version before has its event, too.
 */
export class EventStreamsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table event_streams (
        id uuid primary key,
        account_id uuid not null references accounts,
        kind text not null,
        url text,
        description text,
        -- As the owner chose them. Null: all, those of later versions too.
        event_types text[],
        -- The types of security_events that it takes. Null: all.
        source_types text[],
        subject_format text not null,
        audience text not null,
        status text not null check (status in ('ENABLED', 'PAUSED', 'DISABLED')),
        status_reason text,
        -- Sealed, see server/event-streams/secret-box.ts.
        secret text,
        previous_secret text,
        previous_secret_until timestamptz(3),
        created_at timestamptz(3) not null,
        last_delivered_at timestamptz(3),
        failing_since timestamptz(3),
        -- Failures since the last delivery, and when an unreachable receiver is tried again.
        failures int not null default 0,
        retry_at timestamptz(3))`);
    this.addSql(`create index event_streams_account on event_streams (account_id, created_at, id)`);
    this.addSql(`
      create table security_events (
        id uuid primary key default gen_random_uuid(),
        account_id uuid not null,
        type text not null,
        session_id text,
        user_id uuid,
        external_id text,
        occurred_at timestamptz(3) not null,
        -- What the type has beyond these columns.
        details jsonb not null default '{}')`);
    this.addSql(
      `create index security_events_external_id on security_events (user_id) where external_id is not null`,
    );
    // Without references: the check would lock the stream's row in every transaction that ends a session. The sweeper
    // removes what a deleted stream leaves behind.
    this.addSql(`
      create table event_deliveries (
        id uuid primary key default gen_random_uuid(),
        stream_id uuid not null,
        event_id uuid not null,
        type text not null,
        session_id text,
        sequence bigint generated always as identity,
        -- Deliveries of a stream with the same key are made in their sequence.
        order_key text not null,
        status text not null default 'PENDING' check (status in ('PENDING', 'DELIVERED', 'DEAD')),
        created_at timestamptz(3) not null default clock_timestamp(),
        -- When it may be claimed. A claim moves it to the end of its lease.
        due_at timestamptz(3) not null,
        lease_id uuid,
        attempts int not null default 0,
        first_attempt_at timestamptz(3),
        last_attempt_at timestamptz(3),
        last_error text,
        finished_at timestamptz(3))`);
    this.addSql(
      `create index event_deliveries_due on event_deliveries (stream_id, due_at, sequence) where status = 'PENDING'`,
    );
    this.addSql(
      `create index event_deliveries_order on event_deliveries (stream_id, order_key, sequence) where status = 'PENDING'`,
    );
    this.addSql(
      `create index event_deliveries_list on event_deliveries (stream_id, created_at desc, id desc)`,
    );
    this.addSql(
      `create index event_deliveries_status on event_deliveries (stream_id, status, created_at desc, id desc)`,
    );
    this.addSql(`create index event_deliveries_event on event_deliveries (event_id)`);
    this.addSql(`create index event_deliveries_age on event_deliveries (created_at)`);

    this.addTriggers();
  }

  private addTriggers(): void {
    // An account without streams pays for one look into an index.
    this.addSql(`
      create function record_security_event(
        account uuid, event_type text, session text, person uuid, person_external_id text, moment timestamptz, more jsonb)
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
      create function record_session_start() returns trigger language plpgsql as $$
      begin
        perform record_security_event(
          new.account_id, 'session.started', new.id, new.user_id, null, new.authenticated_at, '{}');
        return null;
      end $$`);
    this.addSql(`
      create trigger sessions_record_start after insert on sessions
      for each row when (new.ended_at is null and not new.is_imported) execute function record_session_start()`);

    this.addSql(`
      create function record_session_end() returns trigger language plpgsql as $$
      begin
        perform record_security_event(
          new.account_id, 'session.ended', new.id, new.user_id,
          (select u.external_id from users u where u.id = new.user_id),
          new.ended_at, jsonb_build_object('end_reason', new.end_reason));
        return null;
      end $$`);
    // A column list: no touch and no refresh even looks at the condition.
    this.addSql(`
      create trigger sessions_record_end after update of ended_at on sessions
      for each row when (old.ended_at is null and new.ended_at is not null) execute function record_session_end()`);

    this.addSql(`
      create function record_audited_event() returns trigger language plpgsql as $$
      begin
        perform record_security_event(
          new.account_id, new.action,
          case when new.resource_type = 'session' then new.resource_id end,
          case when new.resource_type = 'user' then new.resource_id::uuid else new.actor_id end,
          null, new.created_at, '{}');
        return null;
      end $$`);
    // The one row that each of these changes writes, in its transaction.
    this.addSql(`
      create trigger audit_events_record after insert on audit_events
      for each row when (new.action in (
        'user.deactivated', 'user.reactivated', 'user.password_changed', 'session.refresh_reuse_detected'))
      execute function record_audited_event()`);

    this.addSql(`
      create function record_policy_update() returns trigger language plpgsql as $$
      begin
        perform record_security_event(
          new.account_id, 'policy.updated', null, null, null, new.created_at,
          jsonb_build_object(
            'version', (select a.policy_version from accounts a where a.id = new.account_id),
            'idle_minutes', new.details #> '{effective_new,idle_minutes}',
            'absolute_minutes', new.details #> '{effective_new,absolute_minutes}'));
        return null;
      end $$`);
    // At the commit: the account's row is written after its audit row.
    this.addSql(`
      create constraint trigger audit_events_record_policy after insert on audit_events deferrable initially deferred
      for each row when (new.action = 'account.session_policy_update') execute function record_policy_update()`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop trigger audit_events_record_policy on audit_events`);
    this.addSql(`drop trigger audit_events_record on audit_events`);
    this.addSql(`drop trigger sessions_record_end on sessions`);
    this.addSql(`drop trigger sessions_record_start on sessions`);
    this.addSql(`drop function record_policy_update()`);
    this.addSql(`drop function record_audited_event()`);
    this.addSql(`drop function record_session_end()`);
    this.addSql(`drop function record_session_start()`);
    this.addSql(`drop function record_security_event(uuid, text, text, uuid, text, timestamptz, jsonb)`);
    this.addSql(`drop table event_deliveries`);
    this.addSql(`drop table security_events`);
    this.addSql(`drop table event_streams`);
  }
}
