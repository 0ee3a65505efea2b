import type { ClientConfig } from 'pg';
import { destroy, prepareConnection } from './connection-settings.ts';
import { isOutOfConnections, NoConnectionError } from './database-errors.ts';
import type { DatabaseClient } from './database-client.ts';
import type { SessionSettings } from './session-settings.ts';
import type { Timeouts } from './timeouts.ts';

/**
 * Opens a connection with the pool's settings outside of the pool, for work that needs a session of its own. The caller
 * listens to `end` and closes it.
 * @param role added to `application_name`
 * @throws NoConnectionError
 */
export async function openDedicatedConnection(
  parts: {
    Client: new (config: ClientConfig) => DatabaseClient;
    applicationName: string;
    settings: SessionSettings;
    timeouts: Timeouts;
    /** The server has no connection left, so that the pool must leave one. */
    onNoneLeft: () => void;
  },
  role: string,
): Promise<DatabaseClient> {
  const client = new parts.Client({
    application_name: `${parts.applicationName} ${role}`,
    connectionTimeoutMillis: parts.timeouts.connectionMs,
  });
  // A lost connection also emits `end`. An error without a listener would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await prepareConnection(client, parts.settings, parts.timeouts);
    return client;
  } catch (error) {
    destroy(client, 'The connection could not be opened.');
    if (isOutOfConnections(error)) parts.onNoneLeft();
    throw new NoConnectionError(error);
  }
}
