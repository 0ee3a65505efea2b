import { loadConfig } from './config.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase } from './database/orm.ts';
import { readEnvironment } from './dotenv.ts';
import { createLogger } from './logger.ts';
import { startupProblem } from './startup-problem.ts';

try {
  const config = loadConfig(readEnvironment(), { isServer: false });
  const database = await openDatabase(config.database, createLogger('warn'));
  try {
    const applied = await migrate(database);
    console.log(
      applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'Nothing to apply: the database is up to date.',
    );
  } finally {
    await database.close();
  }
} catch (error) {
  console.error(startupProblem(error));
  process.exitCode = 1;
}
