import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  recordExpired(report: { idle: number; absolute: number }): void;
}

/** Prometheus metrics: the process's own, and what an operator asks about sessions. No label names a person. */
export function createMetrics(gauges: {
  openSockets: () => number;
  watchedSessions: () => number;
  /** Null: one node, which needs none. */
  isRedisUp: (() => boolean) | null;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const expired = new Counter({
    name: 'curfew_sessions_expired_total',
    help: 'Sessions that the sweeper of this node marked as past a deadline.',
    labelNames: ['deadline'] as const,
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('curfew_open_sockets', 'WebSockets that are open on this node.', gauges.openSockets);
  gauge(
    'curfew_watched_sessions',
    'Sessions that somebody connected to this node follows.',
    gauges.watchedSessions,
  );
  const { isRedisUp } = gauges;
  if (isRedisUp)
    gauge('curfew_redis_up', 'Whether events come from and go to the other nodes: 1 or 0.', () =>
      Number(isRedisUp()),
    );
  return {
    registry,
    recordExpired({ idle, absolute }) {
      expired.inc({ deadline: 'idle' }, idle);
      expired.inc({ deadline: 'absolute' }, absolute);
    },
  };
}
