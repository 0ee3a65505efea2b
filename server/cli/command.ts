import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import type { Arguments, ArgumentSpec } from './arguments.ts';

/** The dependencies of a command. */
export interface CommandContext {
  database: Database;
  audit: Audit;
  logger: Logger;
  publicUrl: string;
  /** The settings that commands need beside the database. */
  config: Pick<Config, 'policy' | 'redisUrl'>;
  /** Of owners. Operators are not asked to authenticate again. */
  sensitiveMaxAgeSeconds: number;
  /** Follows the database's time. */
  clock: Clock;
  /** When the command started. */
  now: Date;
}

/** Runs the command and returns the text to print. */
export type RunCommand = (context: CommandContext) => Promise<string>;

export interface Command extends ArgumentSpec {
  /** The text after the command's name in the usage. */
  readonly usage: string;
  /** What `--help` says that it does: a sentence, or several. */
  readonly summary: string;
  /** Checks the arguments before the database is opened. @throws UsageError */
  prepare(given: Arguments): RunCommand;
}
