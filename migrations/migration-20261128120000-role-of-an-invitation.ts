import { Migration } from '@mikro-orm/migrations';

/** An invitation's link carries the role that it gives: the user gets it when they use the link, and not before. */
export class RoleOfAnInvitationMigration extends Migration {
  override async up(): Promise<void> {
    // Null: a link that only sets a password.
    this.addSql(`alter table password_links add column role text check (role in ('OWNER', 'MEMBER'))`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table password_links drop column role`);
  }
}
