import type { ClientBase } from 'pg';
import { ReadOnlyError } from './database-errors.ts';
import type { DatabaseClient } from './database-client.ts';
import type { SessionSettings } from './session-settings.ts';
import type { Timeouts } from './timeouts.ts';

/** SQLSTATE `query_canceled`. */
const CANCELED = '57014';
/** A role may have a `statement_timeout` of 1 ms, which counts until it is replaced. */
const MAX_ATTEMPTS = 20;

/**
 * Sets a new connection up in one round trip. Uses SET because PgBouncer rejects startup parameters. Behind a pooler
 * nothing stays with the session, and what is set would reach others, so there each transaction brings its settings
 * (`createStatementSender`). A pooler shows itself by a process id that is not the server's. Rejects a connection to a
 * read-only database, such as the old primary after a failover: its rows may be out of date, and no session can be
 * ended there.
 * @throws ReadOnlyError
 */
export async function prepareConnection(
  client: DatabaseClient,
  settings: SessionSettings,
  timeouts: Timeouts,
): Promise<void> {
  const timer = setTimeout(
    () => destroy(client, 'The database did not answer in time.'),
    timeouts.connectionMs,
  );
  try {
    const { isPooled, isReadOnly } = await setUp(client, setUpStatement(client, settings, timeouts));
    client.isPooled = isPooled;
    if (isReadOnly) throw new ReadOnlyError();
  } finally {
    clearTimeout(timer);
  }
}

interface SetUp {
  isPooled: boolean;
  isReadOnly: boolean;
}

function setUpStatement(client: DatabaseClient, settings: SessionSettings, timeouts: Timeouts): string {
  const seconds = String(Math.ceil(timeouts.tcpMs / 1000));
  const ofSocket = [
    ['tcp_keepalives_idle', seconds],
    ['tcp_keepalives_interval', '1'],
    ['tcp_keepalives_count', seconds],
    ['tcp_user_timeout', String(timeouts.tcpMs)],
  ].map(([name, value]) => `set_config('${name}', '${value}', is_pooled)`);
  // pg's types do not have the process id.
  const { processID } = client as unknown as { processID: number | null };
  return `select is_pooled as "isPooled", ${IS_READ_ONLY} as "isReadOnly",
    ${[...settings.calls('is_pooled'), ...ofSocket].join(', ')}
    from (select pg_backend_pid() <> ${processID ?? 0} as is_pooled) p`;
}

async function setUp(client: DatabaseClient, statement: string): Promise<SetUp> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rows } = await client.query<SetUp>(statement);
      return rows[0]!;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || (error as { code?: string }).code !== CANCELED) throw error;
      // The next attempt has the time that it needs, unless a pooler gives it another session.
      await client.query('set statement_timeout = 5000').catch(() => undefined);
    }
  }
}

const IS_READ_ONLY = `pg_is_in_recovery() or current_setting('transaction_read_only')::boolean`;

/** True on a standby, and where new transactions are read-only. */
export const SELECT_IS_READ_ONLY = `select ${IS_READ_ONLY} as "isReadOnly"`;

/** Destroys a connection without waiting for the server. A statement in flight fails with UNAVAILABLE. */
export function destroy(client: ClientBase, why: string): void {
  // The client's `end` waits for the server's answer. pg-pool uses this stream too, but the types do not have it.
  const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } };
  connection.stream.destroy(Object.assign(new Error(why), { code: 'ETIMEDOUT' }));
}
