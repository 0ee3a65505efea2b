import { createServer } from 'node:net';
import { createGraphQLClient } from '../graphql-client.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { LOGIN } from '../seed.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { newFolder, run, runOnce, secrets, startServer, type Server } from './processes.ts';

const DEMO = /^Demo sign-in: (owner|member) (\S+) \/ (\S+)$/gm;

async function signInAs(url: string, email: string, password: string) {
  const answer = await createGraphQLClient(url).gql(LOGIN, { input: { email, password } });
  return answer.data?.login?.user;
}

describe('on a folder', () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  const running: { stop(signal?: NodeJS.Signals): Promise<unknown> }[] = [];
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop('SIGKILL');
    await folder.remove();
  });

  async function start(env: Record<string, string> = {}): Promise<Server> {
    const server = await startServer({ DATA_DIR: folder.path, ...env });
    running.push(server);
    return server;
  }

  test('in an empty folder: creates the database and prints two demo sign-ins, unchanged at every start', async () => {
    await folder.remove();
    folder = await newFolder({ isEmpty: true });
    const first = await start();
    const printed = [...first.stdout.matchAll(DEMO)].map(([line]) => line);
    expect(printed).toHaveLength(2);
    for (const [, role, email, password] of first.stdout.matchAll(DEMO))
      expect(await signInAs(first.url, email!, password!)).toMatchObject({
        email,
        role: role!.toUpperCase(),
      });
    expect(await first.stop('SIGTERM')).toBe(0);

    const second = await start();
    expect([...second.stdout.matchAll(DEMO)].map(([line]) => line)).toEqual(printed);
    const [, , email, password] = [...second.stdout.matchAll(DEMO)][0]!;
    expect(await signInAs(second.url, email!, password!)).toMatchObject({ email });
  });

  test('without the demo prints none', async () => {
    const server = await start({ DEMO: 'false' });
    expect(server.stdout).not.toContain('Demo sign-in');
  });

  test('a second server on the folder is refused with one sentence, and the first keeps serving', async () => {
    const first = await start({ DEMO: 'false' });
    const second = await runOnce('server/main.ts', [], {
      DATA_DIR: folder.path,
      PORT: String(await findFreePort()),
    });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr.trim().split('\n')).toEqual([expect.stringContaining(folder.path)]);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  test('after a kill the folder is free again, and everything committed is there', async () => {
    const first = await start();
    const [, , email, password] = [...first.stdout.matchAll(DEMO)][0]!;
    await first.stop('SIGKILL');
    const second = await start();
    expect(await signInAs(second.url, email!, password!)).toMatchObject({ email });
  });

  test('a port that is taken: one sentence, exit 1', async () => {
    const port = await findFreePort();
    const squatter = createServer();
    await new Promise<void>((done) => squatter.listen(port, '127.0.0.1', done));
    try {
      const answer = await runOnce('server/main.ts', [], { DATA_DIR: folder.path, PORT: String(port) });
      expect(answer).toMatchObject({ code: 1, stdout: '' });
      expect(answer.stderr.trim().split('\n')).toEqual([expect.stringContaining(String(port))]);
    } finally {
      squatter.close();
    }
  });

  test('bad settings: every fault at once, without values, exit 1', async () => {
    const answer = await runOnce('server/main.ts', [], {
      DATA_DIR: folder.path,
      PORT: '8675309',
      DEMO: 'maybe-8675309',
      REFRESH_TOKEN_SECRET: 'short-8675309',
      SESSION_IDLE_MINUTES_MIN: '0',
    });
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    for (const name of ['PORT', 'DEMO', 'REFRESH_TOKEN_SECRET', 'SESSION_IDLE_MINUTES_MIN'])
      expect(answer.stderr).toMatch(new RegExp(`^ *${name}: `, 'm'));
    expect(answer.stderr).not.toContain('8675309');
  });

  test('a database that cannot be reached: one sentence without the password, exit 1', async () => {
    const answer = await runOnce('server/main.ts', [], {
      DATA_DIR: folder.path,
      DATABASE_URL: `postgres://someone:s3cret@127.0.0.1:${await findFreePort()}/nothing`,
      PORT: String(await findFreePort()),
      ...secrets(),
    });
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr.trim().split('\n')).toHaveLength(1);
    expect(answer.stderr).not.toContain('s3cret');
  });

  test('SIGTERM while it serves: stops with exit 0 and frees the folder', async () => {
    const server = await start({ DEMO: 'false' });
    expect(await server.stop('SIGTERM')).toBe(0);
    const next = run('server/main.ts', [], {
      DATA_DIR: folder.path,
      DEMO: 'false',
      PORT: String(await findFreePort()),
    });
    running.push(next);
    await next.printed(/Curfew is ready/);
  });
});

onPostgres(() => {
  let database: TestDatabase;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let server: Server | undefined;
  beforeEach(async () => {
    [database, folder] = [await createTestDatabase('postgresql'), await newFolder()];
  });
  afterEach(async () => {
    await server?.stop('SIGKILL');
    await database.drop();
    await folder.remove();
  });

  test.each([
    [undefined, 0],
    ['false', 0],
    ['true', 2],
  ])('with DEMO=%s there are %d demo sign-ins', async (demo, count) => {
    server = await startServer({
      DATABASE_URL: database.url!,
      DATA_DIR: folder.path,
      ...secrets(),
      ...(demo === undefined ? {} : { DEMO: demo }),
    });
    expect([...server.stdout.matchAll(DEMO)]).toHaveLength(count);
  });

  test('secrets that are missing stop the start', async () => {
    const answer = await runOnce('server/main.ts', [], {
      DATABASE_URL: database.url!,
      DATA_DIR: folder.path,
    });
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toMatch(/REFRESH_TOKEN_SECRET: [^]*ACCESS_TOKEN_PRIVATE_KEY: /);
  });
});
