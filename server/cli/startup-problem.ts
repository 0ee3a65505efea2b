import { inspect } from 'node:util';
import { ConfigError } from '../config/config.ts';
import { isUnavailable, isWriteFailure } from '../database/database-errors.ts';
import { errorChain } from '../error-chain.ts';
import { AppError } from '../errors.ts';
import { StartError } from '../start-error.ts';

/** For closing what was opened. Longer than the server's own limit for that. */
const CLOSE_TIMEOUT_MS = 8_000;
/** A connection that the server refused may stay open for a minute, and would keep the process. */
const END_TIMEOUT_MS = 500;

/** Prints why a program did not start, closes what it opened, and ends it with code 1. */
export async function failStart(error: unknown, close = async (): Promise<void> => {}): Promise<void> {
  // eslint-disable-next-line no-console -- there may be no logger yet
  console.error(startupProblem(error));
  process.exitCode = 1;
  setTimeout(() => process.exit(), CLOSE_TIMEOUT_MS).unref();
  // The first failure is the one to show.
  await close().catch(() => {});
  setTimeout(() => process.exit(), END_TIMEOUT_MS).unref();
}

/**
 * Returns the reason why a program did not start: a sentence for the operator, and an unexpected error with its stack
 * and its causes. Holds no password of a URL.
 */
export function startupProblem(error: unknown): string {
  return withoutPasswords(describe(error));
}

function describe(error: unknown): string {
  if (error instanceof ConfigError)
    return `Curfew cannot start with these settings:\n${indent(error.message)}`;
  if (error instanceof StartError || error instanceof AppError) return error.message;
  if (isDamage(error))
    return `The files of the database are damaged (${messageOf(error)}): restore it from a backup.`;
  if (isWriteFailure(error))
    return `The database of DATABASE_URL or DATA_DIR accepts no writes: ${messageOf(error)}`;
  if (isUnavailable(error)) return `The database at DATABASE_URL cannot be reached: ${messageOf(error)}`;
  return [...errorChain(error)].map(stackOf).join('\ncaused by ') || stackOf(error);
}

/** A library may throw something that is no error. */
const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : inspect(error, { depth: 1 });

/** SQLSTATEs of damaged pages and indexes. */
const isDamage = (error: unknown): boolean =>
  errorChain(error).some(({ code }) => code === 'XX001' || code === 'XX002');

const messageOf = (error: unknown): string => (error as Error).message;

/** Messages of libraries may quote the URL that they were given. */
const withoutPasswords = (text: string): string => text.replaceAll(/:\/\/[^\s/@]*@/g, '://***@');

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');
