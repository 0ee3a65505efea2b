import { createAudit } from '../audit/audit.ts';
import { startDatabaseClock } from '../clock.ts';
import { derivePublicUrl, loadConfig } from '../config/config.ts';
import { readEnvironment } from '../config/dotenv.ts';
import { readDatabaseTime } from '../database/database-time.ts';
import { createLogger } from '../logger.ts';
import { openReadyDatabase } from '../open-database.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { Command, RunCommand } from './command.ts';
import { commands } from './commands.ts';
import { answerQuestion, commandLine } from './program.ts';
import { StartError } from '../start-error.ts';
import { failStart } from './startup-problem.ts';

const line = (name: string, { usage }: Command): string =>
  `  ${commandLine('admin')} ${name} ${usage}`.trimEnd();

const usage = `Usage:\n${Object.entries(commands)
  .map((each) => line(...each))
  .join('\n')}`;

try {
  const args = process.argv.slice(2);
  console.log(answerQuestion(args, () => help(args[0])) ?? (await runCommand(prepare(args))));
} catch (error) {
  await failStart(
    error instanceof UsageError ? new StartError(`${error.message}\n${usage}`.trimStart()) : error,
  );
}

/** Of one command, or of all when the first word names none. */
function help(name = ''): string {
  const command = find(name);
  if (command) return `Usage:\n${line(name, command)}\n\n${command.summary}`;
  const all = Object.entries(commands).map((each) => `${line(...each)}\n      ${each[1].summary}`);
  return `Usage:\n${all.join('\n')}\n\nThey work on DATABASE_URL, or on the folder DATA_DIR while no server holds it.`;
}

function find(name: string): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

function prepare([name = '', ...rest]: string[]): RunCommand {
  const command = find(name);
  if (!command) throw new UsageError(name && `Unknown command: ${name}.`);
  return command.prepare(readArguments(rest, command));
}

async function runCommand(run: RunCommand): Promise<string> {
  const config = loadConfig(readEnvironment(), { isServer: false });
  const { database } = await openReadyDatabase(config.database, createLogger('warn', { to: 'stderr' }));
  try {
    const clock = await startDatabaseClock(() => readDatabaseTime(database));
    clock.stop();
    const publicUrl = config.http.publicUrl ?? derivePublicUrl(config.http.host, config.http.port);
    const audit = createAudit({ retentionDays: config.retention.auditDays });
    const logger = createLogger(config.logLevel, { to: 'stderr' });
    const { sensitiveMaxAgeSeconds } = config;
    const context = { database, audit, logger, publicUrl, config, sensitiveMaxAgeSeconds, clock };
    return await run({ ...context, now: clock.now() });
  } finally {
    await database.close();
  }
}
