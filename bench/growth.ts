import { startCurfew, type ChildServer } from './lib/child-server.ts';
import { createCredentials, type Tokens } from './lib/credentials.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import type { Call } from './lib/load.ts';
import { publish, type Row } from './lib/report.ts';
import { measureInRounds, type Candidate } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SECONDS } from './lib/settings.ts';
import { onStage } from './lib/stage.ts';
import { expectProof, latency, proven } from './lib/throughput.ts';
import { timed } from './lib/timing.ts';

// What one request costs as the table holds ten times as many sessions, and ten times as many again. There is a database
// of each size, with a server of its own, and every round asks all of them.

const SMALLEST = Number(process.env.BENCH_SESSIONS ?? 10_000);
const SIZES = [1, 10, 100, ...(process.env.BENCH_LARGE === '1' ? [1_000] : [])].map((by) => SMALLEST * by);
/** The account that is signed out as a whole; it has as many at every size. */
const TEAM = Math.min(1_000, SMALLEST);
/** Logarithmic growth would be 5/4 from ten thousand to a hundred thousand. */
const AT_MOST = 1.5;
/** What looks at every live session of the account: ten times the time, and a little for the noise. */
const AT_MOST_LINEAR = 12;
/** Sessions of each user of the large account. */
const EACH = 10;
/** How often it is asked for in one round: a page, and what takes long. */
const REQUESTS = { page: 100, linear: 5 };
const SINGLE_ENDS = 100;

const VALIDATE = `mutation Validate($input: ValidateSessionInput!) {
  validateSession(input: $input) { valid secondsRemaining session { id } } }`;
const REFRESH = `mutation Refresh($input: RefreshSessionInput) { refreshSession(input: $input) { accessToken refreshToken } }`;
const PAGE = `{ sessions(first: 50) { edges { cursor node { id authenticatedAt expiresAt user { id name } } } pageInfo { hasNextPage } } }`;
const REVOKE_ONE = `mutation Revoke($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`;
const REVOKE_ALL = `mutation { revokeSessions(scope: ALL) { revokedCount } }`;
const USERS = `{ sessionPolicy { activeUsers(first: 50) { userId lastLoginAt sessionCount } } }`;

/** What an owner reads of the account that has nearly all of them: what is asked, and what is in the right answer. */
const PAGES: Record<string, { query: string; proof: string; isLinear?: boolean }> = {
  'sessions, first page': { query: PAGE, proof: '"edges":[{' },
  'sessions, totalCount': { query: `{ sessions(first: 1) { totalCount } }`, proof: '"totalCount"' },
  'sessions, ended': {
    query: `{ sessions(first: 50, status: ENDED) { edges { node { id } } } }`,
    proof: '"edges"',
  },
  activeUsers: { query: USERS, proof: '"sessionCount"' },
  activeUserCount: {
    query: `{ sessionPolicy { activeUserCount } }`,
    proof: '"activeUserCount"',
    isLinear: true,
  },
  sessionEndings: {
    query: `{ sessionEndings(hours: 12) { idle absolute } }`,
    proof: '"idle"',
    isLinear: true,
  },
  sessionPolicyImpact: {
    query: `{ sessionPolicyImpact(input: { idleMinutes: 15 }) { activeSessions } }`,
    proof: '"activeSessions"',
    isLinear: true,
  },
};

const OPERATIONS = [
  'validateSession',
  'refreshSession',
  'revokeSession',
  `revokeSessions of ${inWords(TEAM)}`,
  ...Object.keys(PAGES),
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
  await onStage(async (stage) => {
    const credentials = createCredentials();
    const sizes: Size[] = [];
    for (const count of SIZES) {
      const database = await stage.database();
      const seeded = await seedSessions(database, { sessions: count, users: Math.ceil(count / EACH) });
      const curfew = await stage.use(startCurfew(database.url, credentials.env));
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
                  atMost: PAGES[operation]?.isLinear ? AT_MOST_LINEAR : AT_MOST,
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

/** Sessions that are ended are others than those that are used: a third of all for each. */
function candidatesOf({ count, database, seeded, curfew, tokens, tokensOf }: Size): Candidate[] {
  const third = Math.floor(count / 3);
  let next = 0;
  /** One of the nth third, at random enough that none is close to the one before. */
  const oneOf = (nth: number): number => nth * third + ((next += 7919) % third);
  const owner = tokens.accessTokenOf(0);
  const latest = new Map<number, string>();
  let ended = 0;
  const [validate, refresh, revokeOne, revokeAll] = OPERATIONS.map((operation) =>
    nameOf(operation, count),
  ) as [string, string, string, string];
  const request = (name: string, call: () => Call, proof: string, requests?: number): Candidate =>
    latency(name, curfew.url, proven(name, call, proof), requests);

  return [
    request(
      validate,
      () => graphqlCall(seeded.serviceKey, VALIDATE, { input: { sessionToken: seeded.tokenOf(oneOf(0)) } }),
      '"valid":true',
    ),
    latency(refresh, curfew.url, async (send) => {
      const index = oneOf(1);
      const refreshToken = latest.get(index) ?? tokens.refreshTokenOf(index);
      const answer = await send(graphqlCall(null, REFRESH, { input: { refreshToken } }));
      expectProof(refresh, answer, '"refreshToken"');
      latest.set(index, /"refreshToken":"([^"]+)"/.exec(answer.body)![1]!);
    }),
    request(
      revokeOne,
      () => graphqlCall(owner, REVOKE_ONE, { id: seeded.idOf(2 * third + (ended += 1)) }),
      '"revokedCount":1',
      Math.min(SINGLE_ENDS, Math.floor((third - 1) / ROUNDS)),
    ),
    {
      name: revokeAll,
      async measure() {
        const team = await seedSessions(database, { sessions: TEAM });
        const teamOwner = tokensOf(team).accessTokenOf(0);
        return timed(() => ask(curfew.url, graphqlCall(teamOwner, REVOKE_ALL)));
      },
    },
    ...Object.entries(PAGES).map(([operation, { query, proof, isLinear }]) =>
      request(
        nameOf(operation, count),
        () => graphqlCall(owner, query),
        proof,
        isLinear ? REQUESTS.linear : REQUESTS.page,
      ),
    ),
  ];
}
