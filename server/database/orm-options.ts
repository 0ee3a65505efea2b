import type { EntityClass } from '@mikro-orm/core';
import { migrations } from '../../migrations/index.ts';
import type { Logger } from '../logger.ts';
import { ExistingDatabaseMigrator } from './existing-database-migrator.ts';

export type OrmOptions = ReturnType<typeof ormOptionsOf>;

/** The options of MikroORM for both databases. */
export const ormOptionsOf = (entities: EntityClass[], logger: Logger) => ({
  entities,
  extensions: [ExistingDatabaseMigrator],
  migrations: {
    migrationsList: migrations,
    tableName: 'curfew_migrations',
    snapshot: false,
    allOrNothing: true,
  },
  discovery: { warnWhenNoEntities: false },
  // A name that was mistyped in DATABASE_URL must not become a new, empty database.
  ensureDatabase: false,
  logger: (message: string) => logger.debug({ part: 'mikro-orm' }, message),
  colors: false,
});
