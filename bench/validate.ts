import { startBare, startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { VALIDATE_SESSION, VALIDATE_SESSIONS } from './lib/documents.ts';
import { graphqlCall } from './lib/graphql.ts';
import { openCookieSessions } from './lib/cookie-sessions.ts';
import { WITHOUT_PGBENCH } from './lib/pgbench.ts';
import { publish, type Ratio } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { CONNECTIONS, inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { readByToken, touchByToken } from './lib/statements.ts';
import { inAdvance, pgbenchCandidates, proven, throughput, type ProvenCall } from './lib/throughput.ts';
import { CONSTANT_USER } from './lib/validation-answer.ts';

// Session checks a second of one node, compared with the machine's limits. Every session has its own user.

const BATCH = 100;
const BATCHES = 500;
/** Different calls of each kind. */
const CALLS = Math.min(20_000, SESSIONS);
const ACCESS_TOKENS = 1_000;
const PEER_SESSIONS = Math.min(10_000, SESSIONS);

const ID_ONLY = `mutation Validate($input: ValidateSessionInput!) {
  validateSession(input: $input) { valid reason warning secondsRemaining session { id } } }`;
const MANY_ID_ONLY = `mutation ValidateMany($input: [ValidateSessionInput!]!) {
  validateSessions(input: $input) { valid reason warning secondsRemaining session { id } } }`;

const ONE = 'validateSession, touch';
const ONE_ID_ONLY = 'validateSession, touch, id only';
const MANY = `validateSessions of ${BATCH}, touch`;
const MANY_UNTOUCHED = `validateSessions of ${BATCH}, no touch`;
const INTROSPECT_SESSION = '/oauth/introspect, session token';
const INTROSPECT_ACCESS = '/oauth/introspect, access token';
const APOLLO = 'Apollo on Fastify, constant';
const SELECT = 'node:http, one SELECT';
const PEER = 'express-session, connect-pg-simple';

export async function validate(): Promise<void> {
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS, users: SESSIONS });
    const credentials = createCredentials();
    const curfew = await bench.use(startCurfew(database.url, credentials.env));
    const constant = await bench.use(startBare('constant'));
    const apollo = await bench.use(startBare('apollo-constant'));
    const statement = readByToken(`sha256(convert_to($1, 'UTF8'))`);
    const select = await bench.use(
      startBare('statement', { DATABASE_URL: database.url, STATEMENT: statement }),
    );
    const peerDatabase = await bench.database();
    const peer = await bench.use(startBare('express-session', { DATABASE_URL: peerDatabase.url }));
    const peerSessions = await openCookieSessions(peer.url, PEER_SESSIONS);
    const { accessTokenOf } = credentials.tokensOf(seeded, curfew.url);
    const calls = createCalls(seeded, accessTokenOf);

    const candidate = (name: string, url: string, call: () => ProvenCall, weight = 1) =>
      throughput(name, url, proven(name, call), weight);
    const anySession = `\\set n random(0, ${SESSIONS - 1})\n`;
    const tokenHash = seeded.tokenHashInSql(':n');
    const pgbench = await pgbenchCandidates(database.url, {
      'pgbench, the SELECT': `${anySession}${readByToken(tokenHash)};\n`,
      'pgbench, the SELECT and the UPDATE': `${anySession}${readByToken(tokenHash)};\n${touchByToken(tokenHash, 'now()')};\n`,
    });
    const { one, many, introspectSession, introspectAccess, constantAnswer } = calls;
    const measured = await measureInRounds(
      [
        candidate(ONE, curfew.url, one(VALIDATE_SESSION, true)),
        candidate('validateSession, no touch', curfew.url, one(VALIDATE_SESSION, false)),
        candidate(ONE_ID_ONLY, curfew.url, one(ID_ONLY, true)),
        candidate(MANY, curfew.url, many(VALIDATE_SESSIONS, true), BATCH),
        candidate(MANY_UNTOUCHED, curfew.url, many(VALIDATE_SESSIONS, false), BATCH),
        candidate(`${MANY}, id only`, curfew.url, many(MANY_ID_ONLY, true), BATCH),
        candidate(INTROSPECT_SESSION, curfew.url, introspectSession),
        candidate(INTROSPECT_ACCESS, curfew.url, introspectAccess),
        candidate('node:http, constant', constant.url, constantAnswer),
        candidate(APOLLO, apollo.url, constantAnswer),
        candidate(SELECT, select.url, calls.select),
        candidate(PEER, peer.url, peerSessions.next),
        ...pgbench,
      ],
      ROUNDS,
      database.quiet,
    );
    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const to = (name: string, of: string, atLeast?: number): Ratio => ({
      to: of,
      value: figure(name) / figure(of),
      atLeast,
    });
    const toFixed = (name: string, perSecond: number): Ratio => ({
      to: `${inWords(perSecond)} sessions/s`,
      value: figure(name) / perSecond,
      atLeast: 1,
    });
    const ratios: Record<string, Ratio | Ratio[]> = {
      [ONE]: [to(ONE, APOLLO, 0.6), to(ONE, PEER, 3), to(ONE, ONE_ID_ONLY)],
      [MANY]: toFixed(MANY, 15_000),
      [MANY_UNTOUCHED]: toFixed(MANY_UNTOUCHED, 50_000),
      [INTROSPECT_SESSION]: to(INTROSPECT_SESSION, SELECT, 1),
      [INTROSPECT_ACCESS]: to(INTROSPECT_ACCESS, SELECT, 1),
    };
    await publish({
      name: 'validate',
      title: `Checks a second, ${inWords(SESSIONS)} sessions, ${CONNECTIONS} connections, ${inRounds} of ${SECONDS} s`,
      rows: measured.map(({ name, median, rounds }) => ({
        what: name,
        value: median,
        unit: 'per second',
        rounds,
        ratio: ratios[name],
      })),
      postgres: await database.describe(),
      remarks: pgbench.length === 0 ? [WITHOUT_PGBENCH] : [],
    });
  });
}

/** The calls of each candidate. Each call is about another session, and its answer has to name the user of that one. */
function createCalls(seeded: Seeded, accessTokenOf: (index: number) => string) {
  const { serviceKey, tokenOf, idOf, userOf } = seeded;
  let next = 0;
  const session = (): number => (next += 7919) % SESSIONS;
  /** A document that leaves out the user proves its session instead. */
  const proofsOf = (document: string, index: number): string[] => [
    '"valid":true',
    document.includes('user {') ? `"user":{"id":"${userOf(index)}"` : `"session":{"id":"${idOf(index)}"`,
  ];
  const introspect = (token: string, userId: string): ProvenCall => ({
    path: '/oauth/introspect',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Bearer ${serviceKey}`,
    },
    body: `token=${token}`,
    proofs: ['"active":true', `"sub":"${userId}"`],
  });

  const one = (document: string, touch: boolean) => (): ProvenCall => {
    const index = session();
    const input = { sessionToken: tokenOf(index), touch };
    return { ...graphqlCall(serviceKey, document, { input }), proofs: proofsOf(document, index) };
  };
  const many = (document: string, touch: boolean) => (): ProvenCall => {
    const indices = Array.from({ length: BATCH }, session);
    const input = indices.map((index) => ({ sessionToken: tokenOf(index), touch }));
    const proofs = indices.flatMap((index) => proofsOf(document, index));
    return { ...graphqlCall(serviceKey, document, { input }), proofs };
  };

  return {
    one: (document: string, touch: boolean) => inAdvance(CALLS, one(document, touch)),
    many: (document: string, touch: boolean) => inAdvance(BATCHES, many(document, touch)),
    introspectSession: inAdvance(CALLS, () => {
      const index = session();
      return introspect(tokenOf(index), userOf(index));
    }),
    introspectAccess: inAdvance(ACCESS_TOKENS, () => {
      const index = session();
      return introspect(accessTokenOf(index), userOf(index));
    }),
    /** What the constant servers are asked: the same as Curfew. */
    constantAnswer: inAdvance(CALLS, () => {
      const input = { sessionToken: tokenOf(session()), touch: true };
      const proofs = ['"valid":true', `"user":{"id":"${CONSTANT_USER}"`];
      return { ...graphqlCall(serviceKey, VALIDATE_SESSION, { input }), proofs };
    }),
    select: inAdvance(CALLS, () => {
      const index = session();
      return { path: '/', body: tokenOf(index), proofs: [`"user_id":"${userOf(index)}"`] };
    }),
  };
}
