import { setTimeout as pause } from 'node:timers/promises';
import { withCopy, withCurfew } from './lib/copies.ts';
import { createCredentials } from './lib/credentials.ts';
import { dashboard } from './lib/documents.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import { publish, type Row } from './lib/report.ts';
import { measureInRounds, type Candidate } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SESSIONS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { timed, until } from './lib/timing.ts';

// Work on every session of an account, compared with the plain statement on its rows: a stricter policy applied at once,
// the preview of its impact, and the sweep of expired sessions.

/** The sessions signed in over the last hour, so a quarter of them ends at once and the others are shortened. */
const POLICY = { idleMinutes: 30, absoluteMinutes: 45 };

const APPLIED = { ...POLICY, apply: 'ACTIVE_SESSIONS' };
const WRITTEN = 'updateSessionPolicy, until it is written';

const WARM_UP = 10;

const SHORTENED = {
  absolute: `authenticated_at + interval '${POLICY.absoluteMinutes} minutes'`,
  idle: `least(last_activity_at + interval '${POLICY.idleMinutes} minutes', authenticated_at + interval '${POLICY.absoluteMinutes} minutes')`,
};
const LIVE = `account_id = $1 and ended_at is null and idle_expires_at > now() and absolute_expires_at > now()`;
const PLAIN_APPLY = `update sessions set idle_seconds = ${POLICY.idleMinutes * 60}, absolute_seconds = ${POLICY.absoluteMinutes * 60},
  idle_expires_at = case when ${SHORTENED.idle} <= now() then idle_expires_at else ${SHORTENED.idle} end,
  absolute_expires_at = case when ${SHORTENED.idle} <= now() then absolute_expires_at else ${SHORTENED.absolute} end,
  next_check_at = least(next_check_at, ${SHORTENED.idle}),
  ended_at = case when ${SHORTENED.idle} <= now() then now() end,
  end_reason = case when ${SHORTENED.idle} <= now() then 'POLICY_CHANGED' end
  where ${LIVE}`;
const PLAIN_PREVIEW = `select count(*), count(*) filter (where ${SHORTENED.idle} <= now()) from sessions where ${LIVE}`;
const PLAIN_SWEEP = `update sessions set ended_at = idle_expires_at, end_reason = 'IDLE_TIMEOUT', next_check_at = idle_expires_at
  where ended_at is null and next_check_at <= now()`;

/** Samples the age of the oldest transaction in the database, in milliseconds. */
function watchTransactions(database: ScratchDatabase): { stop(): Promise<number> } {
  let longest = 0;
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      const [row] = await database.query<{ ms: number }>(
        `select coalesce(max(extract(epoch from clock_timestamp() - xact_start) * 1000), 0)::int as ms
         from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
      longest = Math.max(longest, row!.ms);
      await pause(50);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await sampling;
      return longest;
    },
  };
}

export async function bulk(): Promise<void> {
  await inBenchRun(async (bench) => {
    const live = await bench.database();
    const postgres = await live.describe();
    const seeded = await seedSessions(live, { sessions: SESSIONS });
    const first = await seedSessions(live, { sessions: WARM_UP });
    const over = await bench.database();
    await seedSessions(over, { sessions: SESSIONS, isOver: true });
    const credentials = createCredentials();

    const asOwner = (query: string, variables: unknown) => () =>
      withCurfew(live, credentials.env, async ({ url }) => {
        const askAs = (account: Seeded) =>
          ask(url, graphqlCall(credentials.tokensOf(account, url).accessTokenOf(0), query, variables));
        // Warms up: the first call of a process also compiles code and prepares the statement.
        await askAs(first);
        return timed(() => askAs(seeded));
      });
    const plain = (statement: string) => () =>
      withCopy(live, async (copy) => timed(() => copy.query(statement, [seeded.accountId])));

    const longestTransactions: number[] = [];
    /** A policy for very many is in effect with the answer and written afterwards. */
    const untilWritten = (): Promise<number> =>
      withCurfew(live, credentials.env, async ({ url }, copy) => {
        const owner = credentials.tokensOf(seeded, url).accessTokenOf(0);
        const call = graphqlCall(owner, dashboard.policySave, { input: APPLIED });
        const watch = watchTransactions(copy);
        const duration = await timed(async () => {
          await ask(url, call);
          await until(async () => (await copy.query('select from policy_applications')).length === 0);
        });
        longestTransactions.push(await watch.stop());
        return duration;
      });

    async function sweep(): Promise<number> {
      return withCurfew(over, { ...credentials.env, SESSION_SWEEP_SECONDS: '1' }, async ({ url }, copy) => {
        const isTrue = async (condition: string): Promise<boolean> =>
          (await copy.query<{ yes: boolean }>(`select ${condition} as yes`))[0]!.yes;
        await until(() => isTrue('exists (select from sessions where ended_at is not null)'));
        return timed(() =>
          until(async () => {
            const metrics = await (await fetch(`${url}/metrics`)).text();
            const swept = /^curfew_sessions_ended_total\{reason="IDLE_TIMEOUT"\} (\d+)/m.exec(metrics)?.[1];
            return Number(swept) === SESSIONS;
          }),
        );
      });
    }

    const groups: [limit: Candidate, ...(Candidate & { atMost?: number })[]][] = [
      [
        { name: 'plain UPDATE of the deadlines', measure: plain(PLAIN_APPLY) },
        {
          name: 'updateSessionPolicy, ACTIVE_SESSIONS',
          measure: asOwner(dashboard.policySave, { input: APPLIED }),
        },
        { name: WRITTEN, measure: untilWritten, atMost: 1.5 },
      ],
      [
        { name: 'plain count of the impact', measure: plain(PLAIN_PREVIEW) },
        { name: 'sessionPolicyImpact', measure: asOwner(dashboard.policyImpact, { input: POLICY }) },
      ],
      [
        {
          name: 'plain UPDATE of the expired',
          measure: () => withCopy(over, (copy) => timed(() => copy.query(PLAIN_SWEEP))),
        },
        { name: 'the sweep', measure: sweep },
      ],
    ];
    const measured = await measureInRounds(
      groups.flatMap(([limit, ...candidates]) => [...candidates, limit]),
      ROUNDS,
    );
    const comparisonOf = new Map(
      groups.flatMap(([limit, ...candidates]) =>
        candidates.map(({ name, atMost }) => [name, { limit: limit.name, atMost }]),
      ),
    );
    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    await publish({
      name: 'bulk',
      title: `Work on ${inWords(SESSIONS)} sessions at once, ${inRounds}`,
      rows: measured.map(({ name, median, rounds }): Row => {
        const comparison = comparisonOf.get(name);
        return {
          what: name,
          value: median,
          unit: 'ms',
          rounds,
          ratio: comparison && {
            to: comparison.limit,
            value: median / figure(comparison.limit),
            atMost: comparison.atMost,
          },
          note:
            name === WRITTEN
              ? `its longest transaction ${inWords(Math.max(...longestTransactions))} ms`
              : `${inWords(Math.round((SESSIONS / median) * 1000))} sessions/s`,
        };
      }),
      postgres,
    });
  });
}
