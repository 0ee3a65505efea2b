import { ASSUMPTIONS, COSTS, DATABASE_CORES, MAX_LOG_RATE, type Event, type Resource } from './costs.ts';
import { createArrivals, createQueue, createRandom } from './queue.ts';

const START = 6 * 3600;
const END = 12 * 3600;

export interface Plan {
  nodes: number;
  databases: number;
  sessions: number;
  sockets: number;
  /** Share of the sign-ins with a password, which a node has to hash. */
  passwords: number;
}

/** Share of the day's activity: from quiet at six to full at nine. */
const dayShape = (second: number): number => 1 / (1 + Math.exp(-(second - 8 * 3600) / 1500));

/** Share of all deadlines that fall in this second: a bell curve, nearly all between eight and nine. */
function deadlineShare(second: number): number {
  const deviation = 600;
  const distance = (second - 8.5 * 3600) / deviation;
  return Math.exp(-(distance ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
}

export interface Outcome {
  plan: Plan;
  nodes: ReturnType<typeof createQueue>['report'];
  databases: ReturnType<typeof createQueue>['report'];
  hashing: ReturnType<typeof createQueue>['report'];
  /** Share of `MAX_LOG_RATE` at the worst second. */
  logPeak: number;
  /** Shares of the events in the work of nodes and databases at the worst second. */
  mix: Record<Event, { node: number; database: number }>;
  peakSignIns: number;
}

/** Simulates the morning, second by second. On a Monday every absolute deadline falls between eight and nine. */
export function simulate(plan: Plan, isMonday: boolean): Outcome {
  const arrivals = createArrivals(createRandom(20_261_121));
  // Every node and every database gets an even share, so one of each stands for all.
  const nodes = createQueue(1, END - START);
  const databases = createQueue(DATABASE_CORES, END - START);
  // Hashing runs in the thread pool, not the event loop. A node has one more core for it.
  const hashing = createQueue(1, END - START);
  let signedOut = 0;
  let logPeak = 0;
  let peakSignIns = 0;
  let busiest = 0;
  let busiestCounts: Record<Event, number> | undefined;

  for (let second = START; second < END; second += 1) {
    const ends = isMonday ? plan.sessions * deadlineShare(second) : plan.sessions * 2e-6;
    signedOut += ends;
    const signIns = arrivals(signedOut / ASSUMPTIONS.returnAfter);
    signedOut = Math.max(0, signedOut - signIns);
    const inUse = (plan.sessions - signedOut) * ASSUMPTIONS.activeShare * dayShape(second);
    const checks = inUse / ASSUMPTIONS.checkEvery;
    const sent = (2 * ends * plan.sockets) / plan.sessions;
    const counts: Record<Event, number> = {
      check: arrivals(checks),
      touch: arrivals(checks),
      refresh: arrivals((inUse * ASSUMPTIONS.refreshShare) / ASSUMPTIONS.refreshEvery),
      signIn: signIns,
      password: arrivals(signIns * plan.passwords),
      end: arrivals(ends),
      send: arrivals(sent),
      recheck: plan.sockets / 2,
    };
    const spent = (of: Resource): number =>
      Object.entries(counts).reduce((sum, [event, count]) => sum + count * COSTS[event as Event][of], 0);
    const hashWork = counts.password * COSTS.password.node;
    nodes.add((spent('node') - hashWork) / 1e6 / plan.nodes);
    hashing.add(hashWork / 1e6 / plan.nodes);
    databases.add(spent('database') / 1e6 / plan.databases);
    logPeak = Math.max(logPeak, spent('log') / plan.databases / MAX_LOG_RATE);
    peakSignIns = Math.max(peakSignIns, signIns);
    if (spent('database') > busiest) {
      busiest = spent('database');
      busiestCounts = counts;
    }
  }

  const events = Object.keys(COSTS) as Event[];
  const total = (of: 'node' | 'database'): number =>
    events.reduce((sum, event) => sum + busiestCounts![event] * COSTS[event][of], 0);
  const mix = Object.fromEntries(
    events.map((event) => [
      event,
      {
        node: (busiestCounts![event] * COSTS[event].node) / total('node'),
        database: (busiestCounts![event] * COSTS[event].database) / total('database'),
      },
    ]),
  ) as Outcome['mix'];
  return {
    plan,
    nodes: nodes.report,
    databases: databases.report,
    hashing: hashing.report,
    logPeak,
    mix,
    peakSignIns,
  };
}
