import { startBare, startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { REFRESH } from './lib/documents.ts';
import { graphqlCall } from './lib/graphql.ts';
import type { Answer, Call, Send } from './lib/load.ts';
import { WITHOUT_PGBENCH } from './lib/pgbench.ts';
import { inCookie, nextInCookie } from './lib/refresh-cookie.ts';
import { publish, type Ratio } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions } from './lib/seed.ts';
import { CONNECTIONS, inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { rotate } from './lib/statements.ts';
import { expectProofs, pgbenchCandidates, throughput, typical, type Throughput } from './lib/throughput.ts';

// Refreshes a second of one node, with 64 clients that each rotate their own token. Every session has its own user.

const ID_ONLY = `mutation Refresh($input: RefreshSessionInput) { refreshSession(input: $input) {
  accessToken accessTokenExpiresAt refreshToken idleExpiresAt absoluteExpiresAt serverTime session { id } } }`;

/** How many candidates rotate the sessions of this database. */
const ROTATING = 4;
/** Distance between two clients' sessions. pgbench uses those in between, because it would consume a client's token. */
const STRIDE = Math.floor(SESSIONS / (ROTATING * CONNECTIONS));

const IN_BETWEEN = `\\set n ${STRIDE} * random(0, ${ROTATING * CONNECTIONS - 1}) + random(1, ${STRIDE - 1})\n`;

const CURFEW = 'refreshSession';
const CURFEW_ID_ONLY = 'refreshSession, id only';
const BARE = 'node:http, HS256, one UPDATE';
const PEER = 'oidc-provider, refresh_token grant';
const PEER_ES256 = 'oidc-provider, ES256';

export async function refresh(): Promise<void> {
  if (STRIDE < 2) throw new Error(`refresh needs ${2 * ROTATING * CONNECTIONS} sessions.`);
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS, users: SESSIONS });
    const credentials = createCredentials();
    const curfew = await bench.use(startCurfew(database.url, credentials.env));
    const bare = await bench.use(
      startBare('refresh-statement', { ...credentials.env, DATABASE_URL: database.url }),
    );
    const startPeer = async (algorithm: 'RS256' | 'ES256') => {
      const peer = await bench.use(startBare('oidc-provider', { ALGORITHM: algorithm }));
      const start = async (): Promise<string> => (await fetch(`${peer.url}/start`)).text();
      return { url: peer.url, tokens: await Promise.all(Array.from({ length: CONNECTIONS }, start)) };
    };
    const peer = await startPeer('RS256');
    const peerEs256 = await startPeer('ES256');

    const tokens = credentials.tokensOf(seeded, curfew.url);
    const sessionsOf = (candidate: number): number[] =>
      Array.from({ length: CONNECTIONS }, (_, connection) => (candidate * CONNECTIONS + connection) * STRIDE);
    const clientsOf = (candidate: number, proofsOf: (index: number) => string[]): Client[] =>
      sessionsOf(candidate).map((index) => ({
        token: tokens.refreshTokenOf(index),
        proofs: proofsOf(index),
      }));
    const session = (index: number): string => `"session":{"id":"${seeded.idOf(index)}"`;
    const withUser = (index: number): string[] => [session(index), `"user":{"id":"${seeded.userOf(index)}"`];
    const withoutUser = (index: number): string[] => [session(index)];
    const peerClients = (peerTokens: string[]): Client[] =>
      peerTokens.map((token) => ({ token, proofs: ['"access_token":"', '"id_token":"'] }));

    const candidates = [
      chain(CURFEW, curfew.url, clientsOf(0, withUser), asDashboard(REFRESH)),
      chain(CURFEW_ID_ONLY, curfew.url, clientsOf(1, withoutUser), asDashboard(ID_ONLY)),
      chain(`${CURFEW_ID_ONLY}, token in the body`, curfew.url, clientsOf(2, withoutUser), inBody),
      chain(
        BARE,
        bare.url,
        clientsOf(3, () => []),
        { call: (body) => ({ path: '/', body }), next: nextInBody },
      ),
      chain(PEER, peer.url, peerClients(peer.tokens), grant),
      chain(PEER_ES256, peerEs256.url, peerClients(peerEs256.tokens), grant),
    ];
    const [ordinary] = candidates;
    const pgbench = await pgbenchCandidates(database.url, {
      'pgbench, one UPDATE': `${IN_BETWEEN}${rotate(seeded.idInSql(':n'), null, 'now()')};\n`,
    });
    const measured = await measureInRounds([...candidates, ...pgbench], ROUNDS, database.quiet);

    for (const [index, { answered }] of candidates.slice(0, ROTATING).entries())
      await expectRotations(database, sessionsOf(index).map(seeded.idOf), answered());

    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const toCurfew = (of: string, atLeast?: number): Ratio => ({
      to: of,
      value: figure(CURFEW) / figure(of),
      atLeast,
    });
    const { median, p99 } = typical(ordinary!.latencies);
    await publish({
      name: 'refresh',
      title: `Refreshes a second, ${inWords(SESSIONS)} sessions, ${CONNECTIONS} connections, ${inRounds} of ${SECONDS} s`,
      rows: [
        ...measured.map(({ name, median, rounds }) => ({
          what: name,
          value: median,
          unit: 'per second',
          rounds,
          ratio:
            name === CURFEW
              ? [
                  toCurfew(CURFEW_ID_ONLY, 0.9),
                  toCurfew(BARE, 0.65),
                  toCurfew(PEER, 2.5),
                  toCurfew(PEER_ES256),
                ]
              : undefined,
        })),
        { what: 'refreshSession, answered within', value: median, unit: 'ms' },
        {
          what: 'refreshSession, the slowest of a hundred',
          value: p99,
          unit: 'ms',
          rounds: ordinary!.latencies.map((latency) => latency.p99),
          ratio: { to: 'its median', value: p99 / median, atMost: 6 },
        },
      ],
      postgres: await database.describe(),
      remarks: pgbench.length === 0 ? [WITHOUT_PGBENCH] : [],
    });
  });
}

interface Client {
  token: string;
  /** Of its session, in each of its answers. */
  proofs: string[];
}

/** How a token is sent, and where the answer has the next one. */
interface Transport {
  call(token: string): Call;
  /** @throws when it has none */
  next(answer: Answer): string;
}

function nextInBody({ body }: Answer): string {
  const token = /"refresh_?[tT]oken":"([^"]+)"/.exec(body)?.[1];
  if (token === undefined) throw new Error(`No token came in ${body.slice(0, 300)}`);
  return token;
}

/** As the dashboard sends it. */
const asDashboard = (document: string): Transport => ({
  call: (token) => inCookie(document, token),
  next: nextInCookie,
});

/** As an application without a browser sends it. */
const inBody: Transport = {
  call: (refreshToken) => graphqlCall(null, ID_ONLY, { input: { refreshToken } }),
  next: nextInBody,
};

const grant: Transport = {
  call: (refreshToken) => ({
    path: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=refresh_token&client_id=bench&refresh_token=${refreshToken}`,
  }),
  next: nextInBody,
};

type Chain = Throughput & { answered(): number };

/** Every connection rotates the token of its own client, continuing from round to round. */
function chain(name: string, url: string, clients: Client[], { call, next }: Transport): Chain {
  let answered = 0;
  const request = async (send: Send, connection: number): Promise<void> => {
    const client = clients[connection]!;
    const answer = await send(call(client.token));
    expectProofs(name, answer, client.proofs);
    client.token = next(answer);
    answered += 1;
  };
  return { ...throughput(name, url, request), answered: () => answered };
}

/** Checks that the answers equal the rotations in the rows: a replay is answered with a token too. */
async function expectRotations(database: ScratchDatabase, ids: string[], answered: number): Promise<void> {
  const [row] = await database.query<{ rotations: number }>(
    'select sum(generation)::int as rotations from sessions where id = any($1::text[])',
    [ids],
  );
  if (row!.rotations !== answered) throw new Error(`${answered} answers, but ${row!.rotations} rotations.`);
}
