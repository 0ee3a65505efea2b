import { Migration } from '@mikro-orm/migrations';

/**
 * The names that a migration before this one took away, so that nodes of version 0.1 go on beside nodes of this one: a
 * rolling upgrade stops nobody. A change that either makes reaches the other. A later release removes them, when no node
 * of version 0.1 can run any more.
 */
export class NodesOfVersion01Migration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      alter table accounts add column endings integer not null default 0,
        add column endings_marked integer not null default 0`);
    this.addSql(`
      update accounts set endings = revocation_epoch, endings_marked = applied_revocation_epoch
      where revocation_epoch > 0`);
    this.addSql(`alter table sessions add column born_after integer not null default 0`);
    // Only the sessions of these accounts, by their index: the table is locked meanwhile.
    this.addSql(`
      update sessions set born_after = revocation_epoch
      where revocation_epoch > 0 and ended_at is null
        and account_id in (select id from accounts where revocation_epoch > 0)`);

    // Epochs only grow, so the greater of two is the newer.
    this.addSql(`
      create function keep_account_epochs() returns trigger language plpgsql as $$
      begin
        new.revocation_epoch := greatest(new.revocation_epoch, new.endings);
        new.endings := new.revocation_epoch;
        new.applied_revocation_epoch := greatest(new.applied_revocation_epoch, new.endings_marked);
        new.endings_marked := new.applied_revocation_epoch;
        return new;
      end $$`);
    this.addSql(`
      create trigger accounts_keep_epochs
      before update of revocation_epoch, applied_revocation_epoch, endings, endings_marked on accounts
      for each row execute function keep_account_epochs()`);
    this.addSql(`
      create function keep_session_epoch() returns trigger language plpgsql as $$
      begin
        new.revocation_epoch := greatest(new.revocation_epoch, new.born_after);
        new.born_after := new.revocation_epoch;
        return new;
      end $$`);
    // A column list and a condition: no touch or refresh, and hardly a sign-in, runs the function.
    this.addSql(`
      create trigger sessions_keep_epoch before insert or update of revocation_epoch, born_after on sessions
      for each row when (new.revocation_epoch <> new.born_after) execute function keep_session_epoch()`);

    this.addSql(`
      create view account_endings as
        select account_id, epoch as number, ended_at, end_reason, except_user_id from account_revocations`);
    // The types have to be the former ones, precision included: a prepared statement of an open connection fails for good
    // when the type of its result changes.
    this.addSql(`
      create view sessions_as_they_stand as
        select id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
          idle_expires_at::timestamptz(3), absolute_expires_at::timestamptz(3), generation, rotated_at, token_expires_at,
          token_idle_seconds, token_absolute_seconds, token_secret, refresh_request_hash, is_imported, ip_address, user_agent,
          ended_at::timestamptz(3), end_reason, next_check_at, token_hash, imported_subject, revocation_epoch as born_after, is_end_stored as is_marked, recent_rotations
        from effective_sessions`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop view sessions_as_they_stand`);
    this.addSql(`drop view account_endings`);
    this.addSql(`drop trigger sessions_keep_epoch on sessions`);
    this.addSql(`drop function keep_session_epoch()`);
    this.addSql(`drop trigger accounts_keep_epochs on accounts`);
    this.addSql(`drop function keep_account_epochs()`);
    this.addSql(`alter table sessions drop column born_after`);
    this.addSql(`alter table accounts drop column endings, drop column endings_marked`);
  }
}
