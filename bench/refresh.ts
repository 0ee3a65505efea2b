import { randomUUID } from 'node:crypto';
import { startBare, startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { graphqlCall } from './lib/graphql.ts';
import type { Call, Send } from './lib/load.ts';
import { WITHOUT_PGBENCH } from './lib/pgbench.ts';
import { publish } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions } from './lib/seed.ts';
import { CONNECTIONS, inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { onStage } from './lib/stage.ts';
import { rotate } from './lib/statements.ts';
import { expectProof, pgbenchCandidates, throughput, typical, type Throughput } from './lib/throughput.ts';

// How many refreshes a second one node answers, each of 64 clients exchanging token for token.

const REFRESH = `mutation Refresh($input: RefreshSessionInput) { refreshSession(input: $input) {
  accessToken accessTokenExpiresAt refreshToken idleExpiresAt absoluteExpiresAt serverTime session { id } } }`;

/** From one client's session to the next one's; those in between are pgbench's, which would spoil a client's token. */
const STRIDE = Math.floor(SESSIONS / (3 * CONNECTIONS));

const IN_BETWEEN = `\\set n ${STRIDE} * random(0, ${3 * CONNECTIONS - 1}) + random(1, ${STRIDE - 1})\n`;

const CURFEW = 'refreshSession';
const WITH_ID = 'refreshSession, requestId';
const BARE = 'node:http, HS256, one UPDATE';
const PEER = 'oidc-provider, refresh_token grant';
const PEER_ES256 = 'oidc-provider, ES256';

export async function refresh(): Promise<void> {
  if (STRIDE < 2) throw new Error(`refresh needs ${6 * CONNECTIONS} sessions.`);
  await onStage(async (stage) => {
    const database = await stage.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS });
    const credentials = createCredentials();
    const curfew = await stage.use(startCurfew(database.url, credentials.env));
    const bare = await stage.use(
      startBare('refresh-statement', { ...credentials.env, DATABASE_URL: database.url }),
    );
    const startPeer = async (algorithm: 'RS256' | 'ES256') => {
      const peer = await stage.use(startBare('oidc-provider', { ALGORITHM: algorithm }));
      const start = async (): Promise<string> => (await fetch(`${peer.url}/start`)).text();
      return { url: peer.url, tokens: await Promise.all(Array.from({ length: CONNECTIONS }, start)) };
    };
    const peer = await startPeer('RS256');
    const peerEs256 = await startPeer('ES256');

    const tokens = credentials.tokensOf(seeded, curfew.url);
    const sessionsOf = (candidate: number): number[] =>
      Array.from({ length: CONNECTIONS }, (_, connection) => (candidate * CONNECTIONS + connection) * STRIDE);
    const firstTokens = (candidate: number): string[] => sessionsOf(candidate).map(tokens.refreshTokenOf);

    const graphql =
      (more: () => Record<string, unknown>) =>
      (refreshToken: string): Call =>
        graphqlCall(null, REFRESH, { input: { refreshToken, ...more() } });
    const grant = (refreshToken: string): Call => ({
      path: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=refresh_token&client_id=bench&refresh_token=${refreshToken}`,
    });

    const candidates = [
      chain(
        CURFEW,
        curfew.url,
        firstTokens(0),
        graphql(() => ({})),
      ),
      chain(
        WITH_ID,
        curfew.url,
        firstTokens(1),
        graphql(() => ({ requestId: randomUUID() })),
      ),
      chain(BARE, bare.url, firstTokens(2), (body) => ({ path: '/', body })),
      chain(PEER, peer.url, peer.tokens, grant),
      chain(PEER_ES256, peerEs256.url, peerEs256.tokens, grant),
    ];
    const [ordinary] = candidates;
    const pgbench = await pgbenchCandidates(database.url, {
      'pgbench, one UPDATE': `${IN_BETWEEN}${rotate(seeded.idInSql(':n'), null, 'now()')};\n`,
    });
    const measured = await measureInRounds([...candidates, ...pgbench], ROUNDS, database.quiet);

    for (const [index, { answered }] of candidates.slice(0, 3).entries())
      await expectRotations(database, sessionsOf(index).map(seeded.idOf), answered());

    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const to = (name: string, of: string, aim: { atLeast?: number } = {}) => ({
      to: of,
      value: figure(name) / figure(of),
      ...aim,
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
              ? [to(name, BARE, { atLeast: 0.65 }), to(name, PEER, { atLeast: 2.5 }), to(name, PEER_ES256)]
              : name === WITH_ID
                ? to(name, CURFEW)
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

type Chain = Throughput & { answered(): number };

/** Every connection exchanges its own token for the next one, also from round to round. */
function chain(name: string, url: string, tokens: string[], call: (token: string) => Call): Chain {
  let answered = 0;
  const request = async (send: Send, connection: number): Promise<void> => {
    const answer = await send(call(tokens[connection]!));
    expectProof(name, answer, 'ken":"');
    tokens[connection] = /"refresh_?[tT]oken":"([^"]+)"/.exec(answer.body)![1]!;
    answered += 1;
  };
  return { ...throughput(name, url, request), answered: () => answered };
}

/** A replay is answered with a token, too: what was measured has to be the exchanges that the rows tell of. */
async function expectRotations(database: ScratchDatabase, ids: string[], answered: number): Promise<void> {
  const [row] = await database.query<{ rotations: number }>(
    'select sum(generation)::int as rotations from sessions where id = any($1::text[])',
    [ids],
  );
  if (row!.rotations !== answered) throw new Error(`${answered} answers, but ${row!.rotations} rotations.`);
}
