import pg, { type ClientConfig, type Connection } from 'pg';
import type { ConnectionSettings } from './connection-url.ts';
import type { Timeouts } from './timeouts.ts';
import type { TlsAttempt } from './tls-settings.ts';

const { Client, Connection: NewConnection } = pg;

/** What pg's client keeps to itself. Its types do not have it; test/databases/tls.test.ts holds it in place. */
interface Internals {
  connection: Connection;
  ssl: unknown;
  sslNegotiation: 'postgres' | 'direct';
  _connecting: boolean;
  _connectionError: boolean;
  _ended: boolean;
  getStartupConf(): Record<string, string>;
}

type Callback = (error: Error | null, client?: pg.Client) => void;

/** A client whose session behaves the same under each role, database and environment. */
export interface DatabaseClient extends pg.Client {
  /** Whether the connection leads to a pooler. Known after `prepareConnection`. */
  isPooled: boolean;
}

/**
 * Returns the class of clients that connect with these settings. It adds to pg's own what `sslmode=prefer` and `allow`
 * need, which is a second attempt, and `channel_binding=require`.
 */
export function clientClassOf(
  connection: ConnectionSettings,
  timeouts: Timeouts,
): new (config?: ClientConfig) => DatabaseClient {
  const settings = { ...connection, keepAliveIdleMs: connection.keepAliveIdleMs ?? timeouts.tcpMs };
  return class extends Client implements DatabaseClient {
    isPooled = false;

    constructor(config: ClientConfig = {}) {
      super({ ...config, ...clientConfigOf(settings, config) } as ClientConfig);
      requireChannelBinding(settings, internalsOf(this).connection);
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: ((error: Error) => void) | ((error: null, client: pg.Client) => void)): void;
    override connect(callback?: unknown): Promise<pg.Client> | void {
      if (callback) return this.#connect(0, callback as Callback);
      return new Promise((connected, failed) =>
        this.#connect(0, (error) => (error ? failed(error) : connected(this))),
      );
    }

    /** `refusal`: what the server said to the attempt before. It tells more than that it has no TLS. */
    #connect(index: number, callback: Callback, refusal: Error | null = null): void {
      const connected = (error: Error | null): void => {
        const next = settings.attempts[index + 1];
        if (!error) return callback(null, this);
        if (!next || !mayAttemptOtherwise(error)) return callback(refusal ?? error);
        this.#startAgain(next);
        this.#connect(index + 1, callback, codeOf(error) === REFUSED ? error : null);
      };
      super.connect(connected);
    }

    /** pg connects a client once. This makes it a new one. */
    #startAgain(attempt: TlsAttempt): void {
      const client = internalsOf(this);
      const { connection: failed } = client;
      failed.removeAllListeners();
      failed.on('error', () => {});
      failed.stream.destroy();
      const connection = new NewConnection(connectionConfigOf(settings, attempt) as never);
      requireChannelBinding(settings, connection);
      Object.assign(client, {
        connection,
        ssl: attempt.tls ?? false,
        sslNegotiation: negotiationOf(attempt),
        _connecting: false,
        _connectionError: false,
        _ended: false,
      } satisfies Partial<Internals>);
    }

    /**
     * Of all settings a pooler takes these at the start, and keeps them for the session. The settings of the role would
     * count until the first statement, and in what a pooler reports.
     */
    getStartupConf(): Record<string, string> {
      const { options: _, ...conf } = (Client.prototype as unknown as Internals).getStartupConf.call(this);
      const { options } = settings;
      return { ...conf, ...(options ? { options } : {}), DateStyle: 'ISO, YMD', TimeZone: 'UTC' };
    }
  };
}

const internalsOf = (client: pg.Client): Internals => client as unknown as Internals;

const negotiationOf = (attempt: TlsAttempt): 'direct' | 'postgres' =>
  attempt.tls !== null && attempt.isDirect ? 'direct' : 'postgres';

/** Everything is given here, because pg would take what is missing from `PG*` variables in its own way. */
function clientConfigOf(settings: ConnectionSettings, config: ClientConfig): object {
  const [attempt] = settings.attempts;
  return {
    host: settings.address,
    port: settings.port,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    application_name: config.application_name ?? settings.applicationName,
    enableChannelBinding: settings.channelBinding !== 'disable',
    ...connectionConfigOf(settings, attempt!),
  };
}

/** Copied for each connection: pg hides the key in the object that it gets. */
function connectionConfigOf(settings: ConnectionSettings, attempt: TlsAttempt): object {
  return {
    ssl: attempt.tls === null ? false : { ...attempt.tls },
    sslNegotiation: negotiationOf(attempt),
    sslnegotiation: negotiationOf(attempt),
    keepAlive: settings.keepAlive,
    keepAliveInitialDelayMillis: settings.keepAliveIdleMs ?? 0,
    encoding: 'utf8',
  };
}

/** SQLSTATE `invalid_authorization_specification`. */
const REFUSED = '28000';

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? '';

/**
 * Whether the other attempt of `sslmode=prefer` or `allow` may succeed: the server has no TLS, TLS failed, or the server
 * refuses connections without it, or with it, in pg_hba.conf (SQLSTATE 28000).
 */
function mayAttemptOtherwise(error: Error): boolean {
  const code = codeOf(error);
  return (
    code === REFUSED ||
    code === 'EPROTO' ||
    /^(?:ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code) ||
    /does not support SSL connections|error establishing an SSL connection/.test(error.message)
  );
}

/** Ends the connection before it sends a password that is not bound to the certificate of the server. */
function requireChannelBinding({ channelBinding }: ConnectionSettings, connection: Connection): void {
  if (channelBinding !== 'require') return;
  let isBound = false;
  const refuse = (): void => {
    // The server may already have said that it is ready.
    connection.removeAllListeners('readyForQuery');
    connection.emit(
      'error',
      new Error('the server offers no channel binding, which channel_binding requires'),
    );
    connection.stream.destroy();
  };
  connection.prependListener('authenticationCleartextPassword', refuse);
  connection.prependListener('authenticationMD5Password', refuse);
  connection.prependListener('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => {
    isBound = mechanisms.includes('SCRAM-SHA-256-PLUS') && 'encrypted' in connection.stream;
    if (!isBound) refuse();
  });
  connection.prependListener('authenticationOk', () => {
    if (!isBound) refuse();
  });
}
