import { Migration } from '@mikro-orm/migrations';

/**
 * What a service key may do (docs/decisions/061-ssf-over-http.md). Only adds: null, as nodes of the version before write it,
 * is every operation. Those nodes know no scope; they find no key that has one, because its hash is another.
 */
export class ServiceKeyScopeMigration extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table service_keys add column scope text check (scope in ('SSF'))`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table service_keys drop column scope`);
  }
}
