import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { readBearer } from '../bearer.ts';
import type { Exposition } from '../metrics/prometheus.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { sha256 } from '../sha256.ts';
import { isSameSecret } from '../timing-safe.ts';
import { CHALLENGES, unauthorized } from './unauthorized.ts';

/** `GET /metrics` for Prometheus. With a configured token, only for requests that present it. */
export function serveMetrics(
  app: FastifyInstance,
  dependencies: {
    exposition: Exposition;
    /** Null: open to everyone. */
    metricsToken: string | null;
    securityLog: SecurityLog;
    addressOf(request: IncomingMessage): string | null;
  },
): void {
  const { exposition, metricsToken, securityLog, addressOf } = dependencies;

  app.get('/metrics', async (request, reply) => {
    const presented = readBearer(request.headers.authorization) ?? '';
    // Hashes have one length, so the time does not tell the token's.
    if (metricsToken !== null && !isSameSecret(sha256(metricsToken), sha256(presented))) {
      const source = { address: addressOf(request.raw), requestId: request.id, transport: 'http' } as const;
      securityLog.record({ event: 'metrics.refused', ...source });
      return unauthorized(reply, CHALLENGES.plainBearer).send({ error: 'unauthorized' });
    }
    return reply.type(exposition.contentType).send(await exposition.text());
  });
}
