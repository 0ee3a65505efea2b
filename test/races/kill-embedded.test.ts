import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryAgainInCi } from '../real-time.ts';
import { LOGIN } from '../seed.ts';
import { crashOnce, type Credentials } from './crash.ts';
import { RACE_TIMEOUT_MS } from './race-app.ts';
import { createInstallation, type Installation } from './server-process.ts';

tryAgainInCi();

let dataDir: string;
let installation: Installation;
let owner: Credentials;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'curfew-kill-'));
  installation = await createInstallation({ DATA_DIR: dataDir });
  const server = await installation.start();
  const [, email, password] = /Demo sign-in: owner (\S+) \/ (.+)/.exec(server.output)!;
  owner = { email: email!, password: password!.trim() };
  await server.kill();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

test(
  'a kill frees the data folder and leaves every acknowledged state in it',
  async () => {
    for (const answers of [30, 120]) await crashOnce(installation, owner, answers);
  },
  RACE_TIMEOUT_MS,
);

test(
  'while one process holds the data folder another one refuses to start, and leaves it unharmed',
  async () => {
    const server = await installation.start();
    try {
      const other = await createInstallation({ DATA_DIR: dataDir });
      await expect(other.start()).rejects.toThrow(/in use by another Curfew process/);
      expect((await server.gql(LOGIN, { input: owner })).code).toBeUndefined();
    } finally {
      await server.kill();
    }
  },
  RACE_TIMEOUT_MS,
);

test(
  'SIGTERM closes the sockets with 1001 and ends the process with code 0',
  async () => {
    const server = await installation.start();
    const login = await server.gql(LOGIN, { input: owner });
    const { accessToken } = login.data.login;
    const sockets = [1, 2].map(() =>
      server.subscribe('subscription { sessionExpiry { kind } }', { accessToken }),
    );
    for (const socket of sockets) await socket.connected;
    const started = performance.now();
    server.signal('SIGTERM');
    for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 1001 });
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(8_000);

    const next = await installation.start();
    const { refreshToken } = login.data.login;
    const refreshed = await next.gql(
      'mutation ($input: RefreshSessionInput) { refreshSession(input: $input) { serverTime } }',
      { input: { refreshToken } },
    );
    await next.kill();
    expect(refreshed.code).toBeUndefined();
  },
  RACE_TIMEOUT_MS,
);
