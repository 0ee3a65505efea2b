import { AbstractMigrator } from '@mikro-orm/core/migrations';
import { Migrator } from '@mikro-orm/migrations';
import type { MikroORM } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';

const { init } = AbstractMigrator.prototype as unknown as { init(): Promise<void> };

/**
 * Migrates a database that exists. MikroORM's own migrator creates a database of the configured name when the server
 * lists none, which a mistyped name, or one that only a connection pooler knows, must not lead to.
 */
export class ExistingDatabaseMigrator extends Migrator {
  override async init(): Promise<void> {
    if (this.initialized) return;
    await init.call(this);
    await this.storage?.ensureTable?.();
  }

  static override register(orm: MikroORM): void {
    orm.config.registerExtension(
      '@mikro-orm/migrator',
      () => new ExistingDatabaseMigrator(orm.em as EntityManager),
    );
  }
}
