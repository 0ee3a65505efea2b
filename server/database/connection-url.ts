import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import { joinParameters, type ParameterFault, type Parameters } from './connection-parameters.ts';
import { readPasswordFile } from './password-file.ts';
import { readTls, type TlsAttempt } from './tls-settings.ts';

/** How to connect to PostgreSQL, read from `DATABASE_URL` and the `PG*` variables. */
export interface ConnectionSettings {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  /** Where to connect to for `host`: its address, when that is given. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Read again for each connection from a password file. */
  readonly password: string | (() => string | undefined);
  readonly database: string;
  readonly applicationName: string;
  readonly options: string | undefined;
  /** Null: Curfew's own timeout. */
  readonly connectTimeoutMs: number | null;
  readonly keepAlive: boolean;
  /** Null: Curfew's own. */
  readonly keepAliveIdleMs: number | null;
  readonly channelBinding: 'disable' | 'prefer' | 'require';
  /** One after the other until one succeeds, as `sslmode` says. */
  readonly attempts: readonly TlsAttempt[];
}

const URI = /^postgres(?:ql)?:\/\/(?:([^/?]*)@)?([^/?@]*)(?:\/([^?]*))?(?:\?(.*))?$/s;
/** Where Debian and PostgreSQL itself put the socket. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/tmp'];
const NOT_A_URL =
  'is not a PostgreSQL URL; expected postgres://user:password@host:port/database?parameter=value (percent-encoded)';

/** Reads the settings. With faults they are not complete. The files that they name are read too. */
export function readConnection(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): { settings: ConnectionSettings; faults: ParameterFault[] } {
  const parsed = parseUrl(url);
  const { parameters, faults } = joinParameters(parsed ?? [], environment);
  if (parsed === null) faults.unshift({ variable: 'DATABASE_URL', problem: NOT_A_URL });
  const nameOf = (parameter: string, variable: string | null): string =>
    parsed?.some(([name, value]) => name === parameter && value !== '') || variable === null
      ? 'DATABASE_URL'
      : variable;

  const port = Number(parameters.get('port') ?? 5432);
  if (port < 1 || port > 65_535)
    faults.push({ variable: nameOf('port', 'PGPORT'), problem: 'has no valid port; expected 1 to 65535' });
  const address = parameters.get('hostaddr');
  if (address !== undefined && isIP(address) === 0)
    faults.push({ variable: nameOf('hostaddr', 'PGHOSTADDR'), problem: 'hostaddr is no IP address' });
  const host = parameters.get('host') ?? address ?? defaultHost(port);
  const user = parameters.get('user') ?? userInfo().username;
  const database = parameters.get('dbname') ?? user;
  const seconds = (name: string): number | null =>
    parameters.has(name) ? Number(parameters.get(name)) * 1000 : null;
  const timeout = seconds('connect_timeout');
  const tls = readTls(parameters, host, nameOf);
  return {
    settings: {
      host,
      address: address ?? host,
      port,
      user,
      password: parameters.get('password') ?? readPasswordFile(parameters, { host, port, database, user }),
      database,
      applicationName:
        parameters.get('application_name') ?? parameters.get('fallback_application_name') ?? 'curfew',
      options: parameters.get('options'),
      // libpq takes 1 for 2 as well.
      connectTimeoutMs: timeout === null ? null : Math.max(timeout, 2_000),
      keepAlive: parameters.get('keepalives') !== '0',
      keepAliveIdleMs: seconds('keepalives_idle') || null,
      channelBinding: bindingOf(parameters),
      attempts: tls.attempts,
    },
    faults: [...faults, ...tls.faults],
  };
}

function bindingOf(parameters: Parameters): ConnectionSettings['channelBinding'] {
  const value = parameters.get('channel_binding');
  return value === 'prefer' || value === 'require' ? value : 'disable';
}

/** Returns the parts of a URL as parameters. Those after the question mark win. Null: it is not a PostgreSQL URL. */
function parseUrl(url: string): [string, string][] | null {
  const match = URI.exec(url);
  if (!match) return null;
  const [, credentials = '', hosts = '', database = '', query = ''] = match;
  const [user, ...password] = credentials.split(':');
  const isSingle = !hosts.includes(',');
  const place = isSingle ? /^(\[[^\]]+\]|[^:]*)(?::(\d*))?$/.exec(hosts) : null;
  if (isSingle && !place) return null;
  try {
    const parts: [string, string][] = [
      ['user', decodeURIComponent(user!)],
      ['password', decodeURIComponent(password.join(':'))],
      ['host', isSingle ? decodeURIComponent(place![1]!.replace(/^\[(.*)\]$/, '$1')) : hosts],
      ['port', place?.[2] ?? ''],
      ['dbname', decodeURIComponent(database)],
    ];
    for (const pair of query.split('&').filter(Boolean)) {
      const [name, ...value] = pair.split('=');
      parts.push([decodeURIComponent(name!), decodeURIComponent(value.join('='))]);
    }
    return [...new Map(parts.filter(([, value], index) => index > 4 || value !== ''))];
  } catch {
    // A percent sign that begins no code.
    return null;
  }
}

/** Like libpq: the socket of this machine. Without one it is the TCP port of this machine. */
function defaultHost(port: number): string {
  return SOCKET_FOLDERS.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost';
}
