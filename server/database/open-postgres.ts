import { MikroORM, defineConfig } from '@mikro-orm/postgresql';
import type { Client, ClientBase, Pool } from 'pg';
import type { Logger } from '../logger.ts';
import { toConnectProblem } from './connect-problem.ts';
import { limitConnections, type ConnectionLimit } from './connection-limit.ts';
import { prepareConnection } from './connection-settings.ts';
import { readConnection, type ConnectionSettings } from './connection-url.ts';
import { watchConnections, type ConnectionWatch } from './connection-watch.ts';
import { NoConnectionError } from './database-errors.ts';
import type { DatabaseOptions } from './database.ts';
import { clientClassOf, type DatabaseClient } from './database-client.ts';
import { openDedicatedConnection } from './dedicated-connection.ts';
import { endPoolOnce } from './end-pool-once.ts';
import { inspectDatabase } from './inspect-database.ts';
import type { OrmOptions } from './orm-options.ts';
import { releaseLostConnections } from './release-lost-connections.ts';
import { sendStatementsOf } from './statement-sender.ts';
import { sessionSettingsOf } from './session-settings.ts';
import type { Timeouts } from './timeouts.ts';
import type { WriteHealth } from './write-health.ts';

/** Connections of a node's pool, unless `DATABASE_POOL_MAX` says otherwise. */
const POOL_MAX = 16;
const IDLE_TIMEOUT_MS = 30_000;

export interface OpenPostgres {
  readonly orm: MikroORM;
  /** Holds the tables. */
  readonly schema: string;
  readonly unicodeCollation: string | null;
  readonly limit: ConnectionLimit;
  readonly watch: ConnectionWatch;
  openDedicatedConnection(role: string): Promise<Client>;
  close(): Promise<void>;
}

/** Opens the pool and the ORM on it. @throws StartError when there is no connection, or the database is unfit */
export async function openPostgres(
  options: DatabaseOptions & { url: string },
  common: OrmOptions,
  { timeouts, health, logger }: { timeouts: Timeouts; health: WriteHealth; logger: Logger },
): Promise<OpenPostgres> {
  const connection = connectionOf(options);
  const connectionTimeoutMillis = connection.connectTimeoutMs ?? timeouts.connectionMs;
  const Client = clientClassOf(connection, timeouts);
  const facts = await inspectDatabase(new Client({ connectionTimeoutMillis }), options.schema ?? null).catch(
    async (error: unknown) => {
      throw error instanceof NoConnectionError ? await toConnectProblem(error, connection) : error;
    },
  );
  const { schema, unicodeCollation } = facts;
  const settings = sessionSettingsOf({ ...facts, timeouts });
  const opened = Promise.withResolvers<{ pool: Pool; limit: ConnectionLimit; watch: ConnectionWatch }>();
  const orm = await MikroORM.init(
    defineConfig({
      ...common,
      dbName: connection.database,
      schema,
      driverOptions: {
        Client,
        min: 0,
        max: options.poolMax ?? POOL_MAX,
        idleTimeoutMillis: IDLE_TIMEOUT_MS,
        connectionTimeoutMillis,
        onConnect: (client: ClientBase) => prepareConnection(client as DatabaseClient, settings, timeouts),
        onPoolCreated(pool: Pool) {
          const limit = limitConnections(pool, {
            timeoutMs: timeouts.connectionMs,
            onShrink: () => watch.dropIdle(),
          });
          sendStatementsOf(pool, { settings, isPreparing: options.preparedStatements ?? true, logger });
          releaseLostConnections(pool);
          const watch = watchConnections(pool, timeouts, health.recordWriteFailure);
          opened.resolve({ pool: endPoolOnce(pool), limit, watch });
        },
      },
    }),
  );
  // The pool is created at its first use.
  await orm.driver.getConnection().getNativeClient();
  const { pool, limit, watch } = await opened.promise;
  return {
    orm,
    schema,
    unicodeCollation,
    limit,
    watch,
    openDedicatedConnection: (role) =>
      openDedicatedConnection(
        {
          Client,
          applicationName: connection.applicationName,
          settings,
          timeouts,
          onNoneLeft: () => limit.leaveOne(),
        },
        role,
      ),
    async close() {
      // Closing waits for the server's answer on each connection. A silent one is destroyed after the timeout.
      const timer = setTimeout(() => watch.dropAll(), timeouts.connectionMs);
      await pool.end();
      clearTimeout(timer);
      watch.stop();
      await orm.close(true);
    },
  };
}

function connectionOf({ url, variables = {} }: DatabaseOptions & { url: string }): ConnectionSettings {
  const { settings, faults } = readConnection(url, variables);
  const [fault] = faults;
  if (fault) throw new Error(`${fault.variable}: ${fault.problem}`);
  return settings;
}
