import { Migration } from '@mikro-orm/migrations';

/**
 * The users of an account by how they sign in, each in the order of the list: a page of one state, or of all, reads no
 * more of them than it shows. Lower case of "C" is that of ASCII: the same in every database, and after its upgrade.
 */
export class ListOfUsersMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create index users_account_name on users (
        account_id,
        (case when not is_active then 'DEACTIVATED' when sign_in_email is null then 'EXTERNAL'
          when password_hash is null then 'NO_PASSWORD' else 'PASSWORD' end),
        lower(name collate "C"), id) where deleted_at is null`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop index users_account_name`);
  }
}
