import type { Pool, PoolClient } from 'pg';
import type { Database } from './database.ts';
import { withoutLiterals } from './statement-text.ts';
import type { SpanStart, Tracing } from '../tracing/tracing.ts';

/** What runs a statement: a client of the pool, or the embedded database and its transactions. */
interface Runner {
  query(text: unknown, ...rest: unknown[]): unknown;
}
interface Pglite extends Runner {
  transaction<T>(work: (transaction: Runner) => Promise<T>, ...rest: unknown[]): Promise<T>;
}

/**
 * Writes a span for each statement of a request, with its text. Values are not recorded: neither the parameters nor the
 * literals of a text.
 */
export async function traceStatements(database: Database, tracing: Tracing): Promise<void> {
  const native: unknown = await database.orm.driver.getConnection().getNativeClient();
  const traced = new WeakSet<Runner>();
  const namespace = database.kind === 'embedded' ? 'embedded' : null;

  function traceRunner(runner: Runner): void {
    if (traced.has(runner)) return;
    traced.add(runner);
    const query = runner.query.bind(runner);
    runner.query = (text, ...rest) => {
      // Background work is not traced: its statements would be traces of their own, several a second.
      if (!tracing.isInside) return query(text, ...rest);
      // Anything else is a part of the driver's own, such as a cursor.
      if (typeof text !== 'string' || typeof rest.at(-1) === 'function') return query(text, ...rest);
      return tracing.trace(spanOf(text, namespace ?? databaseOf(runner)), async () => query(text, ...rest));
    };
  }

  if (database.kind === 'postgresql') {
    // At each use rather than at each connection: some are open already.
    (native as Pool).on('acquire', (client) => traceRunner(client as Runner & PoolClient));
    return;
  }
  const pglite = native as Pglite;
  traceRunner(pglite);
  const transaction = pglite.transaction.bind(pglite);
  pglite.transaction = (work, ...rest) =>
    transaction(
      (inner) => {
        traceRunner(inner);
        return work(inner);
      },
      ...rest,
    );
}

const databaseOf = (client: Runner & { database?: string }): string => client.database ?? '';

/** As the semantic conventions for databases have it. */
function spanOf(text: string, namespace: string): SpanStart {
  const operation = operationOf(text);
  return {
    name: operation,
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': namespace,
      'db.operation.name': operation,
      'db.query.text': withoutLiterals(text),
    },
  };
}

/** The first word of a statement, after the comment that marks prepared ones. */
const operationOf = (text: string): string =>
  /^\s*(?:\/\*[^*]*\*\/\s*)?([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'STATEMENT';
