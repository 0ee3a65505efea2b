import { Migration } from '@mikro-orm/migrations';

/**
 * The name of a session's device in its row, where a search finds it (docs/decisions/052-searching-sessions.md). Null
 * beside a user agent: a node of the version before wrote the row, and the sweep fills it in. The index is of those rows
 * only, so it is empty soon.
 */
export class DevicesOfSessionsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table sessions add column device text`);
    this.addSql(
      `create index sessions_without_device on sessions (id) where device is null and user_agent is not null`,
    );
    // Ended sessions of an account, latest end first.
    this.addSql(
      `create index sessions_account_ended_at on sessions (account_id, ended_at desc, id desc) where ended_at is not null`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index sessions_account_ended_at`);
    this.addSql(`drop index sessions_without_device`);
    this.addSql(`alter table sessions drop column device`);
  }
}
