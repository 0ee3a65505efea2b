// A hundred million sessions and a million sockets over N nodes and M databases, through a Monday morning on which
// everybody's absolute deadline falls into the same hour and all sign in again. Not a measurement: it multiplies what was
// measured on one machine, and shows which part is the first to fall behind, and by how much.
//
//   node bench/simulation.ts [--nodes=N] [--databases=M] [--sessions=100e6] [--sockets=1e6] [--passwords=0.01]

/** What one event costs: microseconds of a node's one busy core, of a database's cores, and bytes of its log. */
interface Cost {
  node: number;
  database: number;
  log: number;
}

/**
 * Of the database from `bench/experiments/statement-costs.ts`, of the node from what `npm run bench -- NAME` measured on a
 * quiet machine (docs/performance.md), on 2 cores that it shared with the database and the client. Nodes are counted as single processes, since the event loop of one is what is busy.
 */
const COSTS = {
  // bench validate: validateSessions in hundreds without touch, 56,700 a second; statement-costs: check, 64 at once.
  check: { node: 18, database: 15, log: 0 },
  // The same with touch, 45,100 a second; statement-costs: touch of 1,000. A session is written at most once a second,
  // whatever its checks.
  touch: { node: 4, database: 74, log: 420 },
  // bench refresh: 3,760 a second. One UPDATE.
  refresh: { node: 266, database: 200, log: 700 },
  // statement-costs: sign-in. Of the node an estimate: an Apollo request and a transaction of six statements.
  signIn: { node: 900, database: 520, log: 2_600 },
  // argon2id with 19 MiB and 2 passes, on the thread pool: of a core, though not of the event loop's.
  password: { node: 25_000, database: 0, log: 0 },
  // experiments/ending-many.ts: the UPDATE takes 24 to 35 us a row, and writes 700 bytes to 2 KB of log.
  end: { node: 2, database: 30, log: 1_500 },
  // bench sockets: the last of 10,000 told after 818 ms.
  tell: { node: 82, database: 0, log: 0 },
  // Every socket's session is asked about every two seconds. statement-costs: 1,000 at once.
  recheck: { node: 2, database: 8, log: 0 },
} as const satisfies Record<string, Cost>;
type Event = keyof typeof COSTS;

/** How people behave. Each is an assumption, and an argument away from another one. */
const HABITS = {
  /** Of all sessions, those that somebody is using at the busiest time of the day. */
  activeShare: 0.05,
  /** Seconds between two checks of one session that is in use. */
  checkEvery: 20,
  /** Seconds between two refreshes of one session that is in use and lives in a browser of Curfew's own. */
  refreshEvery: 300,
  /** Of all sessions, those that refresh; the others are sessions of other applications. */
  refreshShare: 0.1,
  /** After being signed out people come back at the pace of the day: seconds, on average. */
  returnAfter: 300,
} as const;

interface Plan {
  nodes: number;
  databases: number;
  sessions: number;
  sockets: number;
  /** Of all sign-ins, those with a password that a node has to hash. */
  passwords: number;
}

const DATABASE_CORES = 16;
/** Bytes of log a second that one database sustains. */
const LOG_LIMIT = 200e6;
/** Of a whole, what is planned with; the rest is for what nobody planned. */
const HEADROOM = 0.7;
const START = 6 * 3600;
const END = 12 * 3600;

/** Small, seeded and good enough for noise: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How many come in a second when `mean` are expected: Poisson, by its normal approximation where that is good. */
function createArrivals(random: () => number): (mean: number) => number {
  return (mean) => {
    if (mean > 50) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      return Math.max(0, Math.round(mean + normal * Math.sqrt(mean)));
    }
    let count = 0;
    for (let left = Math.exp(-mean), product = random(); product > left; product *= random()) count += 1;
    return count;
  };
}

/** Work that waits in line for `capacity` seconds of work a second. What is not done in a second is there in the next. */
function createQueue(capacity: number) {
  let backlog = 0;
  let peak = 0;
  let worst = 0;
  let done = 0;
  return {
    /** Seconds that a newcomer of this second waits: behind what is left over, and behind its neighbours (M/M/1, 1 ms each). */
    add(work: number): number {
      const load = Math.min(0.99, (work + backlog) / capacity);
      const wait = backlog / capacity + ((load / (1 - load)) * 0.001) / capacity;
      peak = Math.max(peak, work / capacity);
      const finished = Math.min(capacity, backlog + work);
      backlog += work - finished;
      done += finished;
      worst = Math.max(worst, wait);
      return wait;
    },
    get report() {
      return { peak, worst, mean: done / capacity / (END - START), left: backlog };
    },
  };
}

/** From quiet at six to full at nine. */
const dayShape = (second: number): number => 1 / (1 + Math.exp(-(second - 8 * 3600) / 1500));

/** Of all deadlines those of this second: a bell of which nearly all lies between eight and nine. */
function deadlineShare(second: number): number {
  const deviation = 600;
  const distance = (second - 8.5 * 3600) / deviation;
  return Math.exp(-(distance ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
}

interface Outcome {
  plan: Plan;
  nodes: ReturnType<typeof createQueue>['report'];
  databases: ReturnType<typeof createQueue>['report'];
  hashing: ReturnType<typeof createQueue>['report'];
  /** Of what the log's disk sustains, at the worst second. */
  logPeak: number;
  /** What the databases and nodes spend at their worst second, by event, as shares. */
  mix: Record<Event, { node: number; database: number }>;
  peakSignIns: number;
}

export function simulate(plan: Plan, isMonday: boolean): Outcome {
  const arrivals = createArrivals(createRandom(20_261_121));
  // Every node and every database gets its even share, so one of each stands for all.
  const nodes = createQueue(1);
  const databases = createQueue(DATABASE_CORES);
  // Hashing waits in the thread pool and leaves the event loop alone; a node is given one more core for it.
  const hashing = createQueue(1);
  let signedOut = 0;
  let logPeak = 0;
  let peakSignIns = 0;
  let busiest = 0;
  let busiestCounts: Record<Event, number> | undefined;

  for (let second = START; second < END; second += 1) {
    const ends = isMonday ? plan.sessions * deadlineShare(second) : plan.sessions * 2e-6;
    signedOut += ends;
    const signIns = arrivals(signedOut / HABITS.returnAfter);
    signedOut = Math.max(0, signedOut - signIns);
    const inUse = (plan.sessions - signedOut) * HABITS.activeShare * dayShape(second);
    const checks = inUse / HABITS.checkEvery;
    const tellings = (2 * ends * plan.sockets) / plan.sessions;
    const counts: Record<Event, number> = {
      check: arrivals(checks),
      touch: arrivals(checks),
      refresh: arrivals((inUse * HABITS.refreshShare) / HABITS.refreshEvery),
      signIn: signIns,
      password: arrivals(signIns * plan.passwords),
      end: arrivals(ends),
      tell: arrivals(tellings),
      recheck: plan.sockets / 2,
    };
    const spent = (of: keyof Cost): number =>
      Object.entries(counts).reduce((sum, [event, count]) => sum + count * COSTS[event as Event][of], 0);
    const hashWork = counts.password * COSTS.password.node;
    nodes.add((spent('node') - hashWork) / 1e6 / plan.nodes);
    hashing.add(hashWork / 1e6 / plan.nodes);
    databases.add(spent('database') / 1e6 / plan.databases);
    logPeak = Math.max(logPeak, spent('log') / plan.databases / LOG_LIMIT);
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

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const delay = (seconds: number): string =>
  seconds < 1
    ? `${(seconds * 1000).toFixed(1)} ms`
    : seconds < 90
      ? `${seconds.toFixed(0)} s`
      : `${(seconds / 60).toFixed(0)} min`;

function breaksWhere({ nodes, databases, hashing, logPeak }: Outcome): string {
  const faults = [
    nodes.peak > 1 && 'event loops',
    hashing.peak > 1 && 'password hashing',
    databases.peak > 1 && 'database cores',
    logPeak > 1 && 'database log',
  ].filter((fault) => fault !== false);
  return faults.length > 0 ? faults.join(', ') : 'nothing';
}

function print(title: string, outcomes: Outcome[]): void {
  console.log(`\n${title}`);
  const header = [
    'nodes',
    'databases',
    'node peak',
    'waits',
    'hashing peak',
    'waits',
    'database peak',
    'waits',
    'log peak',
    'breaks',
  ];
  const lines = outcomes.map((outcome) => [
    `${outcome.plan.nodes}`,
    `${outcome.plan.databases}`,
    percent(outcome.nodes.peak),
    delay(outcome.nodes.worst),
    percent(outcome.hashing.peak),
    delay(outcome.hashing.worst),
    percent(outcome.databases.peak),
    delay(outcome.databases.worst),
    percent(outcome.logPeak),
    breaksWhere(outcome),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...lines].map((line) => line[column]!.length)),
  );
  for (const line of [header, ...lines])
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

function argument(name: string): number | undefined {
  const given = process.argv.find((each) => each.startsWith(`--${name}=`));
  if (given === undefined) return undefined;
  const value = Number(given.slice(name.length + 3));
  if (!(value >= 0)) throw new Error(`--${name} has to be a number`);
  return value;
}

/** The least number of each with which the morning stays inside the headroom: work divides evenly, so it is a division. */
function leastPlan(plan: Plan): Plan {
  const alone = simulate({ ...plan, nodes: 1, databases: 1 }, true);
  return {
    ...plan,
    nodes: Math.ceil(Math.max(alone.nodes.peak, alone.hashing.peak) / HEADROOM),
    databases: Math.ceil(Math.max(alone.databases.peak, alone.logPeak) / HEADROOM),
  };
}

const given: Plan = {
  nodes: 1,
  databases: 1,
  sessions: argument('sessions') ?? 100e6,
  sockets: argument('sockets') ?? 1e6,
  passwords: argument('passwords') ?? 0.01,
};
const least = leastPlan(given);
const chosen: Plan = {
  ...given,
  nodes: argument('nodes') ?? least.nodes,
  databases: argument('databases') ?? least.databases,
};
const scale = (plan: Plan, factor: number): Plan => ({
  ...plan,
  nodes: Math.max(1, Math.round(plan.nodes * factor)),
  databases: Math.max(1, Math.round(plan.databases * factor)),
});

console.log(
  `${given.sessions.toLocaleString('en-US')} sessions, ${given.sockets.toLocaleString('en-US')} sockets, ${percent(given.passwords)} of the sign-ins with a password here; ${DATABASE_CORES} cores a database`,
);
print('An ordinary morning', [simulate(chosen, false)]);
const factors = [0.25, 0.5, 0.75, 1];
print(
  "Monday: everybody's absolute deadline between eight and nine",
  factors.map((factor) => simulate(scale(chosen, factor), true)),
);
const monday = simulate(chosen, true);
console.log(
  `\nAt the worst second, ${monday.peakSignIns.toLocaleString('en-US')} sign-ins a second at the most:`,
);
for (const [event, share] of Object.entries(monday.mix))
  console.log(
    `  ${event.padEnd(9)} ${percent(share.node).padStart(5)} of the nodes  ${percent(share.database).padStart(5)} of the databases`,
  );
print('The same if the deadlines were spread over the day, or every tenth sign-in had a password', [
  simulate(chosen, false),
  simulate({ ...chosen, passwords: 0.1 }, true),
]);
