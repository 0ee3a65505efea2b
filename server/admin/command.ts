import { parseArgs } from 'node:util';
import type { Audit } from '../audit/audit.ts';
import type { Database } from '../database/orm.ts';
import type { Logger } from '../logger.ts';

/** What a command works with. */
export interface Tools {
  database: Database;
  audit: Audit;
  logger: Logger;
  publicUrl: string;
  now: Date;
}

/** What was typed after a command's name. */
export interface Given {
  /** An option's value; null where it was not given. An empty one counts as not given. */
  text(option: string): string | null;
  /** The value of a required option, or the argument. */
  required(name: string): string;
  has(flag: string): boolean;
}

/** Does the command and returns what to print. */
export type Run = (tools: Tools) => Promise<string>;

export interface Command {
  /** What follows the name in the usage. */
  readonly usage: string;
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  readonly flags?: readonly string[];
  /** The name of the one thing that is given without a dash. */
  readonly argument?: string;
  /** Checks what was given, before a database is opened. @throws WrongUsage */
  prepare(given: Given): Run;
}

/** The message and the usage are all that there is to say. */
export class WrongUsage extends Error {}

/** @throws WrongUsage for what the command does not know and for what it misses */
export function readGiven(args: readonly string[], command: Command): Given {
  const { required = [], optional = [], flags = [], argument } = command;
  const { values, positionals } = parse(args, [...required, ...optional], flags);
  const extra = positionals.slice(argument === undefined ? 0 : 1);
  if (extra.length > 0) throw new WrongUsage(`"${extra[0]}" is one word too many.`);

  const texts = new Map(Object.entries(values).filter(([, value]) => typeof value === 'string' && value));
  if (argument !== undefined && positionals[0]) texts.set(argument, positionals[0]);
  const missing = [
    ...required.filter((name) => !texts.has(name)).map((name) => `--${name}`),
    ...(argument !== undefined && !texts.has(argument) ? [argument] : []),
  ];
  if (missing.length > 0)
    throw new WrongUsage(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`);

  const text = (name: string): string | null => (texts.get(name) as string | undefined) ?? null;
  return { text, required: (name) => text(name)!, has: (flag) => values[flag] === true };
}

function parse(args: readonly string[], texts: readonly string[], flags: readonly string[]) {
  const options = Object.fromEntries([
    ...texts.map((name) => [name, { type: 'string' as const }]),
    ...flags.map((name) => [name, { type: 'boolean' as const }]),
  ]) as Record<string, { type: 'string' | 'boolean' }>;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new WrongUsage((error as Error).message);
  }
}
