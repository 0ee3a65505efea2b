import { isIP } from 'node:net';
import { PARAMETER_VARIABLES } from '../database/connection-parameters.ts';
import { readConnection } from '../database/connection-url.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import { isLoopback } from './loopback.ts';
import type { MailSender, SmtpSettings } from './mail-settings.ts';
import { toProviders, type ProviderSettings } from './providers.ts';
import { crossFaults, type ConfigFault, type IsSet, type Readable } from './variable-rules.ts';
import { environment, type Environment, type TrustProxy, type Variable } from './variables.ts';

type Variables = Record<string, string | undefined>;

export interface Config {
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Null: derived from a port that is known only after listening; see `derivePublicUrl`. */
    readonly publicUrl: string | null;
    readonly allowedOrigins: readonly string[];
    readonly trustProxy: TrustProxy;
    readonly cookieSecure: boolean;
    readonly hstsIncludeSubDomains: boolean;
  };
  readonly database: {
    /** Null: the embedded database in `dataDir`. */
    readonly url: string | null;
    readonly dataDir: string;
    /** Null: the first of the role's `search_path`. */
    readonly schema: string | null;
    readonly poolMax: number;
    readonly preparedStatements: boolean;
    /** The `PG*` variables, which count where `url` says nothing. */
    readonly variables: Readonly<Record<string, string | undefined>>;
  };
  /** Null: events between nodes go over PostgreSQL. On the embedded database they stay in the process. */
  readonly redisUrl: string | null;
  readonly tokens: {
    /** The first signs, all verify. Null: generated into `dataDir`. */
    readonly refreshSecrets: readonly string[] | null;
    /** P-256 private keys in PEM. The first signs, all verify. Null: generated into `dataDir`. */
    readonly accessKeys: readonly string[] | null;
    readonly accessTtlSeconds: number;
    /** In addition to `curfew`. */
    readonly audiences: readonly string[];
    readonly reuseGraceSeconds: number;
  };
  /** In minutes. */
  readonly policy: PolicyBounds;
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
  /** How old the caller's authentication may be for a sensitive operation. 0: as old as the session. */
  readonly sensitiveMaxAgeSeconds: number;
  readonly oidc: {
    /** In the order of the sign-in page. */
    readonly providers: readonly ProviderSettings[];
    /** Null: the dashboard's callback on the public URL. */
    readonly redirectUris: readonly string[] | null;
  };
  /** Null: no mails. */
  readonly mail: { readonly smtp: SmtpSettings; readonly from: MailSender } | null;
  readonly events: {
    /** Whether event streams may lead to addresses that are not public, and over http. */
    readonly allowPrivateAddresses: boolean;
    readonly retentionDays: number;
  };
  readonly metricsToken: string | null;
  readonly demo: boolean;
  readonly production: boolean;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly logRequests: boolean;
  /** Whether traces are sent. How, OpenTelemetry reads from its own variables. */
  readonly tracing: boolean;
}

/** Has every fault of the environment. The message has one per line. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(({ variable, problem }) => `${variable}: ${problem}`).join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Returns the origin of a server on this host and port without a proxy. */
export function derivePublicUrl(host: string, port: number): string {
  const isAnyAddress = host === '0.0.0.0' || host === '::';
  const name = isAnyAddress ? 'localhost' : isIP(host) === 6 ? `[${host}]` : host;
  return new URL(`http://${name}:${port}`).origin;
}

function toConfig(env: Environment, all: Variables): Config {
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
      hstsIncludeSubDomains: env.HSTS_INCLUDE_SUBDOMAINS,
    },
    database: {
      url: env.DATABASE_URL ?? null,
      dataDir: env.DATA_DIR,
      schema: env.DATABASE_SCHEMA ?? null,
      poolMax: env.DATABASE_POOL_MAX,
      preparedStatements: env.DATABASE_PREPARED_STATEMENTS,
      variables: Object.fromEntries(
        PARAMETER_VARIABLES.flatMap((name) => (all[name] ? [[name, all[name]]] : [])),
      ),
    },
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
    sensitiveMaxAgeSeconds: env.SENSITIVE_ACTION_MAX_AGE_SECONDS,
    oidc: { providers: toProviders(env), redirectUris: env.OIDC_REDIRECT_URIS ?? null },
    mail: env.SMTP_URL && env.MAIL_FROM ? { smtp: env.SMTP_URL, from: env.MAIL_FROM } : null,
    events: {
      allowPrivateAddresses: env.EVENT_ALLOW_PRIVATE_ADDRESSES,
      retentionDays: env.EVENT_RETENTION_DAYS,
    },
    metricsToken: env.METRICS_TOKEN ?? null,
    demo: env.DEMO ?? (env.DATABASE_URL === undefined && !production && isLoopback(env.HOST)),
    production,
    logLevel: env.LOG_LEVEL,
    logRequests: env.LOG_REQUESTS,
    tracing: isTracingAsked(all),
  };
}

/** Reads the configuration. An empty variable counts as unset. @throws ConfigError with every fault */
export function loadConfig(env: Variables, { isServer = true } = {}): Config {
  const faults: ConfigFault[] = [];
  const read: Readable = {};
  const variables = Object.keys(environment.shape) as Variable[];
  for (const variable of variables) {
    const parsed = environment.shape[variable].safeParse(env[variable] || undefined);
    if (parsed.success) Object.assign(read, { [variable]: parsed.data });
    else faults.push(...parsed.error.issues.map(({ message }) => ({ variable, problem: message })));
  }
  if (read.DATABASE_URL !== undefined) faults.push(...readConnection(read.DATABASE_URL, env).faults);
  const isSet: IsSet = (variable) => Boolean(env[variable]);
  faults.push(...crossFaults(read, isSet, { isServer }));
  if (faults.length > 0) throw new ConfigError(faults);
  return toConfig(read as Environment, env);
}

/** One collector for everything, or one for traces, and not switched off: as OpenTelemetry itself reads them. */
const isTracingAsked = (env: Variables): boolean =>
  Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) &&
  env.OTEL_SDK_DISABLED?.trim().toLowerCase() !== 'true';
