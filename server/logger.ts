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
    redact: {
      paths: secrets.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`, `headers.${name}`]),
      censor: '[redacted]',
    },
  });
}
