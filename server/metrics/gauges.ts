import { Gauge, type Registry } from 'prom-client';
import { createReading } from './reading.ts';

/** What a scrape reads. Each may fail; then its metric is left out, or says that the part is down. */
export interface GaugeSources {
  openSockets: () => number;
  watchedSessions: () => number;
  /** Counts in the database, for the whole installation. */
  readSessionCounts: () => Promise<{ live: number; sweepLagSeconds: number }>;
  /** Counts in the database, for the whole installation. */
  countPendingDeliveries: () => Promise<number>;
  /** Resolves when the database answers and accepts writes. */
  checkDatabase: () => Promise<void>;
  /** Null: there is no Redis. */
  isRedisUp: (() => boolean) | null;
  /** Null: events do not go over PostgreSQL. */
  isNotifyUp: (() => boolean) | null;
}

/** A count is at most 15 seconds old. It is made at a scrape, and however often one scrapes, every 10 seconds at most. */
const COUNT_AGE = { freshMs: 10_000, waitMs: 2_000, staleMs: 15_000 };
const CHECK_AGE = { freshMs: 1_000, waitMs: 2_500, staleMs: 3_500 };

export function addGauges(registry: Registry, sources: GaugeSources): void {
  /** Null: the metric has no sample in this scrape. */
  const gauge = (name: string, help: string, read: () => number | null | Promise<number | null>): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const value = await read();
        if (value === null) this.remove();
        else this.set(value);
      },
    });

  gauge('curfew_open_sockets', 'Open WebSockets of this node.', sources.openSockets);
  gauge('curfew_watched_sessions', 'Sessions with a subscriber on this node.', sources.watchedSessions);

  const counts = createReading(sources.readSessionCounts, COUNT_AGE);
  gauge(
    'curfew_live_sessions',
    'Live sessions of the whole installation, counted in the database at most 15 seconds ago. Absent: not counted.',
    async () => (await counts())?.live ?? null,
  );
  gauge(
    'curfew_sweep_lag_seconds',
    'How long the session that waits longest for the sweep has been due, on all nodes. Absent: not known.',
    async () => (await counts())?.sweepLagSeconds ?? null,
  );

  const checked = createReading(() => sources.checkDatabase().then(() => true), CHECK_AGE);
  gauge(
    'curfew_database_up',
    'Whether the database answers this node and accepts writes: 1 or 0.',
    async () => Number((await checked()) ?? false),
  );
  const pendingDeliveries = createReading(sources.countPendingDeliveries, COUNT_AGE);
  const { isRedisUp, isNotifyUp } = sources;
  if (isRedisUp)
    gauge(
      'curfew_redis_up',
      'Whether the nodes exchange events and share the counts of failed sign-ins: 1 or 0.',
      () => Number(isRedisUp()),
    );
  if (isNotifyUp)
    gauge('curfew_notify_up', 'Whether the nodes exchange events over PostgreSQL: 1 or 0.', () =>
      Number(isNotifyUp()),
    );
  gauge(
    'curfew_event_outbox_pending',
    'Deliveries of security events that wait, on all nodes, at most 15 seconds ago. Absent: not known.',
    () => pendingDeliveries(),
  );
}
