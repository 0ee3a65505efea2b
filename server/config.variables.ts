import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { clientId, clientSecret, microsoftTenant, providers, readRedirectUri } from './config.providers.ts';

/** In the form that Fastify's `trustProxy` takes. */
export type TrustProxy = boolean | string | ((address: string, hop: number) => boolean);

// GraphQL's Int has 32 bits, and a session counts its limits in seconds.
const MAX_INT = 2 ** 31 - 1;
const MAX_MINUTES = Math.floor(MAX_INT / 60);

// No message repeats a value: a secret pasted into the wrong variable must not reach a log.
const fault = (problem: string, expected: string) => `${problem}; expected ${expected}`;

function wholeNumber(min: number, max: number = MAX_INT) {
  const expected = `a whole number from ${min} to ${max}`;
  const outOfRange = fault('is out of range', expected);
  return z
    .string()
    .regex(/^-?\d+$/, fault('is not a whole number', expected))
    .transform(Number)
    .pipe(z.number().min(min, outOfRange).max(max, outOfRange));
}

function positiveNumber() {
  const message = fault('is not a positive number', 'digits, with a decimal point if need be');
  return z
    .string()
    .regex(/^\d*\.?\d+$/, message)
    .transform(Number)
    .pipe(z.number(message).positive(message));
}

function trueOrFalse() {
  return z
    .enum(['true', 'false'], fault('is neither true nor false', 'true or false'))
    .transform((text) => text === 'true');
}

function choice<const Name extends string>(names: readonly Name[]) {
  return z.enum(names, fault('is not one of the choices', names.join(', ')));
}

function matching(pattern: RegExp, problem: string, expected: string) {
  return z.string().regex(pattern, fault(problem, expected));
}

/** Splits at commas; reports every bad entry by its position and never by its content. */
function list<Entry extends string>(
  expected: string,
  read: (entry: string) => Entry | undefined,
  tidy: (entry: string) => string = (entry) => entry.trim(),
) {
  return z.string().transform((text, context): readonly Entry[] => {
    const entries = text.split(',').map((entry) => read(tidy(entry)));
    entries.forEach((entry, index) => {
      if (entry === undefined) context.addIssue(fault(`entry ${index + 1} is not valid`, expected));
      else if (entries.indexOf(entry) < index)
        context.addIssue(fault(`entry ${index + 1} repeats an earlier one`, expected));
    });
    return entries.filter((entry) => entry !== undefined);
  });
}

/** The origin as browsers send it (lower case, default port left out). */
function readOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/\s*]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.href === `${url.origin}/` ? url.origin : undefined;
}

function origin() {
  return z.string().transform((text, context) => {
    const read = readOrigin(text);
    if (read !== undefined) return read;
    context.addIssue(fault('is not an origin', 'http(s)://host or http(s)://host:port without a path'));
    return z.NEVER;
  });
}

function isHost(text: string): boolean {
  if (isIP(text) !== 0) return !text.includes('%');
  return /^[\w.-]+$/.test(text) && URL.canParse(`http://${text}`);
}

function readNetwork(text: string): string | undefined {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  const bits = family === 6 ? 128 : family === 4 ? 32 : 0;
  const length = Number(prefix ?? bits);
  return length >= 1 && length <= bits ? text : undefined;
}

function trustProxy() {
  const expected =
    'true, false, a hop count from 1 up, or a comma separated list of addresses and CIDR ranges';
  const networks = list(expected, readNetwork).transform((entries) => entries.join(','));
  const hopCount = wholeNumber(1).transform(
    // Fastify 5.12 takes a bare number as "trust nobody", so the count is handed over as a function.
    (count) => (_address: string, hop: number) => hop < count,
  );
  return z.string().transform((text, context): TrustProxy => {
    if (text === 'true' || text === 'false') return text === 'true';
    const parsed = (/^-?\d+$/.test(text) ? hopCount : networks).safeParse(text);
    if (parsed.success) return parsed.data;
    context.addIssue(fault('is not valid', expected));
    return z.NEVER;
  });
}

function refreshSecrets() {
  const expected = 'comma separated secrets of at least 32 bytes each, without spaces around them';
  const read = (entry: string) =>
    Buffer.byteLength(entry) >= 32 && entry === entry.trim() ? entry : undefined;
  // Trimming would silently sign with another key than the one that was written.
  return list(expected, read, (entry) => entry);
}

const PEM_EXPECTED = 'P-256 private keys in PEM, without a passphrase, one after the other';

/** The public half of a P-256 private key, or undefined for anything else. */
function publicHalf(pem: string): string | undefined {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
    return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    return undefined;
  }
}

function readKeys(text: string, report: (message: string) => void): readonly string[] {
  const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;
  // `openssl ecparam -genkey` puts the curve's name before the key.
  const pems = (text.match(block) ?? []).filter((pem) => !pem.startsWith('-----BEGIN EC PARAMETERS'));
  if (text.replace(block, '').includes('-----')) report(fault('has an incomplete PEM block', PEM_EXPECTED));
  else if (pems.length === 0) report(fault('has no PEM block', PEM_EXPECTED));
  const halves = pems.map(publicHalf);
  halves.forEach((half, index) => {
    if (half === undefined) report(fault(`key ${index + 1} is not a P-256 private key`, PEM_EXPECTED));
    else if (halves.indexOf(half) < index)
      report(fault(`key ${index + 1} repeats an earlier one`, PEM_EXPECTED));
  });
  return pems;
}

function keys() {
  return z.string().transform((text, context) =>
    // Where an environment file cannot hold line breaks, they are written as \n.
    readKeys(text.replaceAll('\\n', '\n'), (message) => context.addIssue(message)),
  );
}

function keyFile() {
  return z.string().transform((path, context) => {
    try {
      return readKeys(readFileSync(path, 'utf8'), (message) => context.addIssue(message));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      context.addIssue(fault(`cannot be read (${code})`, `the path of a file with ${PEM_EXPECTED}`));
      return z.NEVER;
    }
  });
}

const listening = {
  HOST: z
    .string()
    .refine(isHost, fault('is not a host', 'an IP address or a host name, without port, brackets or zone'))
    .prefault('127.0.0.1')
    .describe('The address it listens on.'),
  PORT: wholeNumber(0, 65535).prefault('4000').describe('The port it listens on; 0 takes any free one.'),
  PUBLIC_URL: origin()
    .optional()
    .describe('The origin that browsers use (https where TLS ends at a proxy); derived from HOST and PORT.'),
  ALLOWED_ORIGINS: list('comma separated origins such as https://app.example.com', readOrigin)
    .optional()
    .describe('Further browser origins, comma separated, for CORS and WebSocket; they use bearer tokens.'),
  COOKIE_SECURE: trueOrFalse()
    .optional()
    .describe('Whether the refresh cookie is Secure; by default true when PUBLIC_URL is https.'),
  TRUST_PROXY: trustProxy()
    .prefault('false')
    .describe(
      'Whose X-Forwarded-* headers count: true, false, comma separated addresses and CIDR ranges, or a hop count (only where clients cannot reach it around the proxies).',
    ),
};

const database = {
  DATABASE_URL: z
    .string()
    .refine(
      (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
      fault('is not a PostgreSQL URL', 'postgres://user:password@host:port/database (percent-encoded)'),
    )
    .optional()
    .describe('PostgreSQL 14 or newer; without it an embedded database in DATA_DIR.'),
  DATA_DIR: matching(/\S/, 'is blank', 'the path of a folder')
    .prefault('.data')
    .describe('The folder of the embedded database and of the secrets generated for it.'),
};

const nodes = {
  REDIS_URL: z
    .string()
    .refine(
      (text) => /^rediss?:\/\/[^/?#]/.test(text) && URL.canParse(text),
      fault('is not a Redis URL', 'redis:// or rediss://user:password@host:port (percent-encoded)'),
    )
    .optional()
    .describe('Redis 6 or newer, which carries events between several nodes; without it they stay in one.'),
};

const tokens = {
  REFRESH_TOKEN_SECRET: refreshSecrets()
    .optional()
    .describe(
      'Keys of refresh tokens, comma separated, at least 32 bytes each: the first signs, all verify. Generated on the embedded database, required with DATABASE_URL.',
    ),
  ACCESS_TOKEN_PRIVATE_KEY: keys()
    .optional()
    .describe(
      'P-256 private keys in PEM, one after the other: the first signs, all verify and are published. Generated on the embedded database, required with DATABASE_URL.',
    ),
  ACCESS_TOKEN_PRIVATE_KEY_FILE: keyFile().optional().describe('A file that holds these keys instead.'),
  ACCESS_TOKEN_TTL_SECONDS: positiveNumber().prefault('300').describe('The life of an access token.'),
  ACCESS_TOKEN_AUDIENCES: list('comma separated names without spaces, other than curfew', (entry) =>
    /^[\x21-\x7e]+$/.test(entry) && entry !== 'curfew' ? entry : undefined,
  )
    .optional()
    .describe('Further audiences that a caller may ask for, comma separated.'),
  REFRESH_REUSE_GRACE_SECONDS: wholeNumber(0, 60)
    .prefault('10')
    .describe('How long the parent of a refresh token may be replayed after its rotation, 0 to 60.'),
};

const minutes = (fallback: string, description: string) =>
  wholeNumber(1, MAX_MINUTES).prefault(fallback).describe(description);

const policy = {
  SESSION_IDLE_MINUTES_DEFAULT: minutes('4320', 'Idle limit where an account has set none.'),
  SESSION_IDLE_MINUTES_MIN: minutes('10', 'The least idle limit that an account may set.'),
  SESSION_IDLE_MINUTES_MAX: minutes('43200', 'The greatest idle limit that an account may set.'),
  SESSION_ABSOLUTE_MINUTES_DEFAULT: minutes('20160', 'Absolute limit where an account has set none.'),
  SESSION_ABSOLUTE_MINUTES_MIN: minutes('30', 'The least absolute limit that an account may set.'),
  SESSION_ABSOLUTE_MINUTES_MAX: minutes('129600', 'The greatest absolute limit that an account may set.'),
};

const expiry = {
  SESSION_WARNING_SECONDS: wholeNumber(1)
    .prefault('300')
    .describe('Lead time of the warning before the idle deadline; at most half the limit.'),
  SESSION_ABSOLUTE_WARNING_SECONDS: wholeNumber(1)
    .prefault('300')
    .describe('Lead time of the warning before the absolute deadline; at most half the limit.'),
  SESSION_SWEEP_SECONDS: wholeNumber(1, 86_400)
    .prefault('15')
    .describe('How often sessions past a deadline are marked as ended.'),
  SESSION_RETENTION_DAYS: wholeNumber(1, 36_500).prefault('90').describe('How long ended sessions are kept.'),
  AUDIT_RETENTION_DAYS: wholeNumber(1, 36_500).prefault('400').describe('How long audit events are kept.'),
};

const signIn = {
  LOGIN_FAILURES_PER_PAIR: wholeNumber(1)
    .prefault('10')
    .describe('Failed sign-ins in 15 minutes: one e-mail from one address.'),
  LOGIN_FAILURES_PER_EMAIL: wholeNumber(1)
    .prefault('100')
    .describe('Failed sign-ins in 15 minutes: one e-mail from anywhere.'),
  LOGIN_FAILURES_PER_ADDRESS: wholeNumber(1)
    .prefault('100')
    .describe('Failed sign-ins in 15 minutes: one address.'),
};

const oidc = {
  OIDC_GOOGLE_CLIENT_ID: clientId().optional().describe('Sign-in with Google: the client id.'),
  OIDC_GOOGLE_CLIENT_SECRET: clientSecret().optional().describe('Sign-in with Google: the client secret.'),
  OIDC_MICROSOFT_CLIENT_ID: clientId().optional().describe('Sign-in with Microsoft: the application id.'),
  OIDC_MICROSOFT_CLIENT_SECRET: clientSecret()
    .optional()
    .describe('Sign-in with Microsoft: the client secret.'),
  OIDC_MICROSOFT_TENANT: microsoftTenant()
    .optional()
    .describe('Sign-in with Microsoft: the id of the one tenant whose people sign in.'),
  OIDC_PROVIDERS: providers()
    .optional()
    .describe(
      'Further identity providers: a JSON list of {"id","name","issuer","clientId","clientSecret"}; ids of a-z, 0-9 and -.',
    ),
  OIDC_REDIRECT_URIS: list(
    'comma separated URLs with a path, https or on loopback, written as a browser writes them, such as https://app.example.com/callback',
    readRedirectUri,
  )
    .optional()
    .describe(
      'Where sign-ins may come back to, comma separated, each exactly as the provider knows it; by default PUBLIC_URL/login/callback, and when set only these.',
    ),
};

const operation = {
  NODE_ENV: choice(['development', 'test', 'production'])
    .optional()
    .describe('production needs PUBLIC_URL with https and refuses demo data and generated secrets.'),
  DEMO: trueOrFalse()
    .optional()
    .describe(
      'Whether a demo account is created; by default true on the embedded database, on a loopback HOST, outside production.',
    ),
  METRICS_TOKEN: matching(
    /^[\x21-\x7e]{16,}$/,
    'is too short or has characters that no header carries',
    'at least 16 visible ASCII characters',
  )
    .optional()
    .describe('With it /metrics asks for it as a bearer token.'),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .prefault('info')
    .describe('The least severe messages that are logged.'),
};

/** The variables as an operator reads them; `.env.example` follows this order. */
export const groups = [
  { title: 'Where it listens', variables: listening },
  { title: 'Where it keeps its data', variables: database },
  { title: 'Several nodes', variables: nodes },
  { title: 'Tokens', variables: tokens },
  { title: 'Limits of a session, in minutes', variables: policy },
  { title: 'Warnings, sweeping and retention', variables: expiry },
  { title: 'Sign-in throttling', variables: signIn },
  { title: 'Identity providers (OpenID Connect)', variables: oidc },
  { title: 'Operation', variables: operation },
] as const;

export const environment = z.object({
  ...listening,
  ...database,
  ...nodes,
  ...tokens,
  ...policy,
  ...expiry,
  ...signIn,
  ...oidc,
  ...operation,
});

export type Variable = keyof typeof environment.shape;
/** What the variables say, defaults included, before the rules that tie them together. */
export type Environment = z.output<typeof environment>;
