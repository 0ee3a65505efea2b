import { accountCommands } from './admin/account.commands.ts';
import { readGiven, WrongUsage, type Command, type Run } from './admin/command.ts';
import { importCommands } from './admin/import.commands.ts';
import { serviceKeyCommands } from './admin/service-key.commands.ts';
import { createAudit } from './audit/audit.ts';
import { startDatabaseClock } from './clock.ts';
import { derivePublicUrl, loadConfig } from './config.ts';
import { migrate } from './database/migrate.ts';
import { readDatabaseTime } from './database/time.ts';
import { openDatabase } from './database/orm.ts';
import { readEnvironment } from './dotenv.ts';
import { createLogger } from './logger.ts';
import { startupProblem } from './startup-problem.ts';

const commands: Record<string, Command> = { ...accountCommands, ...serviceKeyCommands, ...importCommands };

const usage = `Usage:\n${Object.entries(commands)
  .map(([name, command]) => `  npm run admin -- ${name} ${command.usage}`.trimEnd())
  .join('\n')}`;

try {
  console.log(await runCommand(prepare(process.argv.slice(2))));
} catch (error) {
  const isUsage = error instanceof WrongUsage;
  console.error(isUsage ? `${error.message}\n${usage}`.trimStart() : startupProblem(error));
  process.exitCode = 1;
}

function prepare([name = '', ...rest]: string[]): Run {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new WrongUsage(name && `There is no command ${name}.`);
  return command.prepare(readGiven(rest, command));
}

async function runCommand(run: Run): Promise<string> {
  const config = loadConfig(readEnvironment(), { isServer: false });
  const database = await openDatabase(config.database, createLogger('warn', { to: 'stderr' }));
  try {
    await migrate(database);
    const clock = await startDatabaseClock(() => readDatabaseTime(database));
    clock.stop();
    const publicUrl = config.http.publicUrl ?? derivePublicUrl(config.http.host, config.http.port);
    const audit = createAudit({ retentionDays: config.retention.auditDays });
    const logger = createLogger(config.logLevel, { to: 'stderr' });
    return await run({ database, audit, logger, publicUrl, now: clock.now() });
  } finally {
    await database.close();
  }
}
