import { Migration } from '@mikro-orm/migrations';

/** Who follows an account asks every few seconds which of its sessions have ended lately, whatever the others do. */
export class EndsOfAnAccountMigration extends Migration {
  override async up(): Promise<void> {
    // Wider in place of one more: every end writes every index of the table.
    this.addSql(`drop index sessions_ended`);
    this.addSql(`create index sessions_ended on sessions (ended_at, account_id) where ended_at is not null`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop index sessions_ended`);
    this.addSql(`create index sessions_ended on sessions (ended_at) where ended_at is not null`);
  }
}
