import { Migration } from '@mikro-orm/migrations';

/** How the user of a session signed in. Null: it is from before, or a node of the version before created it. */
export class SignInMethodMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table sessions add column authentication_method text, add column authentication_provider text`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(
      `alter table sessions drop column authentication_method, drop column authentication_provider`,
    );
  }
}
