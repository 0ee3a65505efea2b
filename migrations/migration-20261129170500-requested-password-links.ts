import { Migration } from '@mikro-orm/migrations';

/** Links that a person asked for, so that nobody fills another's mailbox. Nodes of the version before make none. */
export class RequestedPasswordLinksMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table password_links add column is_requested boolean not null default false`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table password_links drop column is_requested`);
  }
}
