import { Migration } from '@mikro-orm/migrations';

/**
 * Who created a service key, and which key opened a session. Null for rows from before, and for what a node of the version
 * before writes: such a session is counted for no key.
 */
export class ServiceKeysOfOwnersMigration extends Migration {
  override async up(): Promise<void> {
    // Null: an operator, by a command.
    this.addSql(`alter table service_keys add column created_by uuid references users`);
    this.addSql(`create index service_keys_account on service_keys (account_id, created_at desc, id desc)`);
    // Without a reference: a key is never deleted, and its check would lock the key's row at every sign-in.
    this.addSql(`alter table sessions add column service_key_id uuid`);
    // Only sessions that a key opened and whose end is not stored, however many others the account has.
    this.addSql(`
      create index sessions_service_key on sessions (service_key_id)
      where service_key_id is not null and ended_at is null`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop index sessions_service_key`);
    this.addSql(`alter table sessions drop column service_key_id`);
    this.addSql(`drop index service_keys_account`);
    this.addSql(`alter table service_keys drop column created_by`);
  }
}
