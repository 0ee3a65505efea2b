import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type DatabaseKind } from '../databases.ts';
import { createGraphQLClient, type GraphQLClient } from '../graphql-client.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { newFolder, runOnce, startServer, type Server } from '../operations/processes.ts';
import { LOGIN } from '../seed.ts';

/** Measurements of the server's watch, after garbage collection. */
export interface Vitals {
  longestBlockMs: number;
  heapUsed: number;
  external: number;
}

/** A user with an account there, whose sessions have to survive the attack. */
export interface Inhabitant {
  email: string;
  signIn(): Promise<SignedIn>;
}

export interface SignedIn {
  accessToken: string;
  refreshToken: string;
  sessionId: string;
  userId: string;
  accountId: string;
}

/** A real server process to attack, with two users and a back end. */
export interface Target extends GraphQLClient {
  readonly url: string;
  readonly port: number;
  /** Its signing keys: tokens can be wrong in other ways than by their signature. */
  readonly keys: { accessKeyPem: string; refreshSecret: string };
  readonly owner: Inhabitant;
  readonly member: Inhabitant;
  readonly serviceKey: string;
  readonly server: Server;
  vitals(): Promise<Vitals>;
  /** Unexpected errors in its log since the last call, each once. */
  unforeseen(): string[];
  stop(): Promise<void>;
}

const PASSWORD = 'a raven counts seven lamps';

/** Raised limits, for attacks on something else. */
const OPEN_LIMITS = {
  LOGIN_FAILURES_PER_PAIR: '100000000',
  LOGIN_FAILURES_PER_EMAIL: '100000000',
  LOGIN_FAILURES_PER_ADDRESS: '100000000',
  ACCESS_TOKEN_AUDIENCES: 'https://api.example.test',
};

/** Creates everything through commands and mutations. */
export async function startTarget(kind: DatabaseKind): Promise<Target> {
  const scratch = await mkdtemp(join(tmpdir(), 'curfew-attack-'));
  const watchFile = join(scratch, 'watch');
  const folder = await newFolder();
  const testDatabase = await createTestDatabase(kind);
  const keys = {
    accessKeyPem: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string,
    refreshSecret: randomBytes(32).toString('base64url'),
  };
  const port = await findFreePort();
  const env = {
    ...OPEN_LIMITS,
    ...(kind === 'embedded' ? { DATA_DIR: folder.path } : { DATABASE_URL: testDatabase.url! }),
    PORT: String(port),
    ACCESS_TOKEN_PRIVATE_KEY: keys.accessKeyPem,
    REFRESH_TOKEN_SECRET: keys.refreshSecret,
    DEMO: 'false',
  };
  const admin = async (pattern: RegExp, ...args: string[]): Promise<string> => {
    const { stdout, stderr } = await runOnce('server/cli/admin.ts', args, env);
    const found = pattern.exec(stdout)?.[1];
    if (found === undefined) throw new Error(`${args[0]} printed:\n${stdout}${stderr}`);
    return found;
  };
  const ownerEmail = 'owner@example.test';
  const ownerLink = await admin(
    /token=(\S+)/,
    ...['create-account', '--name', 'Attacked', '--owner-email', ownerEmail],
  );
  const serviceKey = await admin(
    /service key: (\S+)/,
    ...['create-service-key', '--all-accounts', '--name', 'back end'],
  );

  const server = await startServer({
    ...env,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'loop-watch.ts')}`,
    LOOP_WATCH_FILE: watchFile,
  });
  const url = `http://127.0.0.1:${port}`;
  const client = createGraphQLClient(url);
  const watchUrl = `http://127.0.0.1:${await readFile(watchFile, 'utf8')}`;

  let readUpTo = 0;
  const usePasswordLink = (token: string) =>
    must(client, `mutation ($input: SetPasswordInput!) { setPassword(input: $input) { accessToken } }`, {
      input: { token, newPassword: PASSWORD },
    });
  const inhabitant = (email: string): Inhabitant => ({
    email,
    async signIn() {
      const { login } = await must(client, LOGIN, { input: { email, password: PASSWORD } });
      const { accessToken, refreshToken, session, user } = login;
      const { viewer } = await must(client, '{ viewer { account { id } } }', {}, accessToken);
      return {
        accessToken,
        refreshToken,
        sessionId: session.id,
        userId: user.id,
        accountId: viewer.account.id,
      };
    },
  });
  const { setPassword } = await usePasswordLink(ownerLink);
  const memberEmail = 'member@example.test';
  const { inviteUser } = await must(
    client,
    `mutation ($input: InviteUserInput!) { inviteUser(input: $input) { setPasswordUrl } }`,
    { input: { email: memberEmail, name: 'Member' } },
    setPassword.accessToken,
  );
  await usePasswordLink(inviteUser.setPasswordUrl.split('token=')[1]);

  return {
    ...client,
    url,
    port,
    keys,
    server,
    serviceKey,
    owner: inhabitant(ownerEmail),
    member: inhabitant(memberEmail),
    vitals: async () => (await (await fetch(watchUrl)).json()) as Vitals,
    unforeseen() {
      const log = server.stdout;
      const lines = log.slice(readUpTo).split('\n');
      readUpTo = log.length;
      return [...new Set([...lines.flatMap(surprise), ...server.stderr.split('\n').filter(Boolean)])];
    },
    async stop() {
      await server.stop();
      await testDatabase.drop();
      await folder.remove();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

async function must(
  client: GraphQLClient,
  query: string,
  variables: Record<string, unknown>,
  token?: string,
): Promise<any> {
  const { data, errors } = await client.gql(query, variables, { token });
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** The text of a log line that reports an error. */
function surprise(line: string): string[] {
  if (!line.startsWith('{')) return /Unhandled|Uncaught|^\s+at /.test(line) ? [line] : [];
  const { level, msg, err } = JSON.parse(line) as { level: number; msg: string; err?: { message: string } };
  return level >= 50 ? [`${msg}: ${err?.message.slice(0, 200)}`] : [];
}
