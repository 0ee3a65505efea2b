import { setTimeout as pause } from 'node:timers/promises';
import { createGraphQLClient } from '../test/graphql-client.ts';
import type { ChildServer } from './lib/child-server.ts';
import { onCopy, onCurfew } from './lib/copies.ts';
import { createCredentials } from './lib/credentials.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import { applyLoad, spread } from './lib/load.ts';
import { publish } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { onStage } from './lib/stage.ts';
import { expectProof } from './lib/throughput.ts';
import { timed, until } from './lib/timing.ts';

// Everybody of a large account is signed out at once: how long that takes, beside the plain UPDATE of the same rows, and
// what others notice of it.

const REVOKE = `mutation { revokeSessions(scope: ALL) { revokedCount } }`;
const VALIDATE = `mutation Validate($input: ValidateSessionInput!) {
  validateSession(input: $input) { valid secondsRemaining } }`;
const WATCH = `subscription { sessionExpiry { kind endReason } }`;

const PLAIN = `update sessions set ended_at = now(), end_reason = 'REVOKED_BY_OWNER' where account_id = $1 and ended_at is null`;

const CURFEW = 'revokeSessions ALL';
const BUSY = 'the same while others ask and are told';
const UPDATE = 'plain UPDATE';
const OTHERS = 1_000;
const WARM_UP = 10;
const SUBSCRIBERS = 10;
/** Some 400 requests a second, which leave the machine room. */
const OTHERS_CONNECTIONS = 8;
const OTHERS_PAUSE_MS = 20;

export async function revoke(): Promise<void> {
  await onStage(async (stage) => {
    const template = await stage.database();
    const postgres = await template.describe();
    const seeded = await seedSessions(template, { sessions: SESSIONS });
    const others = await seedSessions(template, { sessions: OTHERS });
    const first = await seedSessions(template, { sessions: WARM_UP });
    const credentials = createCredentials();

    async function revokeAll(curfew: ChildServer, { account, count } = { account: seeded, count: SESSIONS }) {
      const owner = credentials.tokensOf(account, curfew.url).accessTokenOf(0);
      const answer = await ask<{ revokeSessions: { revokedCount: number } }>(
        curfew.url,
        graphqlCall(owner, REVOKE),
      );
      const { revokedCount } = answer.revokeSessions;
      if (revokedCount !== count) throw new Error(`${revokedCount} of ${count} were ended.`);
    }

    /** The first call of a process is compiled, the statement prepared: that is not what is asked here. */
    const warmUp = (curfew: ChildServer) => revokeAll(curfew, { account: first, count: WARM_UP });

    const noticed: Noticed[] = [];
    const measured = await measureInRounds(
      [
        {
          name: CURFEW,
          measure: () =>
            onCurfew(template, credentials.env, async (curfew) => {
              await warmUp(curfew);
              return timed(() => revokeAll(curfew));
            }),
        },
        {
          name: UPDATE,
          measure: () => onCopy(template, (copy) => timed(() => copy.query(PLAIN, [seeded.accountId]))),
        },
        {
          name: BUSY,
          measure: () =>
            onCurfew(template, credentials.env, async (curfew, copy) => {
              await warmUp(curfew);
              const { accessTokenOf } = credentials.tokensOf(seeded, curfew.url);
              const seen = await watchRevocation(curfew, { seeded, others, accessTokenOf }, async () => {
                await revokeAll(curfew);
                return async () => (await copy.query('select from account_endings')).length === 0;
              });
              noticed.push(seen);
              return seen.answered;
            }),
        },
      ],
      ROUNDS,
    );

    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const rounds = (pick: (seen: Noticed) => number): { value: number; unit: string; rounds: number[] } => ({
      value: spread(noticed.map(pick)).median,
      unit: 'ms',
      rounds: noticed.map(pick),
    });
    const idle = rounds(({ othersIdle }) => othersIdle);
    const meanwhile = rounds(({ othersMeanwhile }) => othersMeanwhile);
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
          what: `requests of another account, p99, meanwhile`,
          ...meanwhile,
          ratio: { to: 'before', value: meanwhile.value / idle.value, atMost: 3 },
        },
        {
          what: `requests of another account, the slowest, meanwhile`,
          ...rounds(({ othersSlowest }) => othersSlowest),
        },
      ],
      postgres,
    });
  });
}

/** In milliseconds. */
interface Noticed {
  answered: number;
  inEffect: number;
  told: number;
  marked: number;
  othersIdle: number;
  othersMeanwhile: number;
  othersSlowest: number;
}

/** What is noticed of a revocation, apart from its answer, by those it is about and by those it is not. */
async function watchRevocation(
  curfew: ChildServer,
  who: { seeded: Seeded; others: Seeded; accessTokenOf(index: number): string },
  /** Returns what says whether all of them are marked. */
  revokeAll: () => Promise<() => Promise<boolean>>,
): Promise<Noticed> {
  const { seeded, others, accessTokenOf } = who;
  const client = createGraphQLClient(curfew.url);
  const subscribers = Array.from({ length: SUBSCRIBERS }, (_, index) =>
    client.subscribe(WATCH, {
      accessToken: accessTokenOf(Math.floor((index * SESSIONS) / SUBSCRIBERS)),
    }),
  );
  await Promise.all(subscribers.map(({ connected }) => connected));

  let next = 0;
  const load = (seconds: number, end?: Promise<unknown>) =>
    applyLoad({
      url: curfew.url,
      connections: OTHERS_CONNECTIONS,
      seconds,
      until: end,
      async request(send) {
        const input = { sessionToken: others.tokenOf((next += 79) % OTHERS) };
        expectProof(
          'another account',
          await send(graphqlCall(others.serviceKey, VALIDATE, { input })),
          'true',
        );
        await pause(OTHERS_PAUSE_MS);
      },
    });
  await load(SECONDS / 4);
  const idle = await load(SECONDS);

  const started = performance.now();
  const since = (): number => performance.now() - started;
  const input = { sessionToken: seeded.tokenOf(SESSIONS - 1), touch: false };
  const refused = until(async () => {
    const call = graphqlCall(seeded.serviceKey, VALIDATE, { input });
    const { validateSession } = await ask<{ validateSession: { valid: boolean } }>(curfew.url, call);
    return !validateSession.valid;
  }).then(since);
  const told = Promise.all(subscribers.map(({ completed }) => completed)).then(since);
  const revoked = revokeAll();
  const answer = revoked.then(since);
  const marking = revoked.then(until).then(since);
  const [answered, toldAt, inEffect, marked, meanwhile] = await Promise.all([
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
    told: Math.max(0, toldAt - answered),
    marked,
    othersIdle: idle.latency.p99,
    othersMeanwhile: meanwhile.latency.p99,
    othersSlowest: meanwhile.latency.slowest,
  };
}
