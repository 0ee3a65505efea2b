import { startBare, startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { graphqlCall } from './lib/graphql.ts';
import type { Call } from './lib/load.ts';
import { WITHOUT_PGBENCH } from './lib/pgbench.ts';
import { publish, type Ratio } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import { seedSessions } from './lib/seed.ts';
import { CONNECTIONS, inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { onStage } from './lib/stage.ts';
import { readByToken, touchByToken } from './lib/statements.ts';
import { pgbenchCandidates, proven, throughput } from './lib/throughput.ts';

// How many sessions a second one node checks, beside what the machine can do at most.

const BATCH = 100;
const BATCHES = 500;

const VALIDATE = `mutation Validate($input: ValidateSessionInput!) {
  validateSession(input: $input) { valid reason warning secondsRemaining session { id } } }`;
const VALIDATE_MANY = `mutation ValidateMany($input: [ValidateSessionInput!]!) {
  validateSessions(input: $input) { valid reason warning secondsRemaining session { id } } }`;

const ONE = 'validateSession, touch';
const MANY = `validateSessions of ${BATCH}, touch`;
const MANY_UNTOUCHED = `validateSessions of ${BATCH}, no touch`;
const INTROSPECT_SESSION = '/oauth/introspect, session token';
const INTROSPECT_ACCESS = '/oauth/introspect, access token';
const APOLLO = 'Apollo on Fastify, constant';
const SELECT = 'node:http, one SELECT';
const PEER = 'express-session, connect-pg-simple';

export async function validate(): Promise<void> {
  await onStage(async (stage) => {
    const database = await stage.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS });
    const credentials = createCredentials();
    const curfew = await stage.use(startCurfew(database.url, credentials.env));
    const constant = await stage.use(startBare('constant'));
    const apollo = await stage.use(startBare('apollo-constant'));
    const statement = readByToken(`sha256(convert_to($1, 'UTF8'))`);
    const select = await stage.use(
      startBare('statement', { DATABASE_URL: database.url, STATEMENT: statement }),
    );
    const peerDatabase = await stage.database();
    const peer = await stage.use(startBare('express-session', { DATABASE_URL: peerDatabase.url }));
    const cookies = await openPeerSessions(peer.url);
    const { accessTokenOf } = credentials.tokensOf(seeded, curfew.url);
    const accessTokens = Array.from({ length: 1_000 }, (_, index) =>
      accessTokenOf((index * 7919) % SESSIONS),
    );

    let next = 0;
    const token = (): string => seeded.tokenOf((next += 7919) % SESSIONS);
    const one = (touch: boolean) => (): Call =>
      graphqlCall(seeded.serviceKey, VALIDATE, { input: { sessionToken: token(), touch } });
    // Made beforehand: hashing a hundred tokens is the client's work, and it shares the processors.
    const many = (touch: boolean): (() => Call) => {
      const calls = Array.from({ length: BATCHES }, () =>
        graphqlCall(seeded.serviceKey, VALIDATE_MANY, {
          input: Array.from({ length: BATCH }, () => ({ sessionToken: token(), touch })),
        }),
      );
      return () => calls[(next += 1) % BATCHES]!;
    };
    const introspect = (presented: () => string) => (): Call => ({
      path: '/oauth/introspect',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Bearer ${seeded.serviceKey}`,
      },
      body: `token=${presented()}`,
    });
    const accessToken = (): string => accessTokens[(next += 1) % accessTokens.length]!;
    const withCookie = (): Call => ({
      path: '/check',
      method: 'GET',
      headers: { cookie: cookies[(next += 1) % cookies.length]! },
    });

    const candidate = (name: string, url: string, call: () => Call, proof: string, weight = 1) =>
      throughput(name, url, proven(name, call, proof), weight);
    const anySession = `\\set n random(0, ${SESSIONS - 1})\n`;
    const tokenHash = seeded.tokenHashInSql(':n');
    const pgbench = await pgbenchCandidates(database.url, {
      'pgbench, the SELECT': `${anySession}${readByToken(tokenHash)};\n`,
      'pgbench, the SELECT and the UPDATE': `${anySession}${readByToken(tokenHash)};\n${touchByToken(tokenHash, 'now()')};\n`,
    });
    const measured = await measureInRounds(
      [
        candidate(ONE, curfew.url, one(true), '"valid":true'),
        candidate('validateSession, no touch', curfew.url, one(false), '"valid":true'),
        candidate(MANY, curfew.url, many(true), '"valid":true', BATCH),
        candidate(MANY_UNTOUCHED, curfew.url, many(false), '"valid":true', BATCH),
        candidate(INTROSPECT_SESSION, curfew.url, introspect(token), '"active":true'),
        candidate(INTROSPECT_ACCESS, curfew.url, introspect(accessToken), '"active":true'),
        candidate('node:http, constant', constant.url, one(true), '"valid":true'),
        candidate(APOLLO, apollo.url, one(true), '"valid":true'),
        candidate(SELECT, select.url, () => ({ path: '/', body: token() }), '"user_name"'),
        candidate(PEER, peer.url, withCookie, 'somebody'),
        ...pgbench,
      ],
      ROUNDS,
      database.quiet,
    );
    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const to = (name: string, of: string, atLeast: number): Ratio => ({
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
      [ONE]: [to(ONE, APOLLO, 0.75), to(ONE, PEER, 3)],
      [MANY]: toFixed(MANY, 15_000),
      [MANY_UNTOUCHED]: toFixed(MANY_UNTOUCHED, 50_000),
      [INTROSPECT_SESSION]: to(INTROSPECT_SESSION, SELECT, 1),
      [INTROSPECT_ACCESS]: to(INTROSPECT_ACCESS, SELECT, 0.5),
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

async function openPeerSessions(url: string): Promise<string[]> {
  return Promise.all(
    Array.from({ length: 100 }, async () => {
      const response = await fetch(`${url}/start`);
      return response.headers.get('set-cookie')!.split(';', 1)[0]!;
    }),
  );
}
