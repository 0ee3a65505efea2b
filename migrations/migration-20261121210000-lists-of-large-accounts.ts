import { Migration } from '@mikro-orm/migrations';

/** A page costs what it shows, however many sessions the account has: each list has an index of its own rows in its order. */
export class ListsOfLargeAccountsMigration extends Migration {
  override async up(): Promise<void> {
    // Each list of sessions is of open or of ended rows. An index of both is as dear to write as two halves of it, or dearer.
    this.addSql(`drop index sessions_account`);
    this.addSql(
      `create index sessions_account_ended on sessions (account_id, authenticated_at desc, id desc) where ended_at is not null`,
    );
    this.addSql(`drop index sessions_user`);
    this.addSql(
      `create index sessions_user_live on sessions (user_id, authenticated_at desc, id desc) where ended_at is null`,
    );
    this.addSql(
      `create index sessions_user_ended on sessions (user_id, authenticated_at desc, id desc) where ended_at is not null`,
    );
    // The users of an account, and in the order of the active ones. A sign-in is no HOT update of the user any more.
    this.addSql(`drop index users_account`);
    this.addSql(
      `create index users_account on users (account_id, (coalesce(last_login_at, '-infinity')) desc, id)`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index users_account`);
    this.addSql(`create index users_account on users (account_id)`);
    this.addSql(`drop index sessions_user_ended`);
    this.addSql(`drop index sessions_user_live`);
    this.addSql(`create index sessions_user on sessions (user_id, authenticated_at desc, id desc)`);
    this.addSql(`drop index sessions_account_ended`);
    this.addSql(`create index sessions_account on sessions (account_id, authenticated_at desc, id desc)`);
  }
}
