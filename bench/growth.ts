import { startCurfew, type ChildServer } from './lib/child-server.ts';
import { createCredentials, type Tokens } from './lib/credentials.ts';
import { dashboard, REFRESH, SESSIONS_PAGE, VALIDATE_SESSION } from './lib/documents.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import { inCookie, nextInCookie } from './lib/refresh-cookie.ts';
import { publish, type Row } from './lib/report.ts';
import { measureInRounds, type Candidate } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SECONDS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { expectProofs, latency, proven, type ProvenCall, type Proofs } from './lib/throughput.ts';
import { timed } from './lib/timing.ts';

// The cost of one request as the table grows tenfold, twice. Each size has its own database and server, and every round
// measures all of them.

const SMALLEST = Number(process.env.BENCH_SESSIONS ?? 10_000);
const SIZES = [1, 10, 100, ...(process.env.BENCH_LARGE === '1' ? [1_000] : [])].map((by) => SMALLEST * by);
/** Sessions of the account that is signed out as a whole, at every size. */
const TEAM = Math.min(1_000, SMALLEST);
/** Logarithmic growth would be 5/4 from ten thousand to a hundred thousand. */
const AT_MOST = 1.5;
/** For requests that read every live session of the account: ten times the time, and some tolerance. */
const AT_MOST_LINEAR = 12;
/** Sessions of each user of the large account. */
const EACH = 10;
/** Requests per round: of a page, and of a slow request. */
const REQUESTS = { page: 100, linear: 5 };
const SINGLE_ENDS = 100;

/** Users on the dashboard's page; it asks for one more. */
const PEOPLE = 21;

/** A read of an owner of the account with nearly all sessions, and the proofs of its answer. */
interface Read {
  query: string;
  variables?: (seeded: Seeded) => object;
  proofs: (seeded: Seeded) => Proofs;
  isLinear?: boolean;
}

// The documents of the dashboard, and the parts of them that grow with the rows.
const READS: Record<string, Read> = {
  'sessions, first page': {
    query: SESSIONS_PAGE,
    variables: () => ({ first: 50 }),
    proofs: ({ idOf, userOf }) => [`"id":"${idOf(0)}"`, `"id":"${userOf(0)}"`],
  },
  'sessions, totalCount': {
    query: `{ sessions(first: 1) { totalCount } }`,
    proofs: () => ['"totalCount":'],
  },
  'sessions, ended': {
    query: SESSIONS_PAGE,
    variables: () => ({ first: 50, status: 'ENDED' }),
    proofs: () => ['"edges":['],
  },
  SessionsPeople: {
    query: dashboard.sessionsPeople,
    variables: ({ userIds }) => ({ first: PEOPLE, viewerId: userIds[0] }),
    proofs: ({ userIds }) => [`"activeUserCount":`, `"userId":"${userIds[0]}"`],
    isLinear: true,
  },
  activeUsers: {
    query: `{ sessionPolicy { activeUsers(first: ${PEOPLE}) { userId lastLoginAt sessionCount } } }`,
    proofs: ({ userIds }) => [`"userId":"${userIds[0]}"`],
  },
  activeUserCount: {
    query: `{ sessionPolicy { activeUserCount } }`,
    proofs: () => ['"activeUserCount":'],
    isLinear: true,
  },
  SessionsExpiryForecast: {
    query: dashboard.sessionsExpiryForecast,
    variables: () => ({ hours: 12 }),
    proofs: () => ['"sessionExpiryForecast":[{'],
    isLinear: true,
  },
  PolicyImpact: {
    query: dashboard.policyImpact,
    variables: () => ({ input: { idleMinutes: 15 } }),
    proofs: () => ['"activeSessions":'],
    isLinear: true,
  },
};

const OPERATIONS = [
  'validateSession',
  'refreshSession',
  'revokeSession',
  `revokeSessions of ${inWords(TEAM)}`,
  ...Object.keys(READS),
];

interface Size {
  count: number;
  database: ScratchDatabase;
  seeded: Seeded;
  curfew: ChildServer;
  tokens: Tokens;
  tokensOf(seeded: Seeded): Tokens;
}

export async function growth(): Promise<void> {
  await inBenchRun(async (bench) => {
    const credentials = createCredentials();
    const sizes: Size[] = [];
    for (const count of SIZES) {
      const database = await bench.database();
      const seeded = await seedSessions(database, { sessions: count, users: Math.ceil(count / EACH) });
      const curfew = await bench.use(startCurfew(database.url, credentials.env));
      const tokensOf = (of: Seeded): Tokens => credentials.tokensOf(of, curfew.url);
      sizes.push({ count, database, seeded, curfew, tokens: tokensOf(seeded), tokensOf });
    }
    const measured = await measureInRounds(sizes.flatMap(candidatesOf), ROUNDS);

    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const rows = OPERATIONS.flatMap((operation) =>
      SIZES.map((count, index): Row => {
        const { name, median, rounds } = measured.find((each) => each.name === nameOf(operation, count))!;
        const smaller = SIZES[index - 1];
        return {
          what: name,
          value: median,
          unit: 'ms',
          rounds,
          ratio:
            smaller === undefined
              ? undefined
              : {
                  to: inWords(smaller),
                  value: median / figure(nameOf(operation, smaller)),
                  atMost: READS[operation]?.isLinear ? AT_MOST_LINEAR : AT_MOST,
                },
        };
      }),
    );
    await publish({
      name: 'growth',
      title: `One request after the other as the table grows, ${inRounds} of ${SECONDS} s`,
      rows,
      postgres: await sizes[0]!.database.describe(),
    });
  });
}

const nameOf = (operation: string, count: number): string => `${operation}, in ${inWords(count)}`;

/** Checks, refreshes and revocations each use their own third of the sessions. */
function candidatesOf({ count, database, seeded, curfew, tokens, tokensOf }: Size): Candidate[] {
  const third = Math.floor(count / 3);
  let next = 0;
  /** Returns a session of the nth third, scattered so that no two neighbours follow each other. */
  const oneOf = (nth: number): number => nth * third + ((next += 7919) % third);
  const owner = tokens.accessTokenOf(0);
  const latest = new Map<number, string>();
  let ended = 0;
  const [validate, refresh, revokeOne, revokeAll] = OPERATIONS.map((operation) =>
    nameOf(operation, count),
  ) as [string, string, string, string];
  const request = (name: string, call: () => ProvenCall, requests?: number): Candidate =>
    latency(name, curfew.url, proven(name, call), requests);

  return [
    request(validate, () => {
      const index = oneOf(0);
      const input = { sessionToken: seeded.tokenOf(index) };
      const proofs = ['"valid":true', `"user":{"id":"${seeded.userOf(index)}"`];
      return { ...graphqlCall(seeded.serviceKey, VALIDATE_SESSION, { input }), proofs };
    }),
    latency(refresh, curfew.url, async (send) => {
      const index = oneOf(1);
      const answer = await send(inCookie(REFRESH, latest.get(index) ?? tokens.refreshTokenOf(index)));
      expectProofs(refresh, answer, [`"session":{"id":"${seeded.idOf(index)}"`]);
      latest.set(index, nextInCookie(answer));
    }),
    request(
      revokeOne,
      () => ({
        ...graphqlCall(owner, dashboard.sessionsRevokeOne, {
          sessionId: seeded.idOf(2 * third + (ended += 1)),
        }),
        proofs: ['"revokedCount":1'],
      }),
      Math.min(SINGLE_ENDS, Math.floor((third - 1) / ROUNDS)),
    ),
    {
      name: revokeAll,
      async measure() {
        const team = await seedSessions(database, { sessions: TEAM });
        const call = graphqlCall(tokensOf(team).accessTokenOf(0), dashboard.sessionsRevokeMany, {
          scope: 'ALL',
        });
        return timed(async () => {
          const { revokeSessions } = await ask<{ revokeSessions: { revokedCount: number } }>(
            curfew.url,
            call,
          );
          if (revokeSessions.revokedCount !== TEAM)
            throw new Error(`${revokeSessions.revokedCount} of ${TEAM} were ended.`);
        });
      },
    },
    ...Object.entries(READS).map(([operation, { query, variables, proofs, isLinear }]) => {
      const call = { ...graphqlCall(owner, query, variables?.(seeded)), proofs: proofs(seeded) };
      const requests = isLinear ? REQUESTS.linear : REQUESTS.page;
      return request(nameOf(operation, count), () => call, requests);
    }),
  ];
}
