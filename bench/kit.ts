import { inBenchRun } from './lib/bench-run.ts';
import { startBare, startCurfew } from './lib/child-server.ts';
import { openCookieSessions } from './lib/cookie-sessions.ts';
import { createCredentials } from './lib/credentials.ts';
import { applyLoad } from './lib/load.ts';
import { publish, type Ratio } from './lib/report.ts';
import { measureInRounds } from './lib/rounds.ts';
import { seedSessions } from './lib/seed.ts';
import { CONNECTIONS, inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { inAdvance, proven, throughput, type ProvenCall } from './lib/throughput.ts';
import { CONSTANT_USER } from './lib/validation-answer.ts';

// Requests a second of an Express application behind the server kit, beside the same application behind others and with no
// sessions at all. Its one route answers with the id of the user.

/** Sessions in use at once, each of a user of its own. */
const IN_USE = Math.min(1_000, Math.floor(SESSIONS / 2));
/** Distance between two sessions in use. */
const STRIDE = Math.floor(SESSIONS / (2 * IN_USE));
const WARM_UP_SECONDS = 60;

const ACCESS = 'requireSession, access tokens';
const SESSION = 'requireSession, session tokens';
const NOTHING = 'no sessions';
const EXPRESS_SESSION = 'express-session, connect-pg-simple';
const BETTER_AUTH = 'better-auth';
const BETTER_AUTH_CACHED = 'better-auth, cookie cache';

export async function kit(): Promise<void> {
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS, users: SESSIONS });
    const credentials = createCredentials();
    const curfew = await bench.use(startCurfew(database.url, credentials.env));
    const application = await bench.use(
      startBare('express-curfew', { CURFEW_URL: curfew.url, CURFEW_SERVICE_KEY: seeded.serviceKey }),
    );
    const nothing = await bench.use(startBare('express'));
    const startPeer = async (name: string, env: Record<string, string> = {}) => {
      const { url: DATABASE_URL } = await bench.database();
      const { url } = await bench.use(startBare(name, { DATABASE_URL, ...env }));
      return { url, sessions: await openCookieSessions(url, IN_USE) };
    };
    const expressSession = await startPeer('express-session');
    const betterAuth = await startPeer('better-auth');
    const betterAuthCached = await startPeer('better-auth', { COOKIE_CACHE: 'true' });

    const { accessTokenOf } = credentials.tokensOf(seeded, curfew.url);
    const authorized = (index: number, tokenOf: (index: number) => string): ProvenCall => ({
      path: '/me',
      method: 'GET',
      headers: { authorization: `Bearer ${tokenOf(index)}` },
      proofs: [`"userId":"${seeded.userOf(index)}"`],
    });
    // Each kind of token has sessions of its own.
    const accessTokens = inAdvance(IN_USE, (n) => authorized(2 * n * STRIDE, accessTokenOf));
    const sessionTokens = inAdvance(IN_USE, (n) => authorized((2 * n + 1) * STRIDE, seeded.tokenOf));
    const withoutSessions = (): ProvenCall => ({
      ...accessTokens(),
      proofs: [`"userId":"${CONSTANT_USER}"`],
    });

    const candidate = (name: string, url: string, call: () => ProvenCall) =>
      throughput(name, url, proven(name, call));
    // The kit asks Curfew once about the session of each access token.
    await applyLoad({
      url: application.url,
      connections: CONNECTIONS,
      seconds: WARM_UP_SECONDS,
      requests: IN_USE,
      request: proven(ACCESS, accessTokens),
    });
    const measured = await measureInRounds(
      [
        candidate(ACCESS, application.url, accessTokens),
        candidate(SESSION, application.url, sessionTokens),
        candidate(NOTHING, nothing.url, withoutSessions),
        candidate(EXPRESS_SESSION, expressSession.url, expressSession.sessions.next),
        candidate(BETTER_AUTH, betterAuth.url, betterAuth.sessions.next),
        candidate(BETTER_AUTH_CACHED, betterAuthCached.url, betterAuthCached.sessions.next),
      ],
      ROUNDS,
      database.quiet,
    );
    const problems = (await (await fetch(`${application.url}/problems`)).json()) as string[];
    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    const to = (name: string, of: string, atLeast?: number): Ratio => ({
      to: of,
      value: figure(name) / figure(of),
      atLeast,
    });
    const ratios: Record<string, Ratio[]> = {
      [ACCESS]: [to(ACCESS, NOTHING, 0.5), to(ACCESS, EXPRESS_SESSION, 5), to(ACCESS, BETTER_AUTH_CACHED)],
      [SESSION]: [to(SESSION, EXPRESS_SESSION, 2), to(SESSION, BETTER_AUTH)],
    };
    await publish({
      name: 'kit',
      title: `Requests a second of an Express application, ${inWords(IN_USE)} of ${inWords(SESSIONS)} sessions in use, ${CONNECTIONS} connections, ${inRounds} of ${SECONDS} s`,
      rows: measured.map(({ name, median, rounds }) => ({
        what: name,
        value: median,
        unit: 'per second',
        rounds,
        ratio: ratios[name],
      })),
      postgres: await database.describe(),
      // Without reports the kit asks Curfew about each access token.
      remarks: problems.map((kind) => `The kit reported ${kind}, which costs speed: measure again.`),
    });
  });
}
