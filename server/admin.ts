import { parseArgs } from 'node:util';
import { createAccount } from './accounts/account.creation.ts';
import { createPasswordLink } from './accounts/password-links.ts';
import { normaliseEmail } from './accounts/email.ts';
import { User } from './accounts/user.entity.ts';
import { createAudit, SYSTEM, type Audit } from './audit/audit.ts';
import { startDatabaseClock } from './clock.ts';
import { derivePublicUrl, loadConfig } from './config.ts';
import { migrate } from './database/migrate.ts';
import { readDatabaseTime } from './database/time.ts';
import { openDatabase, type Database } from './database/orm.ts';
import { readEnvironment } from './dotenv.ts';
import { AppError } from './errors.ts';
import { createLogger } from './logger.ts';
import { startupProblem } from './startup-problem.ts';

const USAGE = `Usage:
  npm run admin -- create-account --name NAME --owner-email EMAIL
  npm run admin -- reset-password --email EMAIL`;

interface Tools {
  database: Database;
  audit: Audit;
  publicUrl: string;
  now: Date;
}

type Command = (options: Record<string, string | undefined>, tools: Tools) => Promise<string>;

const commands: Record<string, { options: readonly string[]; run: Command }> = {
  'create-account': {
    options: ['name', 'owner-email'],
    async run({ name, 'owner-email': ownerEmail }, tools) {
      const created = await createAccount({ name: name!, ownerEmail: ownerEmail! }, tools, tools.now);
      return `account: ${created.accountId}\nset-password link: ${created.setPasswordUrl}`;
    },
  },
  'reset-password': {
    options: ['email'],
    async run({ email }, { database, audit, publicUrl, now }) {
      return database.transaction(async (em) => {
        const user = await em.findOne(User, { signInEmail: normaliseEmail(email!) });
        if (!user) throw new AppError('NOT_FOUND', `Nobody signs in as ${email}.`);
        const link = await createPasswordLink(em, user.id, publicUrl, now);
        const resource = { type: 'user' as const, id: user.id };
        const action = 'user.password_reset_requested' as const;
        await audit.record(
          em,
          { accountId: user.accountId, action, actor: SYSTEM, resource, details: {}, ipAddress: null },
          now,
        );
        return `set-password link: ${link}`;
      });
    },
  },
};

try {
  const [name = '', ...rest] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new AppError('BAD_USER_INPUT', USAGE);
  console.log(await runCommand(command.run, readOptions(rest, command.options)));
} catch (error) {
  console.error(startupProblem(error));
  process.exitCode = 1;
}

function readOptions(args: string[], names: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args, options, allowPositionals: false });
    const missing = names.filter((name) => !values[name]);
    if (missing.length === 0) return values;
    throw new Error(
      `${missing.map((name) => `--${name}`).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`,
    );
  } catch (error) {
    throw new AppError('BAD_USER_INPUT', `${(error as Error).message}\n${USAGE}`);
  }
}

async function runCommand(run: Command, options: Record<string, string | undefined>): Promise<string> {
  const config = loadConfig(readEnvironment(), { isServer: false });
  const database = await openDatabase(config.database, createLogger('warn'));
  try {
    await migrate(database);
    const clock = await startDatabaseClock(() => readDatabaseTime(database));
    clock.stop();
    const publicUrl = config.http.publicUrl ?? derivePublicUrl(config.http.host, config.http.port);
    const audit = createAudit({ retentionDays: config.retention.auditDays });
    return await run(options, { database, audit, publicUrl, now: clock.now() });
  } finally {
    await database.close();
  }
}
