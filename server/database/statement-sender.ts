import { createHash } from 'node:crypto';
import pg, { type Connection, type Pool, type QueryArrayConfig, type QueryResult } from 'pg';
import type { Logger } from '../logger.ts';
import { isLostPreparedStatement, isOutdatedPreparedStatement } from './database-errors.ts';
import type { DatabaseClient } from './database-client.ts';
import { isPrepared } from './prepared-statements.ts';
import type { SessionSettings } from './session-settings.ts';

/** A statement as pg takes it. */
interface Statement {
  text: string;
  values?: unknown[];
  /** Prepared under it. */
  name?: string;
}

type Send = (statement: Statement) => Promise<QueryResult>;

/**
 * Decides how each statement of the pool travels: marked ones are prepared (`PREPARED`), and behind a pooler each
 * transaction brings its settings. `isPreparing` false: nothing is prepared.
 */
export function sendStatementsOf(
  pool: Pool,
  options: { settings: SessionSettings; isPreparing: boolean; logger: Logger },
): void {
  let { isPreparing } = options;

  function stopPreparing(): void {
    if (!isPreparing) return;
    isPreparing = false;
    options.logger.warn(
      { part: 'database' },
      'the database, or a pooler before it, does not keep prepared statements: they are off until the next start; ' +
        'set DATABASE_PREPARED_STATEMENTS=false',
    );
  }

  pool.on('connect', (connected) => {
    const client = connected as unknown as DatabaseClient;
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const sendPlain: Send = (statement) => query(statement) as Promise<QueryResult>;
    const send = client.isPooled ? sendWithSettings(client, query, options.settings) : sendPlain;
    const sendPrepared = prepareStatements(client, send, stopPreparing);

    const sent = (text: unknown, ...rest: unknown[]): unknown => {
      if (typeof text !== 'string' || rest.length > 1) return query(text, ...rest);
      const statement: Statement = { text, values: rest[0] as unknown[] | undefined };
      return isPreparing && isPrepared(text) ? sendPrepared(statement) : send(statement);
    };
    client.query = sent as typeof client.query;
  });
}

/**
 * Prepares each statement under a name made of its text: behind a pooler that name may already belong to another node,
 * which then means the same statement.
 */
function prepareStatements(client: DatabaseClient, send: Send, stopPreparing: () => void): Send {
  /** How often the prepared statement of a text became outdated. PostgreSQL keeps an outdated one under its name. */
  const versions = new Map<string, number>();
  return async (statement) => {
    const { text } = statement;
    const version = versions.get(text) ?? 0;
    try {
      return await send({ ...statement, name: `${nameOf(text)}_${version}` });
    } catch (error) {
      if (isLostPreparedStatement(error)) stopPreparing();
      else if (isOutdatedPreparedStatement(error)) versions.set(text, version + 1);
      else throw error;
      // A transaction has failed with it and runs again as a whole.
      if (client.getTransactionStatus() !== 'I') throw error;
      return send(statement);
    }
  };
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `curfew_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
    names.set(text, name);
  }
  return name;
}

/** Sends the settings with each transaction, and with each statement that is one by itself, in the same round trip. */
function sendWithSettings(
  client: DatabaseClient,
  query: (...args: unknown[]) => unknown,
  settings: SessionSettings,
): Send {
  return (statement) => {
    if (statement.text === 'begin') return query(settings.begin) as Promise<QueryResult>;
    if (client.getTransactionStatus() !== 'I') return query(statement) as Promise<QueryResult>;
    return new Promise((resolve, reject) => {
      query(
        new QueryWithSettings(settings.forTransaction, statement, (error, result) =>
          error ? reject(error) : resolve(result),
        ),
      );
    });
  };
}

interface QueryInternals {
  prepare(connection: Connection): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
}

/**
 * A statement with another one before it, which returns no row. Both are one transaction: PostgreSQL commits at the
 * message Sync, which follows the second one.
 */
class QueryWithSettings extends pg.Query {
  readonly #before: string;
  #isBeforeDone = false;

  constructor(before: string, statement: Statement, callback: (error: Error, result: QueryResult) => void) {
    super(statement as QueryArrayConfig, callback as never);
    this.#before = before;
  }

  requiresPreparation(): boolean {
    return true;
  }

  prepare(connection: Connection): void {
    // The types ask for what the messages do not need.
    const messages = connection as unknown as Record<'parse' | 'bind' | 'execute', (config: object) => void>;
    messages.parse({ text: this.#before, name: '', types: [] });
    messages.bind({ portal: '', statement: '', values: [] });
    messages.execute({ portal: '', rows: 0 });
    inherited.prepare.call(this, connection);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#isBeforeDone) return inherited.handleCommandComplete.call(this, message, connection);
    this.#isBeforeDone = true;
  }
}

/** pg's types do not have these. */
const inherited = pg.Query.prototype as unknown as QueryInternals;
