import type { EntityClass } from '@mikro-orm/core';
import { MikroORM as PgliteORM, defineConfig } from '@mikro-orm/pglite';
import type { MikroORM } from '@mikro-orm/postgresql';
import { join } from 'node:path';
import type { Logger } from '../logger.ts';
import type { Database, DatabaseOptions } from './database.ts';
import { openEmbeddedFolder } from './embedded-folder.ts';
import { yieldBetweenStatements } from './embedded-turns.ts';
import { lockFolder } from './folder-lock.ts';
import { UNICODE_COLLATION } from './inspect-database.ts';
import { openPostgres } from './open-postgres.ts';
import { ormOptionsOf, type OrmOptions } from './orm-options.ts';
import { timeoutsOf } from './timeouts.ts';
import { createTransactions } from './transactions.ts';
import { createWriteHealth } from './write-health.ts';

/** The object identifier of PostgreSQL's `timestamptz`. */
const TIMESTAMPTZ = 1184;

/** PGlite writes the year 0 of RFC 3339 as it is. PostgreSQL knows it as 1 before Christ. */
const toTimestamptz = (value: Date | string): string => {
  const text = typeof value === 'string' ? value : value.toISOString();
  return text.startsWith('0000') ? `0001${text.slice(4)} BC` : text;
};

/** Opens the database and the ORM with `entities`. Releases the folder when that fails. */
export async function connectDatabase(
  options: DatabaseOptions,
  logger: Logger,
  entities: EntityClass[],
): Promise<Database> {
  const common = ormOptionsOf(entities, logger);
  const timeouts = timeoutsOf(options.timeoutsMs);
  const health = createWriteHealth();
  const { url } = options;
  if (url === null) return openEmbedded(options, common, { timeouts, health });
  const { limit, watch, ...opened } = await openPostgres({ ...options, url }, common, {
    timeouts,
    health,
    logger,
  });
  return {
    ...opened,
    ...createTransactions(opened.orm, {
      kind: 'postgresql',
      timeouts,
      health,
      connections: () => limit.current,
      dropIdle: () => watch.dropIdle(),
    }),
    kind: 'postgresql',
  };
}

async function openEmbedded(
  options: DatabaseOptions,
  common: OrmOptions,
  parts: Pick<Parameters<typeof createTransactions>[1], 'timeouts' | 'health'>,
): Promise<Database> {
  const unlock = options.image ? async () => {} : await lockFolder(options.dataDir);
  try {
    const folder = options.image ? null : join(options.dataDir, 'database');
    const open = async () => {
      const opened = await PgliteORM.init(
        defineConfig({
          ...common,
          dbName: folder ?? 'memory://',
          // A function, because MikroORM copies the configuration and a copied Blob is empty.
          driverOptions: () => ({
            serializers: { [TIMESTAMPTZ]: toTimestamptz },
            ...(options.image && { loadDataDir: options.image }),
          }),
        }),
      );
      yieldBetweenStatements(await opened.driver.getConnection().getNativeClient());
      // Both drivers use PostgreSQL's entity manager. Only the connection differs.
      return opened as unknown as MikroORM;
    };
    const orm = folder === null ? await open() : await openEmbeddedFolder(folder, open);
    return {
      ...createTransactions(orm, { ...parts, kind: 'embedded', connections: () => 1, dropIdle: () => {} }),
      kind: 'embedded',
      orm,
      schema: 'public',
      unicodeCollation: UNICODE_COLLATION,
      openDedicatedConnection: null,
      async close() {
        await orm.close(true);
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}
