import { createGraphQLClient } from '../test/graphql-client.ts';
import type { ChildServer } from './lib/child-server.ts';
import { withCopy, withCurfew } from './lib/copies.ts';
import { createCredentials } from './lib/credentials.ts';
import { dashboard, SESSION_EXPIRY, VALIDATE_SESSION } from './lib/documents.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import { spread } from './lib/load.ts';
import { loadOfOthers, OTHERS } from './lib/load-of-others.ts';
import { publish } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { timed, until } from './lib/timing.ts';

// All users of a large account are signed out at once: the duration, compared with the plain UPDATE of its rows, and the
// effect on others.

const PLAIN = `update sessions set ended_at = now(), end_reason = 'REVOKED_BY_OWNER' where account_id = $1 and ended_at is null`;

const CURFEW = 'revokeSessions ALL';
const BUSY = 'revokeSessions ALL, under load';
const UPDATE = 'plain UPDATE';
const WARM_UP = 10;
const SUBSCRIBERS = 10;

export async function revoke(): Promise<void> {
  await inBenchRun(async (bench) => {
    const template = await bench.database();
    const postgres = await template.describe();
    const seeded = await seedSessions(template, { sessions: SESSIONS });
    const others = await seedSessions(template, { sessions: OTHERS });
    const first = await seedSessions(template, { sessions: WARM_UP });
    const credentials = createCredentials();

    async function revokeAll(curfew: ChildServer, { account, count } = { account: seeded, count: SESSIONS }) {
      const owner = credentials.tokensOf(account, curfew.url).accessTokenOf(0);
      const answer = await ask<{ revokeSessions: { revokedCount: number } }>(
        curfew.url,
        graphqlCall(owner, dashboard.sessionsRevokeMany, { scope: 'ALL' }),
      );
      const { revokedCount } = answer.revokeSessions;
      if (revokedCount !== count) throw new Error(`${revokedCount} of ${count} were ended.`);
    }

    /** Warms up: the first call of a process also compiles code and prepares the statement. */
    const warmUp = (curfew: ChildServer) => revokeAll(curfew, { account: first, count: WARM_UP });

    const noticed: Effect[] = [];
    const measured = await measureInRounds(
      [
        {
          name: CURFEW,
          measure: () =>
            withCurfew(template, credentials.env, async (curfew) => {
              await warmUp(curfew);
              return timed(() => revokeAll(curfew));
            }),
        },
        {
          name: UPDATE,
          measure: () => withCopy(template, (copy) => timed(() => copy.query(PLAIN, [seeded.accountId]))),
        },
        {
          name: BUSY,
          measure: () =>
            withCurfew(template, credentials.env, async (curfew, copy) => {
              await warmUp(curfew);
              const { accessTokenOf } = credentials.tokensOf(seeded, curfew.url);
              const seen = await watchRevocation(curfew, { seeded, others, accessTokenOf }, async () => {
                await revokeAll(curfew);
                return async () => (await copy.query('select from account_revocations')).length === 0;
              });
              noticed.push(seen);
              return seen.answered;
            }),
        },
      ],
      ROUNDS,
    );

    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const rounds = (pick: (seen: Effect) => number): { value: number; unit: string; rounds: number[] } => ({
      value: spread(noticed.map(pick)).median,
      unit: 'ms',
      rounds: noticed.map(pick),
    });
    const idle = rounds(({ othersIdle }) => othersIdle);
    const during = rounds(({ othersDuring }) => othersDuring);
    await publish({
      name: 'revoke',
      title: `Signing out ${inWords(SESSIONS)} sessions, ${inRounds}`,
      rows: [
        ...measured.map(({ name, median, rounds }) => ({
          what: name,
          value: median,
          unit: 'ms',
          rounds,
          ratio: name === CURFEW ? { to: UPDATE, value: median / figure(UPDATE), atMost: 1.3 } : undefined,
        })),
        { what: 'from the call to the first refusal of one of them', ...rounds(({ inEffect }) => inEffect) },
        {
          what: `from the answer to the last of ${SUBSCRIBERS} subscribers told`,
          ...rounds(({ told }) => told),
          ratio: { to: '1 s', value: rounds(({ told }) => told).value / 1000, atMost: 1 },
        },
        {
          what: 'from the call to the last of them marked',
          ...rounds(({ marked }) => marked),
          ratio: { to: UPDATE, value: rounds(({ marked }) => marked).value / figure(UPDATE) },
        },
        { what: `requests of another account, p99, before`, ...idle },
        {
          what: `requests of another account, p99, beside it`,
          ...during,
          ratio: { to: 'before', value: during.value / idle.value, atMost: 3 },
        },
        {
          what: `requests of another account, the slowest, beside it`,
          ...rounds(({ othersSlowest }) => othersSlowest),
        },
      ],
      postgres,
    });
  });
}

/** In milliseconds. */
interface Effect {
  answered: number;
  inEffect: number;
  told: number;
  marked: number;
  othersIdle: number;
  othersDuring: number;
  othersSlowest: number;
}

/** Measures the effect of a revocation on its sessions and on another account. */
async function watchRevocation(
  curfew: ChildServer,
  who: { seeded: Seeded; others: Seeded; accessTokenOf(index: number): string },
  /** Returns a check whether all sessions are marked as ended. */
  revokeAll: () => Promise<() => Promise<boolean>>,
): Promise<Effect> {
  const { seeded, others, accessTokenOf } = who;
  const client = createGraphQLClient(curfew.url);
  const subscribers = Array.from({ length: SUBSCRIBERS }, (_, index) =>
    client.subscribe(SESSION_EXPIRY, {
      accessToken: accessTokenOf(Math.floor((index * SESSIONS) / SUBSCRIBERS)),
    }),
  );
  await Promise.all(subscribers.map(({ connected }) => connected));

  const load = loadOfOthers(curfew, others);
  await load(SECONDS / 4);
  const idle = await load(SECONDS);

  const started = performance.now();
  const since = (): number => performance.now() - started;
  const input = { sessionToken: seeded.tokenOf(SESSIONS - 1), touch: false };
  const refused = until(async () => {
    const call = graphqlCall(seeded.serviceKey, VALIDATE_SESSION, { input });
    const { validateSession } = await ask<{ validateSession: { valid: boolean } }>(curfew.url, call);
    return !validateSession.valid;
  }).then(since);
  const told = Promise.all(subscribers.map(({ completed }) => completed)).then(since);
  const revoked = revokeAll();
  const answer = revoked.then(since);
  const marking = revoked.then(until).then(since);
  const [answered, eventAt, inEffect, marked, during] = await Promise.all([
    answer,
    told,
    refused,
    marking,
    load(600, Promise.all([answer, told, refused, marking])),
  ]);
  for (const { events } of subscribers)
    if (events.at(-1)?.kind !== 'REVOKED') throw new Error(`Told otherwise: ${JSON.stringify(events)}`);
  return {
    answered,
    inEffect,
    told: Math.max(0, eventAt - answered),
    marked,
    othersIdle: idle.latency.p99,
    othersDuring: during.latency.p99,
    othersSlowest: during.latency.slowest,
  };
}
