import { ConfigError } from './config.ts';
import { FolderLockedError } from './database/folder-lock.ts';
import { isUnreachable } from './database/failures.ts';
import { AppError } from './errors.ts';

/** What kept a process from starting, in a sentence for the person who started it. The unforeseen is shown whole. */
export function startupProblem(error: unknown): string {
  if (error instanceof ConfigError)
    return `Curfew cannot start with these settings:\n${indent(error.message)}`;
  if (error instanceof FolderLockedError || error instanceof AppError) return error.message;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Stop what listens there, or choose another PORT.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used by this user. Choose another PORT.`;
  if (isUnreachable(error))
    return `The database at DATABASE_URL cannot be reached: ${(error as Error).message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');
