import { pino, type Logger, type LoggerOptions } from 'pino';

export type { Logger };

/**
 * Writes structured logs to stdout, or to stderr for a program that prints its results to stdout. No caller passes a
 * token or a password; redaction by field name is a second line of defence.
 */
export function createLogger(level: string, { to = 'stdout' }: { to?: 'stdout' | 'stderr' } = {}): Logger {
  const secrets = [
    'authorization',
    'cookie',
    'password',
    'token',
    'accessToken',
    'refreshToken',
    'serviceKey',
  ];
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: Error) => withoutRows(pino.stdSerializers.err(error)) },
    redact: {
      paths: secrets.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`, `headers.${name}`]),
      censor: '[redacted]',
    },
  };
  return to === 'stdout' ? pino(options) : pino(options, pino.destination({ dest: 2, sync: true }));
}

/** The part of a PostgreSQL error that repeats the refused row, with any hash or secret in it. */
const ROW = /(Failing row contains|Key) \(.*/g;

function withoutRows(logged: unknown, depth = 6): unknown {
  if (typeof logged === 'string') return logged.replace(ROW, '$1 [redacted]');
  if (typeof logged !== 'object' || logged === null) return logged;
  // The properties of an error may be circular.
  if (depth === 0) return '[nested]';
  if (Array.isArray(logged)) return logged.map((item) => withoutRows(item, depth - 1));
  return Object.fromEntries(
    Object.entries(logged).map(([name, value]) => [
      name,
      // PostgreSQL repeats the row here, in the language of `lc_messages`.
      name === 'detail' && typeof value === 'string' ? '[redacted]' : withoutRows(value, depth - 1),
    ]),
  );
}
