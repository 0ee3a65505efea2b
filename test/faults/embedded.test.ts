import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstallation, type Installation, type ServerProcess } from '../races/server-process.ts';
import { sized } from '../size.ts';
import { createEntrances } from './entry-points.ts';
import type { Credentials } from './users.ts';
import { isReady } from './readiness.ts';
import type { Scene } from './round.ts';
import { playRounds } from './rounds.ts';
import { newTally } from './tally.ts';

const CLIENTS = sized(10, 20);
const TEST_TIMEOUT_MS = 120_000;
const FAULT_TIMEOUT_MS = sized(90_000, 30 * 60_000);

describe('on one node with the embedded database', () => {
  let dataDir: string;
  let installation: Installation;
  let server: ServerProcess;
  let hasExited = false;
  let scene: Scene;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'curfew-faults-'));
    // Without a grace only the requestId recovers a lost answer.
    installation = await createInstallation({ DATA_DIR: dataDir }, { REFRESH_REUSE_GRACE_SECONDS: '0' });
    await start();
    const [owner, member] = ['owner', 'member'].map(credentialsOf) as [Credentials, Credentials];
    const tally = newTally();
    scene = {
      entrances: createEntrances([server.url], tally),
      tally,
      clients: [],
      clientCount: CLIENTS,
      someone: () => ({ ...member, owner }),
      readiness: async () => [await isReady(server.url)],
      dead: () => (hasExited ? [server.output] : []),
    };
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all(scene?.clients.map((client) => client.stop()) ?? []);
    await server?.kill();
    await rm(dataDir, { recursive: true, force: true });
  }, TEST_TIMEOUT_MS);

  /** Credentials of the demo account, as the process printed them. */
  function credentialsOf(role: string): Credentials {
    const [, email, password] = new RegExp(`Demo sign-in: ${role} (\\S+) / (.+)`).exec(server.output)!;
    return { email: email!, password: password!.trim() };
  }

  async function start(): Promise<void> {
    hasExited = false;
    server = await installation.start();
    void server.exited.then(() => (hasExited = true));
  }

  const event = { unready: [], isServedElsewhere: false, end: start };

  test(
    'a process killed while it writes signs no user out, and everything is served within ten seconds',
    () =>
      playRounds('the embedded database is killed', scene, () => ({ ...event, begin: () => server.kill() })),
    FAULT_TIMEOUT_MS,
  );

  test(
    'a process stopped under load signs no user out, and everything is served within ten seconds',
    () =>
      playRounds('the embedded database is told to end', scene, () => ({
        ...event,
        async begin() {
          const began = performance.now();
          server.signal('SIGTERM');
          expect(await server.exited).toEqual({ code: 0, signal: null });
          expect(performance.now() - began).toBeLessThan(10_000);
        },
      })),
    FAULT_TIMEOUT_MS,
  );
});
