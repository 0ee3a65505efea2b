import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createHttpServer } from 'node:http';
import pg from 'pg';
import { reasonAgainst } from '../../server/database/inspect-database.ts';
import { TABLES } from '../../server/database/rights.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { createTestDatabase, onPostgres, TEMPLATE, type TestDatabase } from '../databases.ts';
import { newFolder, run, secrets, startServer } from './processes.ts';

// A start that fails: one sentence on standard error, which names the variable or the file, exit code 1, and an end.

const PASSWORD = 's3cret-hunter2';
const END_TIMEOUT_MS = 100_000;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, in `cwd`. A hang fails the test. */
async function end(
  script: string,
  env: Record<string, string>,
  args: string[] = [],
  cwd?: string,
  before?: readonly string[],
): Promise<Ended> {
  const program = run(script, args, env, cwd, before);
  const timer = setTimeout(() => program.child.kill('SIGKILL'), END_TIMEOUT_MS);
  const code = await program.exited;
  clearTimeout(timer);
  return { code, stdout: program.stdout, stderr: program.stderr };
}

const start = async (env: Record<string, string>, cwd?: string): Promise<Ended> =>
  end('server/main.ts', { PORT: String(await findFreePort()), DEMO: 'false', ...env }, [], cwd);

/** One line, which starts with no stack and tells no password. */
function expectSentence(ended: Ended, sentence: RegExp): void {
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr.trim().split('\n')).toEqual([expect.stringMatching(sentence)]);
  expect(ended.stderr).not.toContain(PASSWORD);
}

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'curfew-start-problems-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('HOST and PORT', () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => folder.remove());

  test.each([
    ['a name that nothing knows', 'no-such-host.invalid', /^HOST is no-such-host\.invalid, a name without/],
    [
      'an address of another machine',
      '192.0.2.9',
      /^HOST is 192\.0\.2\.9, which is no address of this machine/,
    ],
  ])('%s', async (_, host, sentence) => {
    expectSentence(await start({ HOST: host, DATA_DIR: folder.path }), sentence);
  });
});

describe('DATA_DIR', () => {
  test.each([
    ['where nothing can be created', () => '/proc/curfew', /^DATA_DIR leads to \/proc\/curfew, .*ENOENT/],
    ['a device', () => '/dev/null', /^DATA_DIR leads to \/dev\/null, .*EEXIST/],
    ['below a file', () => join(scratch, 'file', 'below'), /^DATA_DIR leads to .*ENOTDIR/],
  ])('%s', async (_, path, sentence) => {
    await writeFile(join(scratch, 'file'), '');
    expectSentence(await start({ DATA_DIR: path() }), sentence);
  });

  test('the other programs say the same', async () => {
    const DATA_DIR = '/proc/curfew';
    const sentence = /^DATA_DIR leads to \/proc\/curfew, /;
    expectSentence(await end('server/cli/migrate.ts', { DATA_DIR }), sentence);
    expectSentence(await end('server/cli/admin.ts', { DATA_DIR }, ['list-service-keys']), sentence);
  });

  test('a folder with missing parents is created', async () => {
    const path = join(scratch, 'parent', 'of', 'data');
    const server = await startServer({ DATA_DIR: path, DEMO: 'false' });
    expect(await readdir(path)).toContain('database');
    await server.stop();
  });
});

describe('the embedded database', () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let database: string;
  beforeEach(async () => {
    folder = await newFolder();
    database = join(folder.path, 'database');
  });
  afterEach(() => folder.remove());
  const startHere = () => start({ DATA_DIR: folder.path });

  test('of a newer PostgreSQL', async () => {
    await writeFile(join(database, 'PG_VERSION'), '99\n');
    expectSentence(
      await startHere(),
      /has the format of PostgreSQL 99, and this Curfew embeds 18: .*DATA_DIR/,
    );
  });

  test('without its PG_VERSION is not written over', async () => {
    await rm(join(database, 'PG_VERSION'));
    expectSentence(await startHere(), /cannot be opened \(it has files, and no PG_VERSION.*DATA_DIR/);
  });

  test('with a damaged control file', async () => {
    await writeFile(join(database, 'global', 'pg_control'), Buffer.alloc(8192, 7));
    expectSentence(await startHere(), /cannot be opened \(its files are damaged\): restore .*DATA_DIR/);
  });

  test('that is a file', async () => {
    await rm(database, { recursive: true });
    await writeFile(database, 'a note');
    expectSentence(await startHere(), /\/database cannot be opened \(a part of the path is a file/);
  });

  test.each([
    ['access-token-key.pem', 'garbage'],
    ['refresh-token-secret', ''],
  ])('a damaged %s is not replaced', async (name, text) => {
    await writeFile(join(folder.path, name), text);
    expectSentence(await startHere(), new RegExp(`^The generated file .*/${name} is damaged: `));
  });

  test('a demo that fails: nothing listens, and the process ends', async () => {
    await writeFile(join(folder.path, 'demo-sign-in.json'), '{');
    const port = await findFreePort();
    const program = run('server/main.ts', [], { DATA_DIR: folder.path, DEMO: 'true', PORT: String(port) });
    let answers = 0;
    const asking = setInterval(() => {
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        () => (answers += 1),
        () => {},
      );
    }, 20);
    const code = await program.exited;
    clearInterval(asking);
    expectSentence({ code, stdout: program.stdout, stderr: program.stderr }, /demo-sign-in\.json is damaged/);
    expect(answers).toBe(0);
  });
});

describe('.env', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(scratch, 'env-'));
  });
  /** A fault of the settings is reported before anything is opened, and proves that the file was read. */
  const startIn = () => end('server/main.ts', { DATA_DIR: '/proc/curfew' }, [], folder);
  const BAD_PORT = 'PORT=99999\n';

  test.each([
    ['a byte order mark', `\ufeff${BAD_PORT}`],
    ['CRLF', 'DEMO=false\r\nPORT=99999\r\n'],
  ])('with %s is read', async (_, text) => {
    await writeFile(join(folder, '.env'), text);
    const { code, stderr } = await startIn();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^ {2}PORT: is out of range/m),
    });
  });

  test('as UTF-16', async () => {
    await writeFile(join(folder, '.env'), Buffer.from(`\ufeff${BAD_PORT}`, 'utf16le'));
    expectSentence(await startIn(), /\/\.env are not text in UTF-8/);
  });

  test('that is a folder', async () => {
    await mkdir(join(folder, '.env'));
    expectSentence(await startIn(), /\/\.env cannot be read \(it is a folder, EISDIR\)/);
  });

  test('that is a pipe which no program fills', async () => {
    execFileSync('mkfifo', [join(folder, '.env')]);
    expectSentence(await startIn(), /\/\.env cannot be read \(ETIMEDOUT\)/);
  });

  test('with a name twice: the last line counts, and a line says so', async () => {
    await writeFile(join(folder, '.env'), 'PORT=4000\nPORT=99999\n');
    const { stderr } = await startIn();
    expect(stderr).toMatch(/^\.env sets PORT more than once; the last line counts\.$/m);
    expect(stderr).toMatch(/^ {2}PORT: is out of range/m);
  });
});

describe('ACCESS_TOKEN_PRIVATE_KEY_FILE', () => {
  test.each([
    [
      'that is missing',
      () => join(scratch, 'no-such-key.pem'),
      /cannot be read \(it does not exist, ENOENT\)/,
    ],
    ['that is a folder', () => scratch, /cannot be read \(it is a folder, EISDIR\)/],
    ['without an end', () => '/dev/zero', /cannot be read \(EFBIG\)/],
  ])('%s', async (_, path, problem) => {
    const ended = await start({ DATA_DIR: scratch, ACCESS_TOKEN_PRIVATE_KEY_FILE: path() });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^ {2}ACCESS_TOKEN_PRIVATE_KEY_FILE: /m);
    expect(ended.stderr).toMatch(problem);
  });
});

test('a PostgreSQL before 14 is refused', () => {
  const reason = (version: number): string | null =>
    reasonAgainst(
      {
        version,
        encoding: 'UTF8',
        user: 'curfew',
        database: 'curfew',
        searchPath: 'public',
        schema: 'public',
        exists: true,
        mayUse: true,
        hasTransactionTimeout: false,
        hasIcu: true,
      },
      null,
    );
  expect(reason(130_020)).toMatch(/DATABASE_URL is PostgreSQL 13; Curfew needs 14/);
  expect(reason(90_624)).toMatch(/PostgreSQL 9;/);
  expect(reason(140_000)).toBeNull();
});

describe('DATABASE_URL leads to', () => {
  const startOn = (authority: string) =>
    start({
      DATABASE_URL: `postgres://someone:${PASSWORD}@${authority}/curfew`,
      DATA_DIR: scratch,
      ...secrets(),
    });
  let server: Server | undefined;
  afterEach(() => void server?.close());

  async function listen(created: Server): Promise<string> {
    server = created;
    await new Promise<void>((done) => created.listen(0, '127.0.0.1', done));
    return `127.0.0.1:${(created.address() as AddressInfo).port}`;
  }

  test('a host without an address', async () => {
    expectSentence(
      await startOn('no-such-host.invalid'),
      /^DATABASE_URL: the host no-such-host\.invalid has no/,
    );
  });

  test('a port where nothing listens', async () => {
    const port = await findFreePort();
    expectSentence(
      await startOn(`127.0.0.1:${port}`),
      new RegExp(`^DATABASE_URL: nothing listens at .*:${port}:`),
    );
  });

  test('an HTTP server', async () => {
    const authority = await listen(createHttpServer((_, response) => response.end()) as unknown as Server);
    expectSentence(
      await startOn(authority),
      /^DATABASE_URL: the program at 127\.0\.0\.1:\d+ is not PostgreSQL/,
    );
  });

  test('a server that never answers', async () => {
    const authority = await listen(createServer((socket) => socket.on('error', () => {}).resume()));
    expectSentence(
      await startOn(authority),
      /^DATABASE_URL: the server at .* accepts connections and does not answer/,
    );
  });
});

onPostgres(() => {
  let database: TestDatabase;
  let role: string;
  beforeEach(async () => {
    database = await createTestDatabase('postgresql');
    role = `curfew_role_${Math.random().toString(36).slice(2)}`;
    await query(`create role ${role} login password '${PASSWORD}'`);
  });
  afterEach(async () => {
    await query(`drop owned by ${role}`);
    await database.drop();
    await query(`drop role ${role}`, process.env.CURFEW_TEST_POSTGRES!);
  });

  async function query(text: string, url = database.url!): Promise<any[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows as any[];
    } finally {
      await client.end();
    }
  }
  const urlOf = (changes: Partial<URL>): string => Object.assign(new URL(database.url!), changes).href;
  const asRole = () => urlOf({ username: role, password: PASSWORD });
  const startOn = (url: string) => start({ DATABASE_URL: url, DATA_DIR: scratch, ...secrets() });

  test('a database that is missing is not created, by no program', async () => {
    const name = `${TEMPLATE}_missing`;
    const DATABASE_URL = urlOf({ pathname: `/${name}` });
    const sentence = new RegExp(`^DATABASE_URL: there is no database ${name} at `);
    expectSentence(await startOn(DATABASE_URL), sentence);
    expectSentence(await end('server/cli/migrate.ts', { DATABASE_URL }), sentence);
    expectSentence(await end('server/cli/admin.ts', { DATABASE_URL }, ['list-service-keys']), sentence);
    expect(await query(`select from pg_database where datname = '${name}'`)).toEqual([]);
  });

  test('a role that is missing', async () => {
    expectSentence(
      await startOn(urlOf({ username: 'nobody_here', password: PASSWORD })),
      /^DATABASE_URL: .*nobody_here/,
    );
  });

  test('a role without rights on the schema, then on a table, then with all it needs', async () => {
    await query('revoke all on schema public from public');
    expectSentence(await startOn(asRole()), /^DATABASE_URL: the search_path of the role .* grant it/);
    await query(`grant usage on schema public to ${role};
      grant select, insert, update, delete on all tables in schema public to ${role};
      grant usage on all sequences in schema public to ${role};
      revoke insert on sessions from ${role}`);
    expectSentence(
      await startOn(asRole()),
      /^DATABASE_URL: the role \S+ lacks a right \(INSERT on sessions\): grant it/,
    );
    await query(`grant insert on sessions to ${role}`);
    const server = await startServer({ DATABASE_URL: asRole(), DATA_DIR: scratch, ...secrets() });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await server.stop();
  });

  test('a role that may not create tables', async () => {
    await query('drop schema public cascade; create schema public');
    await query(`grant usage on schema public to ${role}`);
    expectSentence(
      await startOn(asRole()),
      /lacks a right \(permission denied for schema public\): grant it/,
    );
  });

  test('a schema with tables of another application', async () => {
    await query('drop schema public cascade; create schema public; create table users (id int)');
    expectSentence(
      await startOn(database.url!),
      /^DATABASE_URL: the schema has something else where .*"users"/,
    );
  });

  test('a database of a newer Curfew: serves and logs a line; says so when it cannot be used', async () => {
    await query(`insert into curfew_migrations (name) values ('20991231000000-newer')`);
    const server = await startServer({ DATABASE_URL: database.url!, DATA_DIR: scratch, ...secrets() });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(server.stdout + server.stderr).toMatch(/20991231000000-newer.*a newer Curfew has migrated/);
    await server.stop();
    await query('alter table sessions rename to sittings');
    const { code, stderr } = await startOn(database.url!);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^DATABASE_URL: a newer Curfew has migrated .*start the newer version/m),
    });
  });

  test('every table is in the list of those that are checked', async () => {
    const rows = await query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and relname <> 'curfew_migrations' order by relname`,
    );
    expect(rows.map(({ relname }) => relname as string)).toEqual([...TABLES].toSorted());
  });
});

/** Root may write everywhere, unless this right is taken away. */
const withoutOverride =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

test('DATA_DIR without the right to write', async () => {
  const path = join(scratch, 'closed');
  await mkdir(path);
  await chmod(path, 0o500);
  const env = { DATA_DIR: path, DEMO: 'false', PORT: String(await findFreePort()) };
  const ended = await end('server/main.ts', env, [], undefined, withoutOverride);
  expectSentence(ended, /^DATA_DIR leads to .*EACCES/);
});
