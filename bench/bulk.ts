import { onCopy, onCurfew } from './lib/copies.ts';
import { createCredentials } from './lib/credentials.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import { publish, type Row } from './lib/report.ts';
import { measureInRounds, type Candidate } from './lib/rounds.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SESSIONS } from './lib/settings.ts';
import { onStage } from './lib/stage.ts';
import { timed, until } from './lib/timing.ts';

// Work on every session of an account, beside the plain statement that touches the same rows: a stricter policy that is
// applied at once, the preview of its impact, and the sweep of sessions past their deadline.

/** The sessions signed in over the last hour: a quarter of them ends at once, the others are shortened. */
const POLICY = { idleMinutes: 30, absoluteMinutes: 45 };

const WARM_UP = 10;

const APPLY = `mutation Apply($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const PREVIEW = `query Preview($input: UpdateSessionPolicyInput!) {
  sessionPolicyImpact(input: $input) { activeSessions endNow endWithinHour shortened endsViewerSession } }`;

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

export async function bulk(): Promise<void> {
  await onStage(async (stage) => {
    const live = await stage.database();
    const postgres = await live.describe();
    const seeded = await seedSessions(live, { sessions: SESSIONS });
    const first = await seedSessions(live, { sessions: WARM_UP });
    const over = await stage.database();
    await seedSessions(over, { sessions: SESSIONS, isOver: true });
    const credentials = createCredentials();

    const asOwner = (query: string, variables: unknown) => () =>
      onCurfew(live, credentials.env, async ({ url }) => {
        const askAs = (account: Seeded) =>
          ask(url, graphqlCall(credentials.tokensOf(account, url).accessTokenOf(0), query, variables));
        // The first call of a process is compiled, the statement prepared: that is not what is asked here.
        await askAs(first);
        return timed(() => askAs(seeded));
      });
    const plain = (statement: string) => () =>
      onCopy(live, async (copy) => timed(() => copy.query(statement, [seeded.accountId])));

    async function sweep(): Promise<number> {
      return onCurfew(over, { ...credentials.env, SESSION_SWEEP_SECONDS: '1' }, async ({ url }, copy) => {
        const isTrue = async (condition: string): Promise<boolean> =>
          (await copy.query<{ yes: boolean }>(`select ${condition} as yes`))[0]!.yes;
        await until(() => isTrue('exists (select from sessions where ended_at is not null)'));
        return timed(() =>
          until(async () => {
            const metrics = await (await fetch(`${url}/metrics`)).text();
            const swept = /^curfew_sessions_expired_total\{deadline="idle"\} (\d+)/m.exec(metrics)?.[1];
            return Number(swept) === SESSIONS;
          }),
        );
      });
    }

    const pairs: [limit: Candidate, candidate: Candidate][] = [
      [
        { name: 'plain UPDATE of the deadlines', measure: plain(PLAIN_APPLY) },
        {
          name: 'updateSessionPolicy, ACTIVE_SESSIONS',
          measure: asOwner(APPLY, { input: { ...POLICY, apply: 'ACTIVE_SESSIONS' } }),
        },
      ],
      [
        { name: 'plain count of the impact', measure: plain(PLAIN_PREVIEW) },
        { name: 'sessionPolicyImpact', measure: asOwner(PREVIEW, { input: POLICY }) },
      ],
      [
        {
          name: 'plain UPDATE of the expired',
          measure: () => onCopy(over, (copy) => timed(() => copy.query(PLAIN_SWEEP))),
        },
        { name: 'the sweep', measure: sweep },
      ],
    ];
    const measured = await measureInRounds(
      pairs.flatMap(([limit, candidate]) => [candidate, limit]),
      ROUNDS,
    );
    const limitOf = new Map(pairs.map(([limit, candidate]) => [candidate.name, limit.name]));
    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    await publish({
      name: 'bulk',
      title: `Work on ${inWords(SESSIONS)} sessions at once, ${inRounds}`,
      rows: measured.map(({ name, median, rounds }): Row => {
        const limit = limitOf.get(name);
        return {
          what: name,
          value: median,
          unit: 'ms',
          rounds,
          ratio: limit === undefined ? undefined : { to: limit, value: median / figure(limit) },
          note: `${inWords(Math.round((SESSIONS / median) * 1000))} sessions/s`,
        };
      }),
      postgres,
    });
  });
}
