import { accountCommands } from '../../server/admin/account.commands.ts';
import { readGiven, type Command } from '../../server/admin/command.ts';
import { importCommands } from '../../server/admin/import.commands.ts';
import { serviceKeyCommands } from '../../server/admin/service-key.commands.ts';
import { createAudit } from '../../server/audit/audit.ts';
import { createLogger } from '../../server/logger.ts';
import type { TestApp } from '../harness.ts';

const commands: Record<string, Command> = { ...accountCommands, ...serviceKeyCommands, ...importCommands };

/** Checks what would be typed, as the program does before it opens a database. */
export const prepareCommand = ([name = '', ...args]: readonly string[]) =>
  commands[name]!.prepare(readGiven(args, commands[name]!));

/** Runs a command in this process; resolves with what it prints, rejects with what it says instead. */
export async function runCommand(
  { database, clock, url }: Pick<TestApp, 'database' | 'clock' | 'url'>,
  ...args: string[]
): Promise<string> {
  const audit = createAudit({ retentionDays: 1 });
  const tools = { database, audit, logger: createLogger('silent'), publicUrl: url, now: clock.now() };
  return prepareCommand(args)(tools);
}
