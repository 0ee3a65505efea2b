import { pino, type Logger } from 'pino';

export type { Logger };

/**
 * Structured logs on stdout. Redaction is the second net: no caller passes a token or a password,
 * and if one ever did under these names it would not be written.
 */
export function createLogger(level: string): Logger {
  const secrets = [
    'authorization',
    'cookie',
    'password',
    'token',
    'accessToken',
    'refreshToken',
    'serviceKey',
  ];
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: Error) => withoutRows(pino.stdSerializers.err(error)) },
    redact: {
      paths: secrets.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`, `headers.${name}`]),
      censor: '[redacted]',
    },
  });
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
