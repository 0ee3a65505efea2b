import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { SecurityLog } from '../security-log/security-log.ts';

/**
 * Records each preflight from an origin that may not call. CORS itself answers it without the headers that allow one.
 */
export function recordRefusedOrigins(
  app: FastifyInstance,
  options: {
    origins: ReadonlySet<string>;
    securityLog: SecurityLog;
    addressOf: (request: IncomingMessage) => string | null;
  },
): void {
  const { origins, securityLog, addressOf } = options;
  app.addHook('onResponse', async ({ method, id, raw }) => {
    const { origin } = raw.headers;
    if (method !== 'OPTIONS' || origin === undefined || origins.has(origin)) return;
    const source = { address: addressOf(raw), requestId: id, transport: 'http' } as const;
    securityLog.record({ event: 'origin.refused', ...source, origin });
  });
}
