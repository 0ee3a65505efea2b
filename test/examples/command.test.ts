import { jest } from '@jest/globals';
import { createServer } from 'node:net';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Running } from '../operations/processes.ts';
import { createVisitor, hasPython } from './applications.ts';

const READY = /^Ctrl-C stops everything/m;
/** A whole Curfew and two applications start: minutes on a machine that is busy with other things. */
jest.setTimeout(180_000);

let program: Running | undefined;
afterEach(async () => {
  await program?.stop('SIGKILL');
});

const isAnswering = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );
const leftFolders = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('curfew-examples-')).sort();

/** The address and the first sign-in that the banner names under a heading. */
function named(heading: string): { url: string; email: string; password: string } {
  const pattern = new RegExp(`${heading} +(http://[^/]+)\\S*\\n +Sign in +(\\S+) / (\\S+)`);
  const [, url, email, password] = pattern.exec(program!.stdout)!;
  return { url: url!, email: email!, password: password! };
}

test('npm run examples: everything that it names works, beside what holds the usual port, and Ctrl-C ends it all', async () => {
  const before = await leftFolders();
  const squatter = createServer().on('error', () => {});
  squatter.listen(4100, '127.0.0.1');
  program = run('scripts/examples.ts', [], {});
  await program.printed(READY);
  squatter.close();
  // A key for the examples is made, and never shown.
  expect(program.stdout).not.toContain('cfk_');

  const notes = named('Notes \\(TypeScript\\)');
  expect(notes.url).not.toMatch(/:4100$/);
  const lena = createVisitor(notes.url);
  expect((await lena.post('/api/sign-in', { email: notes.email, password: notes.password })).status).toBe(
    204,
  );
  const { curfewUrl } = (await (await lena.get('/api/me')).json()) as { curfewUrl: string };
  const asked = {
    method: 'OPTIONS',
    headers: { origin: notes.url, 'access-control-request-method': 'POST' },
  };
  const preflight = await fetch(`${curfewUrl}/graphql`, asked);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(notes.url);

  const dashboard = named("Curfew's dashboard");
  expect(dashboard.url).toBe(curfewUrl);
  const login = await createVisitor(dashboard.url).post('/graphql', {
    query: 'mutation ($input: LoginInput!) { login(input: $input) { user { role } } }',
    variables: { input: { email: dashboard.email, password: dashboard.password } },
  });
  expect(await login.json()).toEqual({ data: { login: { user: { role: 'OWNER' } } } });

  const urls = [notes.url, dashboard.url];
  if (hasPython) {
    const list = named('Shopping list \\(Python\\)');
    const mia = createVisitor(list.url);
    expect((await mia.postForm('/login', { email: list.email, password: list.password })).status).toBe(303);
    expect((await mia.get('/')).status).toBe(200);
    urls.push(list.url);
  } else expect(program.stdout).toContain('left out: python3 was not found');

  expect(await program.stop('SIGINT')).toBe(0);
  expect(await Promise.all(urls.map(isAnswering))).toEqual(urls.map(() => false));
  expect(await leftFolders()).toEqual(before);
});

test('the applications do not outlive the command that started them, not even where it is killed', async () => {
  const before = await leftFolders();
  program = run('scripts/examples.ts', [], {});
  await program.printed(READY);
  const urls = [named('Notes \\(TypeScript\\)').url];
  if (hasPython) urls.push(named('Shopping list \\(Python\\)').url);
  // Resolves when no process holds the output any more: the applications have it, too.
  expect(await program.stop('SIGKILL')).toBeNull();
  expect(await Promise.all(urls.map(isAnswering))).toEqual(urls.map(() => false));
  // Its data is what a killed program cannot remove.
  for (const name of await leftFolders())
    if (!before.includes(name)) await rm(join(tmpdir(), name), { recursive: true });
});
