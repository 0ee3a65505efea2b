import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/database.ts';

/**
 * `GET /healthz`: the process runs. `GET /readyz`: it can serve; `?redis=optional` ignores Redis. Events that do not go
 * over PostgreSQL make no node unready: behind a pooler that would be all of them, and they are only late.
 */
export function serveHealth(
  app: FastifyInstance,
  dependencies: {
    database: Database;
    /** Null: there is none. */
    redis: { readonly isUp: boolean; readonly problem: string | null } | null;
    /** Null: events do not go over PostgreSQL. */
    notifyBus: { readonly isDown: boolean } | null;
    /** Stale: this node does not see sessions end, so their subscribers get no events. */
    freshness: { readonly isStale: boolean };
  },
): void {
  const { database, redis, notifyBus, freshness } = dependencies;

  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get<{ Querystring: { redis?: string } }>('/readyz', async (request, reply) => {
    const hasDatabase = await database.ready().then(
      () => true,
      () => false,
    );
    const hasBus = redis === null || redis.isUp;
    const isReady = hasDatabase && !freshness.isStale && (hasBus || request.query.redis === 'optional');
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : 'unavailable',
      database: hasDatabase ? 'up' : 'down',
      ...(redis && { redis: hasBus ? 'up' : 'down' }),
      ...(redis?.problem && { redisProblem: redis.problem }),
      ...(notifyBus?.isDown && { events: 'down' }),
      ...(freshness.isStale && { watch: 'down' }),
    });
  });
}
