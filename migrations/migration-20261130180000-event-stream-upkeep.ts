import { Migration } from '@mikro-orm/migrations';

/** What upkeep of the outbox looks for, a trigger that no row of the trail can make fail, and cheaper ones. Only adds. */
export class EventStreamUpkeepMigration extends Migration {
  override async up(): Promise<void> {
    // The earliest of a session is found through this index alone, see server/event-streams/dispatch.sql.ts.
    this.addSql(`drop index event_deliveries_order`);
    this.addSql(
      `create index event_deliveries_order on event_deliveries (order_key, sequence) where status = 'PENDING'`,
    );
    // Of one account, in batches: external ids of deleted users.
    this.addSql(
      `create index security_events_of_account on security_events (account_id, id) where external_id is not null`,
    );
    // Few: those that wait, beside what may be a million other deliveries of the stream.
    this.addSql(
      `create index event_deliveries_tests on event_deliveries (stream_id)
      where status = 'PENDING' and type in ('test', 'stream.verification')`,
    );
    // In the order of a poll.
    this.addSql(
      `create index event_deliveries_poll on event_deliveries (stream_id, is_control desc, sequence) where status = 'PENDING'`,
    );
    // First what decides for an account without streams: its sign-ins and ends pay for one look into an index.
    this.addSql(`
      create or replace function record_session_start() returns trigger language plpgsql as $$
      begin
        if exists (select from event_streams s where s.account_id = new.account_id and s.status <> 'DISABLED') then
          perform record_security_event(
            new.account_id, 'session.started', new.id, new.user_id, null, new.authenticated_at, '{}');
        end if;
        return null;
      end $$`);
    // Sessions of a user with very many are not listed for each of them.
    this.addSql(`
      create or replace function record_session_end() returns trigger language plpgsql as $$
      declare
        others text[];
      begin
        if not exists (select from event_streams s where s.account_id = new.account_id and s.status <> 'DISABLED') then
          return null;
        end if;
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
    // An event is never worth the change that it tells of: an id in another form is left out.
    this.addSql(`
      create or replace function record_audited_event() returns trigger language plpgsql as $$
      begin
        perform record_security_event(
          new.account_id, new.action,
          case when new.resource_type = 'session' then new.resource_id end,
          case
            when new.resource_type <> 'user' then new.actor_id
            when new.resource_id ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then new.resource_id::uuid
          end,
          null, new.created_at, '{}');
        return null;
      end $$`);
  }

  override async down(): Promise<void> {
    // The functions go with the migration that has created them.
    this.addSql(`drop index event_deliveries_poll`);
    this.addSql(`drop index event_deliveries_tests`);
    this.addSql(`drop index security_events_of_account`);
    this.addSql(`drop index event_deliveries_order`);
    this.addSql(
      `create index event_deliveries_order on event_deliveries (stream_id, order_key, sequence) where status = 'PENDING'`,
    );
  }
}
