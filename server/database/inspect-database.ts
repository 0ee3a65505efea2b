import { StartError } from '../start-error.ts';
import { destroy } from './connection-settings.ts';
import { NoConnectionError } from './database-errors.ts';
import type { DatabaseClient } from './database-client.ts';

/** What is asked of PostgreSQL before the pool is opened. */
export interface DatabaseFacts {
  /** Holds the tables. */
  readonly schema: string;
  /** PostgreSQL 17 or newer. */
  readonly hasTransactionTimeout: boolean;
  /** Lowers letters by the rules of Unicode, for no language. Null: PostgreSQL was built without ICU. */
  readonly unicodeCollation: string | null;
}

/** Of ICU, in every database that has it. */
export const UNICODE_COLLATION = 'und-x-icu';

const MIN_VERSION = 140_000;
/** Longer than for a request: no one waits yet, and a pooler may be busy with the migration of another node. */
const ANSWER_TIMEOUT_MS = 10_000;
/** A role may have a `statement_timeout` of 1 ms. */
const MAX_ATTEMPTS = 20;

/**
 * Asks the database where the tables live and whether Curfew can use it.
 * @param wanted `DATABASE_SCHEMA`. Null: the first schema of the role's `search_path` that exists.
 * @throws StartError, NoConnectionError
 */
export async function inspectDatabase(client: DatabaseClient, wanted: string | null): Promise<DatabaseFacts> {
  client.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    timer = setTimeout(() => destroy(client, 'The database did not answer in time.'), ANSWER_TIMEOUT_MS);
    const answer = await ask(client, wanted);
    const unfit = reasonAgainst(answer, wanted);
    if (unfit) throw new StartError(unfit);
    return {
      schema: answer.schema!,
      hasTransactionTimeout: answer.hasTransactionTimeout,
      unicodeCollation: answer.hasIcu ? UNICODE_COLLATION : null,
    };
  } catch (error) {
    throw error instanceof StartError ? error : new NoConnectionError(error);
  } finally {
    clearTimeout(timer);
    await Promise.race([client.end(), new Promise((done) => setTimeout(done, 500).unref())]);
    destroy(client, 'It was closed.');
  }
}

/** What the database says of itself and of the role. */
export interface Answer {
  version: number;
  encoding: string;
  user: string;
  database: string;
  searchPath: string;
  schema: string | null;
  exists: boolean;
  mayUse: boolean;
  hasTransactionTimeout: boolean;
  hasIcu: boolean;
}

async function ask(client: DatabaseClient, wanted: string | null): Promise<Answer> {
  const schema = wanted === null ? 'current_schema()' : `'${wanted}'::name`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rows } = await client.query<Answer>(`
        select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
          current_user as "user", current_database() as database, current_setting('search_path') as "searchPath",
          ${schema} as schema, exists (select from pg_namespace where nspname = ${schema}) as exists,
          coalesce((select has_schema_privilege(oid, 'usage') from pg_namespace where nspname = ${schema}), false) as "mayUse",
          current_setting('transaction_timeout', true) is not null as "hasTransactionTimeout",
          exists (select from pg_collation where collname = '${UNICODE_COLLATION}'
            and collnamespace = 'pg_catalog'::regnamespace) as "hasIcu"`);
      return rows[0]!;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || (error as { code?: string }).code !== '57014') throw error;
      await client.query('set statement_timeout = 5000').catch(() => undefined);
    }
  }
}

/** Returns why Curfew cannot use the database, as a sentence for the operator. Null: it can. */
export function reasonAgainst(answer: Answer, wanted: string | null): string | null {
  const { version, encoding, user, database, searchPath, schema, exists, mayUse } = answer;
  if (version < MIN_VERSION)
    return `The database at DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}; Curfew needs 14 or newer.`;
  if (encoding !== 'UTF8')
    return `The database "${database}" of DATABASE_URL has the encoding ${encoding}; create one with: create database ${quote(database)} encoding 'UTF8' template template0`;
  if (wanted !== null && !exists)
    return `The schema of DATABASE_SCHEMA does not exist in the database "${database}"; create it with: create schema ${quote(wanted)} authorization ${quote(user)}`;
  if (schema === null)
    return `DATABASE_URL: the search_path of the role "${user}" (${searchPath || 'empty'}) names no schema that exists and that it may use; create one, grant it USAGE and CREATE, or set DATABASE_SCHEMA.`;
  if (!mayUse)
    return `The role "${user}" may not use the schema of DATABASE_SCHEMA; allow it with: grant usage, create on schema ${quote(schema)} to ${quote(user)}`;
  // MikroORM takes a dot for the end of the schema's name.
  if (schema.includes('.'))
    return `The schema "${schema}" of the role's search_path has a dot in its name; set DATABASE_SCHEMA to another one.`;
  return null;
}

const quote = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
