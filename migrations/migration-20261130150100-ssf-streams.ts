import { Migration } from '@mikro-orm/migrations';

/** What streams have that are managed over HTTP (docs/decisions/061-ssf-over-http.md). Only adds. */
export class SsfStreamsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      alter table event_streams
        -- Event URIs that the receiver asked for, and that no event has.
        add column unknown_types text[] not null default '{}',
        -- When the receiver last asked for a verification.
        add column verification_requested_at timestamptz(3)`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table event_streams drop column unknown_types, drop column verification_requested_at`);
  }
}
