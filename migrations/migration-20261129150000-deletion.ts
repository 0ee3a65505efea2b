import { Migration } from '@mikro-orm/migrations';

const INSTANT = 'timestamptz(3)';

/**
 * Users and accounts that were deleted. Their rows stay without personal data, because sessions and the audit trail
 * refer to them (docs/decisions/045-deleting.md).
 */
export class DeletionMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table users add column deleted_at ${INSTANT}`);
    // Nodes of the version before do not know deleted users: this keeps them from giving one a sign-in again.
    this.addSql(`
      alter table users add constraint users_deleted_cannot_sign_in check (
        deleted_at is null
        or (not is_active and sign_in_email is null and external_id is null and password_hash is null))`);
    this.addSql(
      `alter table accounts add column deleted_at ${INSTANT}, add column is_demo boolean not null default false`,
    );
    this.addSql(
      `update accounts set is_demo = true where id in (select account_id from users where sign_in_email = 'owner@demo.curfew.test')`,
    );

    // What is left to do for a deletion that is in effect. `user_id` null: of a whole account.
    this.addSql(`
      create table pending_erasures (
        id uuid primary key,
        account_id uuid not null references accounts,
        user_id uuid references users,
        deleted_at ${INSTANT} not null
      )`);

    // The trail stays append-only but for one change: personal data of a deleted user or account goes. What happened, and
    // when, to whom by id, stays. The database checks it, so no statement can rewrite the trail.
    this.addSql(`
      create function is_erasure(stored audit_events, changed audit_events) returns boolean language plpgsql as $$
      begin
        if (changed.id, changed.account_id, changed.action, changed.resource_type, changed.resource_id, changed.created_at, changed.retain_until)
            is distinct from
            (stored.id, stored.account_id, stored.action, stored.resource_type, stored.resource_id, stored.created_at, stored.retain_until)
          or changed.actor_id is distinct from stored.actor_id
          or changed.actor_name not in (stored.actor_name, 'Deleted user')
          or (changed.ip_address is not null and changed.ip_address is distinct from stored.ip_address)
          or not stored.details @> changed.details then
          return false;
        end if;
        return exists (select from accounts where id = stored.account_id and deleted_at is not null)
          or exists (select from users u
            where u.deleted_at is not null and u.account_id = stored.account_id and u.id = any(audit_event_users(stored)))
          or (stored.action = 'account.created' and exists (select from users u
            where u.deleted_at is not null and u.account_id = stored.account_id and u.created_at = stored.created_at));
      end $$`);
    this.addSql(`
      create function audit_event_users(event audit_events) returns uuid[] language sql stable as $$
        select array[
          event.actor_id,
          case event.resource_type
            when 'user' then event.resource_id::uuid
            when 'session' then coalesce(
              (event.details->>'user_id')::uuid, (select user_id from sessions where id = event.resource_id))
            when 'account' then (event.details->>'owner_id')::uuid
          end]
      $$`);
    this.addSql(`
      create or replace function audit_events_append_only() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and old.retain_until <= clock_timestamp() then
          return old;
        end if;
        if tg_op = 'UPDATE' and is_erasure(old, new) then
          return new;
        end if;
        raise exception 'audit_events is append-only: % refused', tg_op using errcode = 'restrict_violation';
      end $$`);
  }

  override async down(): Promise<void> {
    this.addSql(`
      create or replace function audit_events_append_only() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and old.retain_until <= clock_timestamp() then
          return old;
        end if;
        raise exception 'audit_events is append-only: % refused', tg_op using errcode = 'restrict_violation';
      end $$`);
    this.addSql(`drop function is_erasure(audit_events, audit_events)`);
    this.addSql(`drop function audit_event_users(audit_events)`);
    this.addSql(`drop table pending_erasures`);
    this.addSql(`alter table accounts drop column is_demo, drop column deleted_at`);
    this.addSql(`alter table users drop constraint users_deleted_cannot_sign_in`);
    this.addSql(`alter table users drop column deleted_at`);
  }
}
