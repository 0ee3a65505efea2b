/** The cost of one event: microseconds of a node's one busy core, of a database's cores, and bytes of its log. */
interface Cost {
  node: number;
  database: number;
  log: number;
}

/**
 * Database costs come from `bench/experiments/statement-costs.ts`. Node costs come from `npm run bench -- NAME` on a quiet
 * machine (docs/performance.md), with 2 cores shared by node, database and client. A node is one process, because its
 * event loop is the busy part.
 */
export const COSTS = {
  // bench validate: validateSessions of 100 without touch, 56,700 a second. statement-costs: check, 64 at once.
  check: { node: 18, database: 15, log: 0 },
  // bench validate: validateSessions of 100 with touch, 45,100 a second. statement-costs: touch of 1,000. A session is
  // written at most once a second.
  touch: { node: 4, database: 74, log: 420 },
  // bench refresh: 3,760 a second. One UPDATE.
  refresh: { node: 266, database: 200, log: 700 },
  // statement-costs: sign-in. The node's cost is an estimate: an Apollo request and a transaction of six statements.
  signIn: { node: 900, database: 520, log: 2_600 },
  // argon2id with 19 MiB and 2 passes, on the thread pool, not the event loop.
  password: { node: 25_000, database: 0, log: 0 },
  // experiments/ending-many.ts: the UPDATE takes 24 to 35 us a row and writes 700 bytes to 2 KB of log.
  end: { node: 2, database: 30, log: 1_500 },
  // bench sockets: the last of 10,000 subscribers gets its event after 818 ms.
  send: { node: 82, database: 0, log: 0 },
  // Every socket's session is read every two seconds. statement-costs: 1,000 at once.
  recheck: { node: 2, database: 8, log: 0 },
} as const satisfies Record<string, Cost>;

export type Event = keyof typeof COSTS;
export type Resource = keyof Cost;

/** How users behave. Each is an assumption. */
export const ASSUMPTIONS = {
  /** Share of all sessions in use at the busiest time of the day. */
  activeShare: 0.05,
  /** Seconds between two checks of a session in use. */
  checkEvery: 20,
  /** Seconds between two refreshes of a session in use in a browser of Curfew's own. */
  refreshEvery: 300,
  /** Share of all sessions that refresh. The others are sessions of other applications. */
  refreshShare: 0.1,
  /** Average seconds from being signed out to the next sign-in. */
  returnAfter: 300,
} as const;

export const DATABASE_CORES = 16;
/** Bytes of log a second that one database sustains. */
export const MAX_LOG_RATE = 200e6;
