import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inBenchRun } from './lib/bench-run.ts';
import { startBare, startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { VALIDATE_SESSION } from './lib/documents.ts';
import { graphqlCall } from './lib/graphql.ts';
import type { Call } from './lib/load.ts';
import { seedSessions } from './lib/seed.ts';
import { CONNECTIONS, SESSIONS } from './lib/settings.ts';

// Serves what `validate` and `kit` measure to another load generator, wrk, until it is interrupted. The requests and tokens
// are in a temporary folder, which is removed with the database that they belong to.

const TOKENS = Math.min(10_000, SESSIONS);
/** In place of a token. */
const TOKEN = '{token}';

export async function serveForWrk(): Promise<void> {
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS, users: SESSIONS });
    const credentials = createCredentials();
    const curfew = await bench.use(startCurfew(database.url, credentials.env));
    const { serviceKey } = seeded;
    const application = await bench.use(
      startBare('express-curfew', { CURFEW_URL: curfew.url, CURFEW_SERVICE_KEY: serviceKey }),
    );
    const nothing = await bench.use(startBare('express'));
    const folder = await mkdtemp(join(tmpdir(), 'curfew-wrk-'));
    await bench.use({ stop: () => rm(folder, { recursive: true, force: true }) });
    const write = async (name: string, text: string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    };
    const tokensOf = (name: string, tokenOf: (index: number) => string): Promise<string> =>
      write(name, Array.from({ length: TOKENS }, (_, index) => tokenOf(index)).join('\n'));
    const sessionTokens = await tokensOf('session-tokens', seeded.tokenOf);
    const accessTokens = await tokensOf(
      'access-tokens',
      credentials.tokensOf(seeded, curfew.url).accessTokenOf,
    );

    const script = join(import.meta.dirname, 'wrk', 'requests.lua');
    const command = async (name: string, url: string, call: Call, tokens: string, proof: string) => {
      const request = await write(`${name}.http`, textOf(call));
      console.log(
        `\n${name}:\nwrk --threads 1 --connections ${CONNECTIONS} --duration 10s --script ${script} ${url} -- ${request} ${tokens} '${proof}'`,
      );
    };
    const validate = graphqlCall(serviceKey, VALIDATE_SESSION, { input: { sessionToken: TOKEN } });
    const me: Call = { path: '/me', method: 'GET', headers: { authorization: `Bearer ${TOKEN}` } };
    await command('validateSession', curfew.url, validate, sessionTokens, '"valid":true');
    await command('requireSession-access-tokens', application.url, me, accessTokens, '"userId":"');
    await command('requireSession-session-tokens', application.url, me, sessionTokens, '"userId":"');
    await command('no-sessions', nothing.url, me, accessTokens, '"userId":"');
    console.log('\nInterrupt this process when you are done.');
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  });
}

/** The request as text. wrk adds the host and the length. */
function textOf({ path, method = 'POST', headers = {}, body = '' }: Call): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${path}`, ...lines].join('\n')}\n\n${body}`;
}
