import { setTimeout as pause } from 'node:timers/promises';
import { inBenchRun } from './lib/bench-run.ts';
import { startBare, type ChildServer } from './lib/child-server.ts';
import { withCopy, withCurfew } from './lib/copies.ts';
import { createCredentials } from './lib/credentials.ts';
import { dashboard } from './lib/documents.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import { spread } from './lib/load.ts';
import { loadOfOthers, OTHERS } from './lib/load-of-others.ts';
import { publish } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { timed, until } from './lib/timing.ts';

// All sessions of an account end at once, and a webhook is told of each: how fast, and what checks of another account notice.
// Beside it the same without a stream, and what the triggers cost an account that has none.

const COUNT = Math.min(SESSIONS, 10_000);

const CREATE_STREAM = `mutation ($input: CreateEventStreamInput!) { createEventStream(input: $input) { stream { id } } }`;

/** In milliseconds. */
interface Effect {
  before: { median: number; p99: number };
  during: { median: number; p99: number };
  /** From the call to the last delivery; without a stream to the last row. */
  took: number;
}

export async function events(): Promise<void> {
  await inBenchRun(async (bench) => {
    const template = await bench.database();
    const postgres = await template.describe();
    const seeded = await seedSessions(template, { sessions: COUNT });
    const others = await seedSessions(template, { sessions: OTHERS });
    const credentials = createCredentials();
    const env = {
      ...credentials.env,
      EVENT_ALLOW_PRIVATE_ADDRESSES: 'true',
      SENSITIVE_ACTION_MAX_AGE_SECONDS: '0',
    };

    async function endAll(
      curfew: ChildServer,
      copy: ScratchDatabase,
      receiver: ChildServer | null,
    ): Promise<Effect> {
      const owner = credentials.tokensOf(seeded, curfew.url).accessTokenOf(0);
      if (receiver) {
        const input = { kind: 'WEBHOOK', url: receiver.url, eventTypes: ['session.ended'] };
        await ask(curfew.url, graphqlCall(owner, CREATE_STREAM, { input }));
      }
      const check = loadOfOthers(curfew, others);
      await check(SECONDS / 2);
      const before = await check(SECONDS);
      const isTold = async (): Promise<boolean> => {
        const { count, repeats } = (await (await fetch(receiver!.url)).json()) as Record<string, number>;
        if (repeats! > 0) throw new Error(`${repeats} deliveries came twice.`);
        return count === COUNT;
      };
      const isMarked = async (): Promise<boolean> =>
        (await copy.query('select from account_revocations')).length === 0;
      const started = performance.now();
      const ended = ask<{ revokeSessions: { revokedCount: number } }>(
        curfew.url,
        graphqlCall(owner, dashboard.sessionsRevokeMany, { scope: 'ALL' }),
      ).then(async ({ revokeSessions: { revokedCount } }) => {
        if (revokedCount !== COUNT) throw new Error(`${revokedCount} of ${COUNT} were ended.`);
        await until(receiver ? isTold : isMarked, 50);
        return performance.now() - started;
      });
      // Not shorter than the load before: a p99 needs as many checks.
      const [took, during] = await Promise.all([
        ended,
        check(600, Promise.all([ended, pause(SECONDS * 1_000)])),
      ]);
      return { before: before.latency, during: during.latency, took };
    }

    const seen = { stream: [] as Effect[], none: [] as Effect[] };
    const cost = {
      login: [] as number[],
      end: [] as number[],
      plainLogin: [] as number[],
      plainEnd: [] as number[],
    };
    await measureInRounds(
      [
        {
          name: 'stream',
          measure: () =>
            withCurfew(template, env, async (curfew, copy) => {
              const receiver = await startBare('webhook-receiver');
              try {
                const effect = await endAll(curfew, copy, receiver);
                seen.stream.push(effect);
                return effect.took;
              } finally {
                await receiver.stop();
              }
            }),
        },
        {
          name: 'none',
          measure: () =>
            withCurfew(template, env, async (curfew, copy) => {
              const effect = await endAll(curfew, copy, null);
              seen.none.push(effect);
              return effect.took;
            }),
        },
        {
          name: 'triggers',
          async measure() {
            const { login, end } = await withCopy(template, (copy) => loginsAndEnds(copy, seeded.accountId));
            cost.login.push(login);
            cost.end.push(end);
            return login;
          },
        },
        {
          name: 'no triggers',
          async measure() {
            const { login, end } = await withCopy(template, async (copy) => {
              await copy.query(
                'alter table sessions disable trigger sessions_record_start, disable trigger sessions_record_end',
              );
              return loginsAndEnds(copy, seeded.accountId);
            });
            cost.plainLogin.push(login);
            cost.plainEnd.push(end);
            return login;
          },
        },
      ],
      ROUNDS,
    );

    await report(seen, cost, postgres);
  });
}

async function report(
  seen: { stream: Effect[]; none: Effect[] },
  cost: Cost,
  postgres: Record<string, string>,
): Promise<void> {
  const rounds = (values: number[]) => ({ value: spread(values).median, unit: 'ms', rounds: values });
  const effect = (of: Effect[], pick: (seen: Effect) => number) => rounds(of.map(pick));
  const beside = (what: string, of: Effect[], atMost?: number) => {
    const before = effect(of, (each) => each.before.p99);
    const during = effect(of, (each) => each.during.p99);
    return [
      { what: `checks, median, before: ${what}`, ...effect(of, (each) => each.before.median) },
      { what: `checks, median, beside it: ${what}`, ...effect(of, (each) => each.during.median) },
      { what: `checks, p99, before: ${what}`, ...before },
      {
        what: `checks, p99, beside it: ${what}`,
        ...during,
        ratio: { to: 'before', value: during.value / before.value, atMost },
      },
    ];
  };
  const rates = seen.stream.map(({ took }) => (COUNT / took) * 1_000);
  const per = (name: keyof Cost) => rounds(cost[name].map((all) => all / COUNT));
  await publish({
    name: 'events',
    title: `${inWords(COUNT)} sessions end at once, and a webhook is told of each, ${inRounds}`,
    rows: [
      { what: 'deliveries', value: spread(rates).median, unit: 'per second', rounds: rates },
      { what: 'from the call to the last delivery', ...effect(seen.stream, ({ took }) => took) },
      { what: 'from the call to the last row: without a stream', ...effect(seen.none, ({ took }) => took) },
      ...beside('with a stream', seen.stream, 1.5),
      ...beside('without a stream', seen.none),
      { what: 'a sign-in without a stream, its row', ...per('login') },
      { what: 'the same without the trigger', ...per('plainLogin') },
      { what: 'an end without a stream, its row', ...per('end') },
      { what: 'the same without the trigger, an end', ...per('plainEnd') },
    ],
    postgres,
  });
}

interface Cost {
  login: number[];
  end: number[];
  plainLogin: number[];
  plainEnd: number[];
}

/** The rows of as many sign-ins and ends as there are sessions, in one statement each, so that the triggers stand out. */
async function loginsAndEnds(
  copy: ScratchDatabase,
  accountId: string,
): Promise<{ login: number; end: number }> {
  const columns = `account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
    idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_idle_seconds, token_absolute_seconds, token_secret,
    next_check_at`;
  const login = await timed(() =>
    copy.query(
      `insert into sessions (id, ${columns}) select gen_random_uuid()::text, ${columns} from sessions where account_id = $1`,
      [accountId],
    ),
  );
  const end = await timed(() =>
    copy.query(
      `update sessions set ended_at = now(), end_reason = 'LOGOUT'
       where id in (select id from sessions where account_id = $1 and token_hash is null)`,
      [accountId],
    ),
  );
  return { login, end };
}
