import { readArguments } from '../server/cli/arguments.ts';
import { formatTable } from '../server/cli/table.ts';
import { DATABASE_CORES } from './simulation/costs.ts';
import { simulate, type Outcome, type Plan } from './simulation/monday.ts';

// Simulates a hundred million sessions and a million sockets over N nodes and M databases, on a Monday morning when all
// absolute deadlines fall in one hour and all users sign in again. Not a measurement: it multiplies measured costs and
// shows which part is overloaded first, and by how much.
//
//   node bench/simulation.ts [--nodes=N] [--databases=M] [--sessions=100e6] [--sockets=1e6] [--passwords=0.01]

/** Planned share of each capacity. The rest is for the unexpected. */
const HEADROOM = 0.7;

const given = readArguments(process.argv.slice(2), {
  optional: ['nodes', 'databases', 'sessions', 'sockets', 'passwords'],
});

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const delay = (seconds: number): string =>
  seconds < 1
    ? `${(seconds * 1000).toFixed(1)} ms`
    : seconds < 90
      ? `${seconds.toFixed(0)} s`
      : `${(seconds / 60).toFixed(0)} min`;

function overloaded({ nodes, databases, hashing, logPeak }: Outcome): string {
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
    overloaded(outcome),
  ]);
  console.log(formatTable([header, ...lines]));
}

function numberOf(name: string): number | undefined {
  const text = given.text(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`--${name} must be a number.`);
  return value;
}

/** Returns the smallest plan that stays within the headroom. Work divides evenly, so it is a division. */
function smallestPlan(plan: Plan): Plan {
  const alone = simulate({ ...plan, nodes: 1, databases: 1 }, true);
  return {
    ...plan,
    nodes: Math.ceil(Math.max(alone.nodes.peak, alone.hashing.peak) / HEADROOM),
    databases: Math.ceil(Math.max(alone.databases.peak, alone.logPeak) / HEADROOM),
  };
}

const wanted: Plan = {
  nodes: 1,
  databases: 1,
  sessions: numberOf('sessions') ?? 100e6,
  sockets: numberOf('sockets') ?? 1e6,
  passwords: numberOf('passwords') ?? 0.01,
};
const smallest = smallestPlan(wanted);
const chosen: Plan = {
  ...wanted,
  nodes: numberOf('nodes') ?? smallest.nodes,
  databases: numberOf('databases') ?? smallest.databases,
};
const scale = (plan: Plan, factor: number): Plan => ({
  ...plan,
  nodes: Math.max(1, Math.round(plan.nodes * factor)),
  databases: Math.max(1, Math.round(plan.databases * factor)),
});

console.log(
  `${wanted.sessions.toLocaleString('en-US')} sessions, ${wanted.sockets.toLocaleString('en-US')} sockets, ${percent(wanted.passwords)} of the sign-ins by password; ${DATABASE_CORES} cores a database`,
);
print('An ordinary morning', [simulate(chosen, false)]);
const factors = [0.25, 0.5, 0.75, 1];
print(
  'Monday: every absolute deadline between eight and nine',
  factors.map((factor) => simulate(scale(chosen, factor), true)),
);
const monday = simulate(chosen, true);
console.log(`\nAt the worst second, ${monday.peakSignIns.toLocaleString('en-US')} sign-ins a second:`);
for (const [event, share] of Object.entries(monday.mix))
  console.log(
    `  ${event.padEnd(9)} ${percent(share.node).padStart(5)} of the nodes  ${percent(share.database).padStart(5)} of the databases`,
  );
print('With deadlines spread over the day, and with every tenth sign-in by password', [
  simulate(chosen, false),
  simulate({ ...chosen, passwords: 0.1 }, true),
]);
