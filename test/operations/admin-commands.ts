import { readArguments } from '../../server/cli/arguments.ts';
import { commands } from '../../server/cli/commands.ts';
import { createAudit } from '../../server/audit/audit.ts';
import { createLogger } from '../../server/logger.ts';
import type { TestApp } from '../harness.ts';

/** Checks the arguments, as the program does before it opens a database. */
export const prepareCommand = ([name = '', ...args]: readonly string[]) =>
  commands[name]!.prepare(readArguments(args, commands[name]!));

/** Runs a command in this process; resolves with its output, rejects with its refusal. */
export async function runCommand(
  { database, clock, url, config }: Pick<TestApp, 'database' | 'clock' | 'url' | 'config'>,
  ...args: string[]
): Promise<string> {
  const audit = createAudit({ retentionDays: 1 });
  const tools = {
    database,
    audit,
    logger: createLogger('silent'),
    publicUrl: url,
    config,
    sensitiveMaxAgeSeconds: config.sensitiveMaxAgeSeconds,
    clock,
    now: clock.now(),
  };
  return prepareCommand(args)(tools);
}
