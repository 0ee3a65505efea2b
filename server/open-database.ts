import { Account } from './accounts/account.entity.ts';
import { User } from './accounts/user.entity.ts';
import { connectDatabase } from './database/connect-database.ts';
import type { Database, DatabaseOptions } from './database/database.ts';
import { prepareDatabase } from './database/first-contact.ts';
import type { Logger } from './logger.ts';
import { ServiceKey } from './service-api/service-key.entity.ts';
import { PasswordLink } from './users/password-link.entity.ts';

/** Every entity that MikroORM maps. `server/database/` imports no other room, so they are listed here. */
const ENTITIES = [Account, User, PasswordLink, ServiceKey];

/** Opens the database with every entity. Does not migrate it. */
export const openDatabase = (options: DatabaseOptions, logger: Logger): Promise<Database> =>
  connectDatabase(options, logger, ENTITIES);

/** Opens the database and makes it ready for use. Closes it when that fails. @throws StartError, UNAVAILABLE */
export async function openReadyDatabase(
  options: DatabaseOptions,
  logger: Logger,
): Promise<{ database: Database; applied: string[] }> {
  const database = await openDatabase(options, logger);
  try {
    return { database, applied: await prepareDatabase(database, logger) };
  } catch (error) {
    await database.close();
    throw error;
  }
}
