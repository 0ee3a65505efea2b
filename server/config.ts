import { isIP } from 'node:net';
import { isLoopback, toProviders, type ProviderSettings } from './config.providers.ts';
import { environment, type Environment, type TrustProxy, type Variable } from './config.variables.ts';

interface Limit {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export interface Config {
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Null where it follows from a port that is only known after listening; see `derivePublicUrl`. */
    readonly publicUrl: string | null;
    readonly allowedOrigins: readonly string[];
    readonly trustProxy: TrustProxy;
    readonly cookieSecure: boolean;
  };
  /** Without a URL: the embedded database in `dataDir`. */
  readonly database: { readonly url: string | null; readonly dataDir: string };
  /** Null: one node, whose events stay in the process. */
  readonly redisUrl: string | null;
  readonly tokens: {
    /** The first signs, all verify. Null: to be generated into `dataDir`. */
    readonly refreshSecrets: readonly string[] | null;
    /** P-256 private keys in PEM; the first signs, all verify. Null: to be generated into `dataDir`. */
    readonly accessKeys: readonly string[] | null;
    readonly accessTtlSeconds: number;
    /** Besides `curfew`. */
    readonly audiences: readonly string[];
    readonly reuseGraceSeconds: number;
  };
  /** In minutes. */
  readonly policy: { readonly idle: Limit; readonly absolute: Limit };
  readonly expiry: {
    readonly warningSeconds: number;
    readonly absoluteWarningSeconds: number;
    readonly sweepSeconds: number;
  };
  readonly retention: { readonly sessionDays: number; readonly auditDays: number };
  /** Failures per 15 minutes. */
  readonly login: {
    readonly failuresPerPair: number;
    readonly failuresPerEmail: number;
    readonly failuresPerAddress: number;
  };
  readonly oidc: {
    /** In the order in which people see them. */
    readonly providers: readonly ProviderSettings[];
    /** Null: the dashboard's callback on the public URL. */
    readonly redirectUris: readonly string[] | null;
  };
  readonly metricsToken: string | null;
  readonly demo: boolean;
  readonly production: boolean;
  readonly logLevel: Environment['LOG_LEVEL'];
}

export interface ConfigFault {
  readonly variable: Variable;
  /** What is wrong and what is expected; never the value, which may be a secret. */
  readonly problem: string;
}

/** Every fault of the environment, one on a line. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(({ variable, problem }) => `${variable}: ${problem}`).join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** What could be read: a variable is missing here when it is unset and has no default, or when it is at fault. */
type Readable = Partial<Environment>;
type IsSet = (variable: Variable) => boolean;

/** The origin at which a server on this host and port is reached without a proxy. */
export function derivePublicUrl(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : isIP(host) === 6 ? `[${host}]` : host;
  return new URL(`http://${name}:${port}`).origin;
}

type Minutes = Extract<Variable, `SESSION_${string}_MINUTES_${string}`>;

function atMost(read: Readable, lesser: Minutes, greater: Minutes): ConfigFault[] {
  const [low, high] = [read[lesser], read[greater]];
  if (low === undefined || high === undefined || low <= high) return [];
  const problem = `${low} is above ${greater}, which is ${high}; expected at most that`;
  return [{ variable: lesser, problem }];
}

function limitFaults(read: Readable): ConfigFault[] {
  return [
    ...atMost(read, 'SESSION_IDLE_MINUTES_MIN', 'SESSION_IDLE_MINUTES_DEFAULT'),
    ...atMost(read, 'SESSION_IDLE_MINUTES_DEFAULT', 'SESSION_IDLE_MINUTES_MAX'),
    ...atMost(read, 'SESSION_ABSOLUTE_MINUTES_MIN', 'SESSION_ABSOLUTE_MINUTES_DEFAULT'),
    ...atMost(read, 'SESSION_ABSOLUTE_MINUTES_DEFAULT', 'SESSION_ABSOLUTE_MINUTES_MAX'),
    ...atMost(read, 'SESSION_IDLE_MINUTES_DEFAULT', 'SESSION_ABSOLUTE_MINUTES_DEFAULT'),
  ];
}

function secretFaults(read: Readable, isSet: IsSet): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (isSet('ACCESS_TOKEN_PRIVATE_KEY') && isSet('ACCESS_TOKEN_PRIVATE_KEY_FILE')) {
    const problem = 'is set together with ACCESS_TOKEN_PRIVATE_KEY_FILE; expected only one of them';
    faults.push({ variable: 'ACCESS_TOKEN_PRIVATE_KEY', problem });
  }
  const reason = isSet('DATABASE_URL')
    ? 'with DATABASE_URL'
    : read.NODE_ENV === 'production'
      ? 'with NODE_ENV=production'
      : null;
  if (reason === null) return faults;
  if (!isSet('REFRESH_TOKEN_SECRET')) {
    const problem = `is missing; expected a secret of at least 32 bytes ${reason}`;
    faults.push({ variable: 'REFRESH_TOKEN_SECRET', problem });
  }
  if (!isSet('ACCESS_TOKEN_PRIVATE_KEY') && !isSet('ACCESS_TOKEN_PRIVATE_KEY_FILE')) {
    const problem = `is missing; expected a P-256 private key in PEM, here or in ACCESS_TOKEN_PRIVATE_KEY_FILE, ${reason}`;
    faults.push({ variable: 'ACCESS_TOKEN_PRIVATE_KEY', problem });
  }
  return faults;
}

function productionFaults(read: Readable, isSet: IsSet): ConfigFault[] {
  if (read.NODE_ENV !== 'production') return [];
  const faults: ConfigFault[] = [];
  const https = 'expected the https origin that browsers use, with NODE_ENV=production';
  if (!isSet('PUBLIC_URL')) {
    faults.push({ variable: 'PUBLIC_URL', problem: `is missing; ${https}` });
  } else if (read.PUBLIC_URL?.startsWith('http:')) {
    faults.push({ variable: 'PUBLIC_URL', problem: `is not https; ${https}` });
  }
  if (read.DEMO) {
    const problem = 'is true; expected false or nothing with NODE_ENV=production';
    faults.push({ variable: 'DEMO', problem });
  }
  return faults;
}

function demoFaults(read: Readable): ConfigFault[] {
  if (!read.DEMO || read.HOST === undefined || isLoopback(read.HOST)) return [];
  const problem = 'is true and HOST is not loopback; expected false, or HOST=127.0.0.1';
  return [{ variable: 'DEMO', problem }];
}

/** Each of these with each other, or none. */
const PROVIDER_PARTS: readonly Variable[][] = [
  ['OIDC_GOOGLE_CLIENT_ID', 'OIDC_GOOGLE_CLIENT_SECRET'],
  ['OIDC_MICROSOFT_CLIENT_ID', 'OIDC_MICROSOFT_CLIENT_SECRET', 'OIDC_MICROSOFT_TENANT'],
];

function providerFaults(read: Readable, isSet: IsSet): ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const parts of PROVIDER_PARTS) {
    const present = parts.find(isSet);
    if (present === undefined) continue;
    for (const variable of parts.filter((part) => !isSet(part)))
      faults.push({ variable, problem: `is missing; expected it together with ${present}` });
  }
  const entries = read.OIDC_PROVIDERS ?? [];
  entries.forEach(({ id, issuer }, index) => {
    const entry = `entry ${index + 1}`;
    const isTaken =
      (id === 'google' && isSet('OIDC_GOOGLE_CLIENT_ID')) ||
      (id === 'microsoft' && isSet('OIDC_MICROSOFT_CLIENT_ID'));
    if (isTaken) {
      const problem = `${entry}: id is taken by OIDC_${id.toUpperCase()}_CLIENT_ID; expected another one`;
      faults.push({ variable: 'OIDC_PROVIDERS', problem });
    }
    if (read.NODE_ENV === 'production' && issuer.startsWith('http:')) {
      const problem = `${entry}: issuer is not https; expected https with NODE_ENV=production`;
      faults.push({ variable: 'OIDC_PROVIDERS', problem });
    }
  });
  return faults;
}

function toConfig(env: Environment): Config {
  const production = env.NODE_ENV === 'production';
  const publicUrl = env.PUBLIC_URL ?? (env.PORT === 0 ? null : derivePublicUrl(env.HOST, env.PORT));
  return {
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl,
      allowedOrigins: env.ALLOWED_ORIGINS ?? [],
      trustProxy: env.TRUST_PROXY,
      cookieSecure: env.COOKIE_SECURE ?? publicUrl?.startsWith('https:') ?? false,
    },
    database: { url: env.DATABASE_URL ?? null, dataDir: env.DATA_DIR },
    redisUrl: env.REDIS_URL ?? null,
    tokens: {
      refreshSecrets: env.REFRESH_TOKEN_SECRET ?? null,
      accessKeys: env.ACCESS_TOKEN_PRIVATE_KEY ?? env.ACCESS_TOKEN_PRIVATE_KEY_FILE ?? null,
      accessTtlSeconds: env.ACCESS_TOKEN_TTL_SECONDS,
      audiences: env.ACCESS_TOKEN_AUDIENCES ?? [],
      reuseGraceSeconds: env.REFRESH_REUSE_GRACE_SECONDS,
    },
    policy: {
      idle: {
        default: env.SESSION_IDLE_MINUTES_DEFAULT,
        min: env.SESSION_IDLE_MINUTES_MIN,
        max: env.SESSION_IDLE_MINUTES_MAX,
      },
      absolute: {
        default: env.SESSION_ABSOLUTE_MINUTES_DEFAULT,
        min: env.SESSION_ABSOLUTE_MINUTES_MIN,
        max: env.SESSION_ABSOLUTE_MINUTES_MAX,
      },
    },
    expiry: {
      warningSeconds: env.SESSION_WARNING_SECONDS,
      absoluteWarningSeconds: env.SESSION_ABSOLUTE_WARNING_SECONDS,
      sweepSeconds: env.SESSION_SWEEP_SECONDS,
    },
    retention: { sessionDays: env.SESSION_RETENTION_DAYS, auditDays: env.AUDIT_RETENTION_DAYS },
    login: {
      failuresPerPair: env.LOGIN_FAILURES_PER_PAIR,
      failuresPerEmail: env.LOGIN_FAILURES_PER_EMAIL,
      failuresPerAddress: env.LOGIN_FAILURES_PER_ADDRESS,
    },
    oidc: { providers: toProviders(env), redirectUris: env.OIDC_REDIRECT_URIS ?? null },
    metricsToken: env.METRICS_TOKEN ?? null,
    demo: env.DEMO ?? (env.DATABASE_URL === undefined && !production && isLoopback(env.HOST)),
    production,
    logLevel: env.LOG_LEVEL,
  };
}

/** An empty variable counts as unset. Throws one `ConfigError` with every fault there is. */
export function loadConfig(env: Record<string, string | undefined>, { isServer = true } = {}): Config {
  const faults: ConfigFault[] = [];
  const read: Readable = {};
  const variables = Object.keys(environment.shape) as Variable[];
  for (const variable of variables) {
    const parsed = environment.shape[variable].safeParse(env[variable] || undefined);
    if (parsed.success) Object.assign(read, { [variable]: parsed.data });
    else faults.push(...parsed.error.issues.map(({ message }) => ({ variable, problem: message })));
  }
  const isSet: IsSet = (variable) => Boolean(env[variable]);
  faults.push(
    ...limitFaults(read),
    // Commands that serve nobody sign nothing.
    ...(isServer ? secretFaults(read, isSet) : []),
    ...productionFaults(read, isSet),
    ...demoFaults(read),
    ...providerFaults(read, isSet),
  );
  if (faults.length > 0) throw new ConfigError(faults);
  return toConfig(read as Environment);
}
