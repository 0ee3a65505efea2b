import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Parameters } from './connection-parameters.ts';

interface Wanted {
  host: string;
  port: number;
  database: string;
  user: string;
}

/** Sockets in these folders count as `localhost`, as for libpq. */
const LOCAL = new Set(['/var/run/postgresql', '/tmp']);

/**
 * Returns a function that looks a password up in libpq's password file: `passfile`, else `~/.pgpass`. Like libpq it
 * ignores a file that others can read.
 */
export function readPasswordFile(parameters: Parameters, wanted: Wanted): () => string | undefined {
  const path = parameters.get('passfile') ?? join(homedir(), '.pgpass');
  const { port, database, user } = wanted;
  const host = LOCAL.has(wanted.host) ? 'localhost' : wanted.host;
  return () => {
    const lines = contentOf(path).split(/\r?\n/);
    for (const line of lines) {
      if (line.startsWith('#')) continue;
      const fields = fieldsOf(line);
      const matches = [host, String(port), database, user].every(
        (value, index) => fields[index] === '*' || fields[index] === value,
      );
      if (matches && fields[4] !== undefined) return fields[4];
    }
    return undefined;
  };
}

function contentOf(path: string): string {
  try {
    const { mode } = statSync(path);
    return (mode & 0o077) === 0 || process.platform === 'win32' ? readFileSync(path, 'utf8') : '';
  } catch {
    // No file, no password: the server says so if it needs one.
    return '';
  }
}

/** Splits at colons. A backslash escapes a colon or a backslash. */
function fieldsOf(line: string): string[] {
  const fields = [''];
  for (const [part] of line.matchAll(/\\[\\:]|[^]/g)) {
    if (part === ':') fields.push('');
    else fields[fields.length - 1] += part.length === 2 ? part[1]! : part;
  }
  return fields;
}
