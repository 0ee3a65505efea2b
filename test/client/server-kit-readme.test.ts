import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../server/http/free-port.ts';
import { startApp, type TestApp } from '../harness.ts';
import { bearer } from './server-kit.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'client', 'README.md'), 'utf8');
/** The block that begins with this comment, on the kit's sources of this very tree. */
const example = (name: string): string => {
  const [, code] = new RegExp('```js\\n(// ' + name + '\\n[\\s\\S]*?)```').exec(readme)!;
  return code!.replaceAll(/'@curfew\/client\/server(\/fastify)?'/g, (_, fastify?: string) =>
    JSON.stringify(join(root, 'client', 'src', 'server', fastify ? 'fastify.ts' : 'index.ts')),
  );
};

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await startApp({ clock: 'real' });
  folder = await mkdtemp(join(tmpdir(), 'curfew-readme-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await app.close();
});

/** Runs a block as its reader would, and waits until it answers. */
async function run(name: string, serviceKey: string) {
  const file = join(folder, name);
  await writeFile(file, example(name));
  const port = await findFreePort();
  const child: ChildProcess = spawn(process.execPath, [file], {
    env: {
      ...process.env,
      PORT: String(port),
      CURFEW_URL: app.url,
      CURFEW_SERVICE_KEY: serviceKey,
      NODE_OPTIONS: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (output += text));
  const exited = once(child, 'exit');
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    // Kept connections would keep the process, too.
    fetch(`http://localhost:${port}${path}`, {
      method,
      headers: { ...headers, connection: 'close' },
      redirect: 'manual',
    });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} has ended: ${output}`);
    const answer = await get('/me').catch(() => null);
    if (answer) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    get,
    /** By itself: nothing of the kit's may keep the process. */
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return { code, output };
    },
  };
}

test('the example for Express works, and ends by itself when it is closed', async () => {
  const account = await app.seed.account();
  const { key } = await app.seed.serviceKey(account.id);
  const { get, stop } = await run('express.mjs', key);
  const owner = await account.owner.login();
  const member = await (await account.addUser()).login();
  expect((await get('/me')).status).toBe(401);
  expect(await (await get('/me', bearer(member.accessToken))).json()).toMatchObject({
    kind: 'access_token',
    sessionId: member.sessionId,
  });
  expect((await get('/reports', bearer(member.accessToken))).status).toBe(403);
  expect(await (await get('/reports', bearer(owner.accessToken))).json()).toEqual({ of: account.id });
  await member.gql('mutation { logout { ended } }');
  // Not longer than the kit takes to follow, and then to be told.
  let status = 200;
  while (status === 200) ({ status } = await get('/me', bearer(member.accessToken)));
  expect(status).toBe(401);
  expect(await stop()).toEqual({ code: 0, output: '' });
});

test('the example for Fastify works, and ends by itself when it is closed', async () => {
  const account = await app.seed.account();
  const { key } = await app.seed.serviceKey(account.id);
  const { get, stop } = await run('fastify.mjs', key);
  const refused = await get('/home');
  expect([refused.status, refused.headers.get('location')]).toEqual([302, '/sign-in?reason=NO_TOKEN']);
  const signedIn = await get('/sign-in', {}, 'POST');
  const cookie = signedIn.headers.get('set-cookie')!.split(';', 1)[0]!;
  const home = await get('/home', { cookie });
  expect(home.status).toBe(200);
  expect(await home.text()).toMatch(/^Hello /);
  const { accessToken } = await account.owner.login();
  expect((await get('/me', bearer(accessToken))).status).toBe(200);
  expect(await stop()).toEqual({ code: 0, output: '' });
});
