import { appendFileSync, chmodSync, chownSync, copyFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgresServer } from '../../scripts/embedded-postgres.ts';
import { readConnection } from '../../server/database/connection-url.ts';
import { clientClassOf } from '../../server/database/database-client.ts';
import { timeoutsOf } from '../../server/database/timeouts.ts';
import { onPostgres } from '../databases.ts';
import { makeCertificates, type Certificates } from './certificates.ts';
import { withParameters } from './scratch-database.ts';
import { startOn } from './start-on.ts';

const USER = 'tls_user';
const SECRET = 'pass word:1';

// Not where PostgreSQL cannot be started at all.
onPostgres(() => {
  let folder: string;
  let server: EmbeddedPostgresServer;
  let files: Certificates;

  async function run(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'curfew-tls-'));
    const data = join(folder, 'postgres');
    server = await startEmbeddedPostgres(data);
    files = makeCertificates(folder, 'localhost', USER);
    const { uid, gid } = statSync(data);
    for (const [from, to] of [
      [files.server.cert, 'server.crt'],
      [files.server.key, 'server.key'],
      [files.ca, 'ca.crt'],
    ] as const) {
      copyFileSync(from, join(data, to));
      chownSync(join(data, to), uid, gid);
      chmodSync(join(data, to), 0o600);
    }
    writeFileSync(
      join(data, 'pg_hba.conf'),
      `local all all trust
       hostssl tls_only all all scram-sha-256
       hostnossl plain_only all all scram-sha-256
       hostssl cert_only all all cert
       host trusting all all trust
       host postgres,${USER} all all scram-sha-256\n`,
    );
    await run(
      `alter system set ssl_ca_file = 'ca.crt'`,
      'alter system set ssl = on',
      'select pg_reload_conf()',
      `create role ${USER} login superuser password '${SECRET}'`,
      ...['tls_only', 'plain_only', 'cert_only', 'trusting', USER].map((name) => `create database ${name}`),
    );
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const urlOf = (database: string, host: string): string => {
    const { port } = new URL(server.url);
    return `postgres://${USER}:${encodeURIComponent(SECRET)}@${host}:${port}/${database}`;
  };

  /** Connects as Curfew does, and returns how. */
  async function connect(url: string, variables: Record<string, string> = {}): Promise<string> {
    const { settings, faults } = readConnection(url, variables);
    expect(faults).toEqual([]);
    const Client = clientClassOf(settings, timeoutsOf());
    const client = new Client({ connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query(
        `select case when ssl then 'tls' else 'plain' end as how, coalesce(client_dn, '') as name, application_name
           from pg_stat_ssl join pg_stat_activity using (pid) where pid = pg_backend_pid()`,
      );
      return rows[0].how + rows[0].name;
    } finally {
      await client.end();
    }
  }

  describe('sslmode', () => {
    test.each([
      // mode, database, host, further parameters, outcome
      ['disable', 'trusting', 'localhost', {}, 'plain'],
      ['disable', 'tls_only', 'localhost', {}, /pg_hba/],
      ['allow', 'trusting', 'localhost', {}, 'plain'],
      ['allow', 'tls_only', 'localhost', {}, 'tls'],
      ['prefer', 'trusting', 'localhost', {}, 'tls'],
      ['prefer', 'plain_only', 'localhost', {}, 'plain'],
      ['require', 'trusting', 'localhost', {}, 'tls'],
      ['require', 'plain_only', 'localhost', {}, /pg_hba/],
      ['require', 'trusting', '127.0.0.1', { root: 'ca' }, 'tls'],
      ['require', 'trusting', 'localhost', { root: 'otherCa' }, /certificate/],
      ['verify-ca', 'trusting', '127.0.0.1', { root: 'ca' }, 'tls'],
      ['verify-ca', 'trusting', '127.0.0.1', { root: 'otherCa' }, /certificate/],
      ['verify-full', 'trusting', 'localhost', { root: 'ca' }, 'tls'],
      ['verify-full', 'trusting', '127.0.0.1', { root: 'ca' }, /not in the cert's list|does not match/],
      ['verify-full', 'trusting', 'localhost', { root: 'otherCa' }, /certificate/],
      ['verify-full', 'trusting', 'localhost', { root: 'ca', sslcrl: 'crl' }, /revoked/],
      ['verify-full', 'trusting', 'localhost', { hostaddr: '127.0.0.1', root: 'ca' }, 'tls'],
      ['verify-full', 'trusting', 'elsewhere', { hostaddr: '127.0.0.1', root: 'ca' }, /does not match/],
      ['verify-full', 'trusting', 'localhost', { sslrootcert: 'system' }, /certificate/],
      ['require', 'trusting', 'localhost', { ssl_max_protocol_version: 'TLSv1.2' }, 'tls'],
    ] as const)('%s to %s on %s with %j', async (sslmode, database, host, further, outcome) => {
      const { root, sslcrl, ...rest } = further as Record<string, string>;
      const url = withParameters(urlOf(database, host), {
        sslmode,
        ...rest,
        ...(root ? { sslrootcert: files[root as 'ca' | 'otherCa'] } : {}),
        ...(sslcrl ? { sslcrl: files.crl } : {}),
      });
      if (typeof outcome === 'string') expect(await connect(url)).toBe(outcome);
      else await expect(connect(url)).rejects.toThrow(outcome);
    });

    test('is prefer by default, and allow on this machine', async () => {
      expect(await connect(urlOf('trusting', '0.0.0.0'))).toBe('tls');
      expect(await connect(urlOf('trusting', '127.0.0.1'))).toBe('plain');
      expect(await connect(urlOf('tls_only', '127.0.0.1'))).toBe('tls');
    });

    test('can come from PGSSLMODE, which the URL overrides', async () => {
      const url = urlOf('trusting', 'localhost');
      expect(await connect(url, { PGSSLMODE: 'require' })).toBe('tls');
      expect(await connect(withParameters(url, { sslmode: 'disable' }), { PGSSLMODE: 'require' })).toBe(
        'plain',
      );
    });
  });

  test('a client certificate signs in, also with an encrypted key', async () => {
    const url = urlOf('cert_only', 'localhost');
    const { cert: sslcert, key, encryptedKey, password } = files.client;
    const name = `tls/CN=${USER}`;
    const plain = { sslmode: 'require', sslcert, sslkey: key };
    expect(await connect(withParameters(url, plain))).toBe(name);
    const encrypted = { sslmode: 'require', sslcert, sslkey: encryptedKey };
    expect(await connect(withParameters(url, { ...encrypted, sslpassword: password }))).toBe(name);
    expect(readConnection(withParameters(url, encrypted), {}).faults).toEqual([
      { variable: 'DATABASE_URL', problem: expect.stringMatching(/^sslkey cannot be used/) },
    ]);
  });

  test.each([
    ['require', 'tls_only', 'require', 'tls'],
    ['require', 'trusting', 'require', /channel_binding/],
    ['disable', 'plain_only', 'require', /channel_binding/],
    ['require', 'tls_only', 'prefer', 'tls'],
  ] as const)('sslmode=%s to %s with channel_binding=%s', async (sslmode, database, binding, outcome) => {
    const url = withParameters(urlOf(database, 'localhost'), { sslmode, channel_binding: binding });
    if (typeof outcome === 'string') expect(await connect(url)).toBe(outcome);
    else await expect(connect(url)).rejects.toThrow(outcome);
  });

  test('TLS from the first byte: sslnegotiation=direct', async () => {
    const url = withParameters(urlOf('tls_only', 'localhost'), {
      sslmode: 'require',
      sslnegotiation: 'direct',
    });
    expect(await connect(url)).toBe('tls');
  });

  test('the password may be in a password file, which others cannot read', async () => {
    const { port } = new URL(server.url);
    const url = `postgres://${USER}@localhost:${port}/plain_only`;
    const passfile = join(folder, 'pgpass');
    writeFileSync(passfile, `# a comment\nlocalhost:*:other:${USER}:no\n`, { mode: 0o600 });
    appendFileSync(passfile, `localhost:${port}:*:${USER}:${SECRET.replaceAll(':', '\\:')}\n`);
    expect(await connect(withParameters(url, { passfile }))).toBe('plain');
    expect(await connect(url, { PGPASSFILE: passfile })).toBe('plain');
    chmodSync(passfile, 0o644);
    await expect(connect(withParameters(url, { passfile }))).rejects.toThrow(/password/);
  });

  test('a socket is a folder in host, or percent-encoded in its place', async () => {
    const { port } = new URL(server.url);
    const socket = encodeURIComponent('/tmp');
    expect(await connect(`postgres://${USER}@${socket}:${port}/trusting`)).toBe('plain');
    expect(await connect(`postgres://${USER}@:${port}/trusting?host=/tmp&sslmode=require`)).toBe('plain');
    expect(await connect(`postgres://${USER}@/trusting?host=/tmp&port=${port}`)).toBe('plain');
    expect(await connect(`postgres:///trusting`, { PGHOST: '/tmp', PGPORT: port, PGUSER: USER })).toBe(
      'plain',
    );
  });

  test('every connection of a server is encrypted, the one that listens too', async () => {
    const url = withParameters(urlOf('tls_only', 'localhost'), {
      sslmode: 'verify-full',
      sslrootcert: files.ca,
    });
    const app = await startOn({ url });
    try {
      const admin = new pg.Client({ connectionString: server.url });
      await admin.connect();
      const { rows } = await admin.query(
        `select distinct application_name as name, ssl from pg_stat_ssl join pg_stat_activity using (pid)
         where datname = 'tls_only' order by 1`,
      );
      await admin.end();
      expect(rows).toEqual([
        { name: 'curfew', ssl: true },
        { name: 'curfew events', ssl: true },
      ]);
    } finally {
      await app.close();
    }
  });

  test('a server without TLS: prefer goes on in the clear, require does not', async () => {
    await run('alter system set ssl = off', 'select pg_reload_conf()');
    try {
      const url = urlOf('trusting', 'localhost');
      while ((await connect(withParameters(url, { sslmode: 'prefer' }))) !== 'plain');
      await expect(connect(withParameters(url, { sslmode: 'require' }))).rejects.toThrow(
        /does not support SSL/,
      );
    } finally {
      await run('alter system set ssl = on', 'select pg_reload_conf()');
    }
  });
});
