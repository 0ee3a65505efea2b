import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { validate } from 'dockerfile-utils';
import { findFreePort } from '../../server/http/free-port.ts';
import {
  buildStage,
  canMount,
  createRoot,
  outcomeOf,
  readSettings,
  readStages,
  type ImageSettings,
  type Root,
} from './image.ts';
import { canInstall, npmEnvironment } from './npm.ts';
import { secrets } from './processes.ts';
import { PRINTED, writeConsumers } from './consumers.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { version: VERSION } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
/** The oldest Node that runs the package, and one that does not. */
const NODES = { oldest: '22.17.1', tooOld: '20.19.0' };
/** Of the consumers. */
const VUE = 'vue@3.5.45';
const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Settings of this test run must not reach the programs. */
const environment = (nodeFolder: string, env: Record<string, string> = {}) => ({
  PATH: [nodeFolder, process.env.PATH!].join(delimiter),
  HOME: process.env.HOME ?? tmpdir(),
  ...env,
});

function execute(
  command: string,
  args: string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<Outcome> {
  return new Promise((done) =>
    execFile(command, args, { ...options, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      done({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr }),
    ),
  );
}

async function succeed(...call: Parameters<typeof execute>): Promise<string> {
  const { code, stdout, stderr } = await execute(...call);
  if (code !== 0) throw new Error(`${call[0]} ${call[1].join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

const isPossible = process.env.CI === 'true' || (await canInstall(`${NODE_PACKAGE}@${NODES.oldest}`));
const inEmptyFolder = isPossible
  ? (define: () => void) => describe('in an empty folder', define)
  : (define: () => void) =>
      describe.skip('in an empty folder (left out: npm cannot reach its registry)', define);

inEmptyFolder(() => {
  let folder: string;
  let app: string;
  const nodes = { oldest: '', tooOld: '' };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'curfew-package-'));
    app = join(folder, 'app');
    const tools = join(folder, 'tools');
    await Promise.all([mkdir(app), mkdir(tools)]);
    const install = (cwd: string, ...packages: string[]) =>
      // --prefix: a node_modules further up must not attract the installation.
      succeed('npm', ['install', '--prefix', cwd, '--prefer-offline', '--no-audit', ...packages], {
        cwd,
        env: npmEnvironment,
      });
    await Promise.all([
      succeed(process.execPath, [join(ROOT, 'scripts/package.ts'), '--to', folder], {
        cwd: ROOT,
        env: npmEnvironment,
      }),
      install(
        tools,
        ...Object.entries(NODES).map(([name, v]) => `${name.toLowerCase()}@npm:${NODE_PACKAGE}@${v}`),
        VUE,
      ),
    ]);
    for (const name of ['oldest', 'tooOld'] as const)
      nodes[name] = join(tools, 'node_modules', name.toLowerCase(), 'bin');
    await install(app, join(folder, `curfew-${VERSION}.tgz`), join(folder, `curfew-client-${VERSION}.tgz`));
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const curfew = (args: string[], node: keyof typeof NODES = 'oldest') =>
    execute(join(app, 'node_modules/.bin/curfew'), args, { cwd: app, env: environment(nodes[node]) });

  test('the package holds no test, no source and no development dependency', async () => {
    const packed = join(app, 'node_modules/curfew');
    const files = await readdir(packed, { recursive: true });
    expect(files.filter((file) => /\.test\.|\.tsx?$|^test\//.test(file))).toEqual([]);
    for (const file of ['web/dist/index.html', 'schema.graphql', 'migrations/index.js', 'LICENSE'])
      expect(files).toContain(file);
    expect(files.some((file) => file.endsWith('.js.br'))).toBe(true);
    const installed = await readdir(join(app, 'node_modules'));
    for (const name of ['typescript', 'vite', 'react', 'jest', 'node', 'eslint'])
      expect(installed).not.toContain(name);
  });

  test.each([[['start']], [['migrate']], [['admin']], [['admin', 'create-account']], [[]]])(
    'curfew %j answers --help and --version',
    async (words) => {
      expect(await curfew([...words, '--version'])).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
      const help = await curfew([...words, '--help']);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toMatch(new RegExp(`Usage:\\s+curfew ${words.join(' ')}`));
      expect(help.stdout).toContain('Exit codes');
    },
  );

  test.each([[[]], [['nothing']], [['start', 'now']], [['migrate', '--all']], [['admin', 'nothing']]])(
    'wrong usage, curfew %j, prints the usage and fails with 1',
    async (words) => {
      const answer = await curfew(words);
      expect(answer).toMatchObject({ code: 1, stdout: '' });
      expect(answer.stderr).toContain('Usage:');
    },
  );

  test('an older Node says one sentence', async () => {
    for (const words of [['start'], ['admin', '--help']])
      expect(await curfew(words, 'tooOld')).toEqual({
        code: 1,
        stdout: '',
        stderr: `Curfew needs Node 22.17 or newer, but this is Node ${NODES.tooOld}.\n`,
      });
  });

  test('npx curfew start serves the demo with its pages until SIGTERM; the commands follow', async () => {
    const port = await findFreePort();
    const server = spawn('npx', ['curfew', 'start'], {
      cwd: app,
      env: environment(nodes.oldest, { PORT: String(port) }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const closed = new Promise((done) => server.once('close', done));
    try {
      while (!printed.includes('Curfew is ready')) {
        if (server.exitCode !== null) throw new Error(printed);
        await pause(50);
      }
      expect(printed.match(/^Demo sign-in: /gm)).toHaveLength(2);
      const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
      const script = /href="(\/assets\/libraries-[^"]+\.js)"/.exec(page)![1]!;
      const asset = await fetch(`http://127.0.0.1:${port}${script}`, {
        headers: { 'accept-encoding': 'br' },
      });
      expect(asset.headers.get('content-encoding')).toBe('br');
    } finally {
      server.kill('SIGTERM');
    }
    // The pipe closes when the server itself has ended, which npx does not wait for.
    await closed;
    expect(printed).toContain('"msg":"stopping"');

    const account = await curfew([
      'admin',
      'create-account',
      '--name',
      'A',
      '--owner-email',
      'a@example.test',
    ]);
    expect(account).toMatchObject({ code: 0, stderr: '' });
    expect(account.stdout).toMatch(/^set-password link: http:\/\/127\.0\.0\.1:4000\/set-password#token=/m);
    expect(await curfew(['migrate'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing to apply/),
    });
    expect(await readdir(app)).toContain('.data');
  }, 240_000);

  test('the client has its license, its bundles and the directive of React’s entry', async () => {
    const packed = join(app, 'node_modules/@curfew/client');
    const files = await readdir(packed, { recursive: true });
    expect(files.filter((file) => /\.test\.|testing/.test(file))).toEqual([]);
    for (const file of ['LICENSE', 'CHANGELOG.md', 'dist/browser/curfew-client.js', 'dist/browser/notice.js'])
      expect(files).toContain(file);
    for (const file of ['dist/react.js', 'dist/cjs/react.js'])
      // A directive counts before the first statement only.
      expect(await readFile(join(packed, file), 'utf8')).toMatch(
        /^(?:"use strict";\n)?['"]use client['"];\n/,
      );
  });

  test('every link in the documents of the client, and every map, leads to what is in the package', async () => {
    const packed = join(app, 'node_modules/@curfew/client');
    const files = await readdir(packed, { recursive: true });
    const leadsTo = (file: string, target: string) => join(dirname(file), target);
    const texts = new Map<string, string>();
    for (const file of files)
      if (/\.(?:md|map)$/.test(file)) texts.set(file, await readFile(join(packed, file), 'utf8'));
    const targets = [...texts].flatMap(([file, text]) =>
      file.endsWith('.map')
        ? (JSON.parse(text) as { sources: string[] }).sources.map((source) => leadsTo(file, source))
        : [...text.matchAll(/\]\((?!https?:|#)([^()#]+)/g)].map(([, target]) => leadsTo(file, target!)),
    );
    expect([...texts.keys()]).toEqual(
      expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/notice.md']),
    );
    expect(targets.length).toBeGreaterThan(100);
    expect(targets.filter((target) => !files.includes(target))).toEqual([]);
  });

  test('the client is installed beside frameworks of any version', async () => {
    const older = join(folder, 'older');
    const frameworks = { react: '17.0.2', vue: '2.7.16', fastify: '3.29.5', '@types/express': '4.16.0' };
    await mkdir(older);
    for (const [name, version] of Object.entries(frameworks)) {
      const its = join(older, 'packages', name);
      await mkdir(its, { recursive: true });
      await writeFile(join(its, 'package.json'), JSON.stringify({ name, version }));
    }
    const dependencies = Object.fromEntries(
      Object.keys(frameworks).map((name) => [name, `file:./packages/${name}`]),
    );
    await writeFile(join(older, 'package.json'), JSON.stringify({ dependencies }));
    const client = join(folder, `curfew-client-${VERSION}.tgz`);
    const args = ['install', '--prefix', older, '--prefer-offline', '--no-audit', client];
    await succeed('npm', args, { cwd: older, env: npmEnvironment });
    expect(await readdir(join(older, 'node_modules/@curfew/client'))).toContain('dist');
  }, 120_000);

  test('an application that loads both kinds of module has one kind of error', async () => {
    const source = `import { createRequire } from 'node:module';
import * as esm from '@curfew/client';
const cjs = createRequire(import.meta.url)('@curfew/client');
const made = new cjs.SessionOverError(null);
console.log(cjs === esm, made instanceof esm.SessionOverError, made instanceof esm.UnreachableError);`;
    const args = ['--input-type=module', '--eval', source];
    const printed = await succeed(join(nodes.oldest, 'node'), args, {
      cwd: app,
      env: environment(nodes.oldest),
    });
    expect(printed).toBe('false true false\n');
  });

  test('applications of each kind compile with every entry of the client, and run on old Nodes', async () => {
    const consumers = await writeConsumers(app, join(folder, 'tools/node_modules/vue'));
    const run = (node: string, args: string[], cwd = app) =>
      succeed(node, args, { cwd, env: environment(nodes.oldest) });
    const compiler = join(import.meta.dirname, 'compile-consumers.ts');
    await run(process.execPath, [compiler, ...consumers.map(({ config }) => config)]);
    const trials = consumers
      .filter(({ runs }) => runs)
      .flatMap(({ folder }) => Object.values(nodes).map((node) => ({ folder, node })));
    const printed = trials.map(({ folder, node }) => run(join(node, 'node'), ['app.js'], folder));
    expect(await Promise.all(printed)).toEqual(trials.map(() => PRINTED));
  }, 240_000);

  (canMount ? describe : describe.skip)('the image (needs root and Linux, for its mounts)', () => {
    let settings: ImageSettings;
    let root: Root;
    beforeAll(async () => {
      const stages = readStages(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
      settings = readSettings(stages.final!);
      const cache = (
        await succeed('npm', ['config', 'get', 'cache'], { cwd: app, env: npmEnvironment })
      ).trim();
      const base = { nodeFolder: join(ROOT, 'node_modules/node/bin'), cache };
      // The stage "package" runs `npm run package`, whose result is here already.
      const packageStage = join(folder, 'package');
      await mkdir(join(packageStage, 'src'), { recursive: true });
      for (const name of ['curfew', 'curfew-client'])
        await copyFile(
          join(folder, `${name}-${VERSION}.tgz`),
          join(packageStage, 'src', `${name}-${VERSION}.tgz`),
        );
      const install = await createRoot(join(folder, 'install'), base);
      await buildStage(stages.install!, install, { package: packageStage });
      root = await createRoot(join(folder, 'image'), base);
      await buildStage(stages.final!, root, { install: install.path });
    }, 300_000);

    test('the Dockerfile has no fault that its linter knows', async () => {
      const found = validate(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
      expect(found.map(({ message }) => message)).toEqual([]);
    });

    test('only root can write the code, and the user of the image is not root', async () => {
      expect(settings.user).toBe('1000:1000');
      const find = (...test: string[]) =>
        succeed('find', [join(root.path, 'opt/curfew'), ...test], { cwd: folder, env: environment('') });
      expect(await find('!', '-type', 'l', '(', '-perm', '/022', '-o', '!', '-uid', '0', ')')).toBe('');
      expect(await find('!', '-type', 'l', '!', '-perm', '-004')).toBe('');
      const { uid, gid, mode } = await stat(join(root.path, settings.volume));
      expect([uid, gid, mode & 0o777]).toEqual([1000, 1000, 0o700]);
    });

    test('it serves without a right on a read-only file system, tells its health, and stops when told', async () => {
      const port = String(await findFreePort());
      const env = { PORT: port, PUBLIC_URL: 'https://curfew.example.com', DEMO: 'false', ...secrets() };
      const health = () => outcomeOf(root.start(settings.healthcheck, settings, env));
      expect((await health()).code).toBe(1);
      const server = root.start(settings.command, settings, env);
      const ended = outcomeOf(server);
      try {
        const { status } = await untilReady(port, () => server.exitCode ?? server.signalCode);
        expect(status).toBe(200);
        expect((await health()).code).toBe(0);
      } finally {
        server.kill(settings.stopSignal as NodeJS.Signals);
      }
      const { code, output } = await ended;
      expect(output).toContain('"msg":"stopping"');
      expect(code).toBe(0);
      // It wrote its database into the volume and nothing beside it.
      expect((await readdir(join(root.path, settings.volume))).length).toBeGreaterThan(0);

      const touch = root.start(['touch', '/opt/curfew/file'], settings);
      expect((await outcomeOf(touch)).output).toMatch(/Read-only file system|Permission denied/);
    }, 240_000);

    test('the command curfew is on its path', async () => {
      const answer = await outcomeOf(root.start(['curfew', 'admin', '--version'], settings));
      expect(answer).toEqual({ code: 0, output: `${VERSION}\n` });
    });

    test('without settings it says which are missing', async () => {
      const { code, output } = await outcomeOf(root.start(settings.command, settings));
      expect(code).toBe(1);
      for (const name of ['PUBLIC_URL', 'REFRESH_TOKEN_SECRET']) expect(output).toContain(name);
    });
  });
});

async function untilReady(port: string, ended: () => unknown): Promise<Response> {
  for (;;) {
    if (ended() !== null) throw new Error('The server ended.');
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok) return answer;
    await pause(100);
  }
}
