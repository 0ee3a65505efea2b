import { loadConfig } from '../config/config.ts';
import { openReadyDatabase } from '../open-database.ts';
import { readEnvironment } from '../config/dotenv.ts';
import { createLogger } from '../logger.ts';
import { StartError } from '../start-error.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answerQuestion, commandLine } from './program.ts';
import { failStart } from './startup-problem.ts';

const SUMMARY =
  'Applies pending migrations to DATABASE_URL, all or none, or to the folder DATA_DIR while no server holds it.';
const usage = `Usage: ${commandLine('migrate')}`;
const args = process.argv.slice(2);

try {
  const answer = answerQuestion(args, () => `${usage}\n\n${SUMMARY}`);
  if (answer !== null) {
    console.log(answer);
  } else {
    readArguments(args, {});
    await applyPending();
  }
} catch (error) {
  await failStart(error instanceof UsageError ? new StartError(`${error.message}\n${usage}`) : error);
}

async function applyPending(): Promise<void> {
  const config = loadConfig(readEnvironment(), { isServer: false });
  const logger = createLogger('warn', { to: 'stderr' });
  const { database, applied } = await openReadyDatabase(config.database, logger);
  await database.close();
  console.log(
    applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'Nothing to apply: the database is up to date.',
  );
}
