import { Migration } from '@mikro-orm/migrations';

/**
 * Transmitters whose security events end sessions (docs/decisions/062-event-sources.md). Only adds. A user whom a source has
 * disabled is inactive in the column that every node reads, so a node of the version before keeps them out as well.
 */
export class EventSourcesMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table event_sources (
        id uuid primary key,
        account_id uuid not null references accounts,
        issuer text not null,
        audience text not null,
        -- The id of a sign-in provider. Null: the users of the issuer itself.
        provider_id text,
        created_at timestamptz(3) not null,
        last_received_at timestamptz(3),
        last_error text,
        unique (account_id, issuer, audience))`);
    this.addSql(`create index event_sources_issuer on event_sources (issuer)`);
    // The tokens that were taken, as long as they would be taken again: by hash of kind and jti.
    this.addSql(`
      create table received_event_tokens (
        source_id uuid not null references event_sources on delete cascade,
        token_hash bytea not null,
        keep_until timestamptz(3) not null,
        primary key (source_id, token_hash))`);
    this.addSql(`create index received_event_tokens_age on received_event_tokens (keep_until)`);
    // What a source last said about a user. Kept after account-enabled: an older event that comes late must not count.
    this.addSql(`
      create table event_source_users (
        source_id uuid not null references event_sources on delete cascade,
        user_id uuid not null references users,
        is_disabled boolean not null,
        decided_at timestamptz(3) not null,
        primary key (source_id, user_id))`);
    this.addSql(`create index event_source_users_user on event_source_users (user_id)`);
    // What is_active becomes when no source disables the user any more. Null: none does.
    this.addSql(`alter table users add column is_active_when_enabled boolean`);
    // A node of the version before may reactivate a user: that is the owner's decision, and waits for the source's.
    this.addSql(`
      create function keep_disabled_user_inactive() returns trigger language plpgsql as $$
      begin
        new.is_active := false;
        new.is_active_when_enabled := true;
        return new;
      end $$`);
    this.addSql(`
      create trigger users_keep_disabled before update of is_active on users
      for each row when (new.is_active and new.is_active_when_enabled is not null)
      execute function keep_disabled_user_inactive()`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop trigger users_keep_disabled on users`);
    this.addSql(`drop function keep_disabled_user_inactive()`);
    this.addSql(`alter table users drop column is_active_when_enabled`);
    this.addSql(`drop table event_source_users`);
    this.addSql(`drop table received_event_tokens`);
    this.addSql(`drop table event_sources`);
  }
}
