import { pino, type Logger, type LoggerOptions } from 'pino';

export type { Logger };

/**
 * Structured logs on stdout, or where a program prints its answers there, on stderr. Redaction is the second net: no caller passes a token or a password,
 * and if one ever did under these names it would not be written.
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

/** What PostgreSQL says about a row that it refused: the row itself, with the hash or the secret that is in it. */
const ROW = /(Failing row contains|Key) \(.*/g;

function withoutRows(logged: unknown, depth = 6): unknown {
  if (typeof logged === 'string') return logged.replace(ROW, '$1 [redacted]');
  if (typeof logged !== 'object' || logged === null) return logged;
  // Whatever hangs on an error may hang on itself.
  if (depth === 0) return '[nested]';
  if (Array.isArray(logged)) return logged.map((item) => withoutRows(item, depth - 1));
  return Object.fromEntries(
    Object.entries(logged).map(([name, value]) => [name, withoutRows(value, depth - 1)]),
  );
}
