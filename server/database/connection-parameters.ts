/** Whether libpq's parameter can be honoured with this value. */
interface Parameter {
  /** The environment variable that stands for it. Null: there is none. */
  readonly variable: string | null;
  /** The values that can be honoured. Absent: all. */
  readonly accepts?: (value: string) => boolean;
  /** What to do about a value that cannot. Ends the sentence "cannot be honoured; expected ...". */
  readonly expected?: string;
}

const any = (variable: string | null): Parameter => ({ variable });
const oneOf = (variable: string | null, ...values: string[]): Parameter => ({
  variable,
  accepts: (value) => values.includes(value),
  expected: values.length === 1 ? `${values[0]!} or nothing` : values.join(', '),
});
const none = (variable: string | null, expected: string): Parameter => ({
  variable,
  accepts: () => false,
  expected,
});
const matching = (variable: string | null, pattern: RegExp, expected: string): Parameter => ({
  variable,
  accepts: (value) => pattern.test(value),
  expected,
});

const NO_GSS = 'nothing: Curfew has no GSSAPI';
const NO_OAUTH = 'nothing: Curfew signs in by password or certificate';
const NO_SERVICE = 'the parameters themselves in DATABASE_URL: service files are not read';
const ONE_HOST = 'one host, whose address follows the primary';
const NO_SCRAM_KEY = 'password or passfile';

/**
 * Every connection parameter of libpq up to PostgreSQL 18 (its manual, section 34.1.2), and those that others add to
 * URLs. docs/databases.md says what each does.
 */
export const PARAMETERS: Readonly<Record<string, Parameter>> = {
  host: matching('PGHOST', /^[^,]*$/, ONE_HOST),
  hostaddr: matching('PGHOSTADDR', /^[\da-f.:]*$/i, 'one IP address'),
  port: matching('PGPORT', /^\d{1,5}$/, 'one port'),
  dbname: matching('PGDATABASE', /^(?!postgres(?:ql)?:\/\/)[^=]*$/, 'the name of a database'),
  user: any('PGUSER'),
  password: any('PGPASSWORD'),
  passfile: any('PGPASSFILE'),
  connect_timeout: matching('PGCONNECT_TIMEOUT', /^[1-9]\d{0,3}$/, 'whole seconds from 1'),
  client_encoding: matching('PGCLIENTENCODING', /^(?:utf-?8|unicode|auto)$/i, 'UTF8 or nothing'),
  options: any('PGOPTIONS'),
  application_name: any('PGAPPNAME'),
  fallback_application_name: any(null),
  keepalives: oneOf(null, '0', '1'),
  keepalives_idle: matching(null, /^\d{1,5}$/, 'whole seconds'),
  keepalives_interval: none(null, 'nothing: it is 1 second'),
  keepalives_count: none(null, 'nothing: it is 10'),
  tcp_user_timeout: none(null, 'nothing: Curfew sets it at the server'),
  target_session_attrs: oneOf('PGTARGETSESSIONATTRS', 'any', 'read-write', 'primary'),
  load_balance_hosts: oneOf('PGLOADBALANCEHOSTS', 'disable'),
  replication: oneOf(null, 'false', 'off', 'no', '0'),

  sslmode: oneOf('PGSSLMODE', 'disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'),
  ssl: oneOf(null, 'true'),
  requiressl: none('PGREQUIRESSL', 'sslmode=require'),
  sslnegotiation: oneOf('PGSSLNEGOTIATION', 'postgres', 'direct'),
  sslcompression: oneOf('PGSSLCOMPRESSION', '0'),
  sslrootcert: any('PGSSLROOTCERT'),
  sslcert: any('PGSSLCERT'),
  sslkey: matching('PGSSLKEY', /^(?!\w{2,}:(?![/\\]))/, 'the path of a file'),
  sslpassword: any(null),
  sslcertmode: oneOf('PGSSLCERTMODE', 'disable', 'allow'),
  sslcrl: any('PGSSLCRL'),
  sslcrldir: none('PGSSLCRLDIR', 'sslcrl with one file'),
  sslkeylogfile: none(null, 'nothing'),
  sslsni: oneOf('PGSSLSNI', '1'),
  ssl_min_protocol_version: oneOf('PGSSLMINPROTOCOLVERSION', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'),
  ssl_max_protocol_version: oneOf('PGSSLMAXPROTOCOLVERSION', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'),
  channel_binding: oneOf('PGCHANNELBINDING', 'disable', 'prefer', 'require'),

  require_auth: none('PGREQUIREAUTH', 'channel_binding=require'),
  requirepeer: none('PGREQUIREPEER', 'sslmode=verify-full over TCP'),
  gssencmode: oneOf('PGGSSENCMODE', 'disable', 'prefer'),
  krbsrvname: none('PGKRBSRVNAME', NO_GSS),
  gsslib: none('PGGSSLIB', NO_GSS),
  gssdelegation: oneOf('PGGSSDELEGATION', '0'),
  service: none('PGSERVICE', NO_SERVICE),
  servicefile: none('PGSERVICEFILE', NO_SERVICE),
  min_protocol_version: oneOf('PGMINPROTOCOLVERSION', '3.0'),
  max_protocol_version: oneOf('PGMAXPROTOCOLVERSION', '3.0', '3.2', 'latest'),
  scram_client_key: none(null, NO_SCRAM_KEY),
  scram_server_key: none(null, NO_SCRAM_KEY),
  oauth_issuer: none(null, NO_OAUTH),
  oauth_client_id: none(null, NO_OAUTH),
  oauth_client_secret: none(null, NO_OAUTH),
  oauth_scope: none(null, NO_OAUTH),

  // Of node-postgres, whose own reading of sslmode this setting replaces by libpq's.
  uselibpqcompat: oneOf(null, 'true'),
  schema: none(null, 'DATABASE_SCHEMA'),
  pgbouncer: none(null, 'DATABASE_PREPARED_STATEMENTS=false'),
  connection_limit: none(null, 'DATABASE_POOL_MAX'),
};

export type Parameters = ReadonlyMap<string, string>;

export interface ParameterFault {
  /** `DATABASE_URL`, or the variable that stands for the parameter. */
  readonly variable: string;
  readonly problem: string;
}

/**
 * Joins the parameters of the URL and of the environment, as libpq does: the URL comes first, and an empty value counts
 * as none. Reports every parameter that cannot be honoured by its name, and never its value.
 */
export function joinParameters(
  inUrl: Iterable<readonly [string, string]>,
  environment: Readonly<Record<string, string | undefined>>,
): { parameters: Parameters; faults: ParameterFault[] } {
  const parameters = new Map<string, string>();
  const faults: ParameterFault[] = [];
  for (const [name, value] of inUrl) {
    const rule = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name]! : null;
    // The name of an unknown parameter may be a part of a password that is not percent-encoded.
    const shown = rule || /^[\w-]{1,40}$/.test(name) ? `parameter ${name}` : 'a parameter';
    if (rule === null) {
      const problem = `${shown} is unknown; expected parameters of libpq (docs/databases.md)`;
      faults.push({ variable: 'DATABASE_URL', problem });
    } else if (value !== '') {
      const problem = problemOf(rule, value, shown);
      if (problem) faults.push({ variable: 'DATABASE_URL', problem });
      parameters.set(name, value);
    }
  }
  for (const [name, rule] of Object.entries(PARAMETERS)) {
    const { variable } = rule;
    const value = variable === null ? undefined : environment[variable];
    if (variable === null || !value || parameters.has(name)) continue;
    const problem = problemOf(rule, value);
    if (problem) faults.push({ variable, problem });
    parameters.set(name, value);
  }
  return { parameters, faults };
}

function problemOf({ accepts, expected }: Parameter, value: string, name?: string): string | null {
  if (!accepts || accepts(value)) return null;
  return `${name ? `${name} ` : ''}cannot be honoured; expected ${expected!}`;
}

/** The variables that stand for parameters. */
export const PARAMETER_VARIABLES: readonly string[] = Object.values(PARAMETERS).flatMap(
  ({ variable }) => variable ?? [],
);
