import { Migration } from '@mikro-orm/migrations';

/**
 * Who an event of the audit trail was done to: their id by an expression, so that it is there for earlier rows and for
 * those of nodes of the version before, and their name of that moment. With an index for the events of one person, who
 * did them or to whom they were done.
 */
export class AuditSubjectsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table audit_events add column subject_name text`);
    // Never fails, whatever a row holds: an index calls it. An event of a session that names no user was done by its user.
    this.addSql(`
      create function audit_event_subject(resource_type text, resource_id text, details jsonb, actor_id uuid)
      returns text language sql immutable parallel safe as $$
        select case resource_type
          when 'user' then resource_id
          when 'session' then coalesce(details->>'user_id', actor_id::text)
        end
      $$`);
    this.addSql(`
      create index audit_events_subject on audit_events
        (account_id, audit_event_subject(resource_type, resource_id, details, actor_id), created_at desc, id desc)
        where audit_event_subject(resource_type, resource_id, details, actor_id) is not null`);
    // Most events have one person as both. This index has the others, so no event is found twice.
    this.addSql(`
      create index audit_events_actor on audit_events (account_id, actor_id, created_at desc, id desc)
        where actor_id is not null
          and audit_event_subject(resource_type, resource_id, details, actor_id) is distinct from actor_id::text`);

    this.addSql(
      isErasure(`or (changed.subject_name is distinct from stored.subject_name
            and changed.subject_name is distinct from 'Deleted user')`),
    );
    // A node of the version before erases without knowing the new column.
    this.addSql(
      appendOnly(`
          if new.subject_name is not null and (
            exists (select from accounts where id = new.account_id and deleted_at is not null)
            or exists (select from users u where u.deleted_at is not null
              and u.id = audit_event_subject(new.resource_type, new.resource_id, new.details, new.actor_id)::uuid)) then
            new.subject_name := 'Deleted user';
          end if;`),
    );
  }

  override async down(): Promise<void> {
    this.addSql(appendOnly(''));
    this.addSql(isErasure(''));
    this.addSql(`drop index audit_events_actor`);
    this.addSql(`drop index audit_events_subject`);
    this.addSql(`drop function audit_event_subject(text, text, jsonb, uuid)`);
    this.addSql(`alter table audit_events drop column subject_name`);
  }
}

/** The functions of 20261129150000-deletion, with what they check or do beside it. */
const isErasure = (refused: string): string => `
  create or replace function is_erasure(stored audit_events, changed audit_events) returns boolean language plpgsql as $$
  begin
    if (changed.id, changed.account_id, changed.action, changed.resource_type, changed.resource_id, changed.created_at, changed.retain_until)
        is distinct from
        (stored.id, stored.account_id, stored.action, stored.resource_type, stored.resource_id, stored.created_at, stored.retain_until)
      or changed.actor_id is distinct from stored.actor_id
      or changed.actor_name not in (stored.actor_name, 'Deleted user')
      or (changed.ip_address is not null and changed.ip_address is distinct from stored.ip_address)
      or not stored.details @> changed.details
      ${refused} then
      return false;
    end if;
    return exists (select from accounts where id = stored.account_id and deleted_at is not null)
      or exists (select from users u
        where u.deleted_at is not null and u.account_id = stored.account_id and u.id = any(audit_event_users(stored)))
      or (stored.action = 'account.created' and exists (select from users u
        where u.deleted_at is not null and u.account_id = stored.account_id and u.created_at = stored.created_at));
  end $$`;

const appendOnly = (onErasure: string): string => `
  create or replace function audit_events_append_only() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' and old.retain_until <= clock_timestamp() then
      return old;
    end if;
    if tg_op = 'UPDATE' and is_erasure(old, new) then
      ${onErasure}
      return new;
    end if;
    raise exception 'audit_events is append-only: % refused', tg_op using errcode = 'restrict_violation';
  end $$`;
