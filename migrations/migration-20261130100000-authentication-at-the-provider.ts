import { Migration } from '@mikro-orm/migrations';

/**
 * When a person who came from a provider had proved there who they are (docs/decisions/056). Only adds: in the sessions of
 * a node of the version before it is empty, and the sign-in counts.
 */
export class AuthenticationAtTheProviderMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table sessions add column provider_authenticated_at timestamptz(3)`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table sessions drop column provider_authenticated_at`);
  }
}
