import { Migration } from '@mikro-orm/migrations';

/** Failed sign-ins that all nodes count together without Redis (docs/decisions/036-nothing-but-postgresql.md). */
export class SignInFailuresMigration extends Migration {
  override async up(): Promise<void> {
    // Unlogged: no one misses a count of 15 minutes after a crash, and a guess of a password waits for no disk. The rows of
    // a key under attack are updated often: the free space lets PostgreSQL do that without touching the indexes.
    this.addSql(`
      create unlogged table sign_in_failures (
        key text primary key,
        failures int not null,
        expires_at timestamptz(3) not null
      ) with (fillfactor = 50)`);
    this.addSql(`create index sign_in_failures_expiry on sign_in_failures (expires_at)`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop table sign_in_failures`);
  }
}
