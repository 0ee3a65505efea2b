import type { FastifyInstance } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from './database/orm.ts';
import type { Metrics } from './metrics.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What operators and their probes ask: is the process up, can it serve, what does it do. */
export function serveOperations(
  app: FastifyInstance,
  dependencies: {
    database: Database;
    /** Null: one node, which needs none. */
    redis: { readonly isUp: boolean } | null;
    metrics: Metrics;
    metricsToken: string | null;
  },
): void {
  const { database, redis, metrics, metricsToken } = dependencies;

  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get<{ Querystring: { redis?: string } }>('/readyz', async (request, reply) => {
    const hasDatabase = await database.inTime(sql`select 1`.execute(database.em().getKysely())).then(
      () => true,
      () => false,
    );
    const hasBus = redis === null || redis.isUp;
    const isReady = hasDatabase && (hasBus || request.query.redis === 'optional');
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : 'unavailable',
      database: hasDatabase ? 'up' : 'down',
      ...(redis && { redis: hasBus ? 'up' : 'down' }),
    });
  });

  app.get('/metrics', async (request, reply) => {
    const expected = metricsToken === null ? null : digest(`Bearer ${metricsToken}`);
    if (expected && !timingSafeEqual(expected, digest(request.headers.authorization ?? ''))) {
      return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'unauthorized' });
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
