import { Migration } from '@mikro-orm/migrations';

/** How fast a source may send, and what strangers sent apart from its own errors (docs/decisions/062-event-sources.md). Only adds. */
export class EventSourceLimitsMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table event_sources add column paced_until timestamptz(3)`);
    this.addSql(`alter table event_sources add column last_unverified_error text`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table event_sources drop column last_unverified_error`);
    this.addSql(`alter table event_sources drop column paced_until`);
  }
}
