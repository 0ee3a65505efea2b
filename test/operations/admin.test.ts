import { findFreePort } from '../../server/http/free-port.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { onPostgres } from '../databases.ts';
import { SET_PASSWORD, tokenOf } from '../accounts/account-calls.ts';
import { LOGIN } from '../seed.ts';
import { createDatabase, createFolder, onEachDataLocation, type DataLocation } from './data-locations.ts';
import { runOnce, startServer, type Server } from './processes.ts';

const EMAIL = 'First.Owner@example.test';
const CREATE = ['create-account', '--name', 'Example Ltd', '--owner-email', EMAIL];
const RESET = ['reset-password', '--email', EMAIL.toLowerCase()];

function commandsOn(location: () => DataLocation): void {
  const admin = (...args: string[]) => runOnce('server/cli/admin.ts', args, location().env);
  let server: Server | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  const linkIn = ({ stdout }: { stdout: string }): string => /^set-password link: (\S+)$/m.exec(stdout)![1]!;
  async function setPassword(link: string, newPassword: string) {
    const answer = await createGraphQLClient(server!.url).gql(SET_PASSWORD, {
      input: { token: tokenOf(link), newPassword },
    });
    return answer.code ?? answer.data.setPassword.user.email;
  }

  test('create-account prints a link that works once and that a reset cancels, and no password', async () => {
    const port = String(await findFreePort());
    location().env.PORT = port;
    const created = await admin(...CREATE);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(linkIn(created)).toMatch(
      new RegExp(`^http://127\\.0\\.0\\.1:${port}/set-password#token=[\\w-]{43}$`),
    );
    expect(created.stdout).not.toMatch(/password(?! link|#token)/i);

    const again = await admin(...CREATE);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr.trim().split('\n')).toHaveLength(1);

    const reset = await admin(...RESET);
    expect(reset).toMatchObject({ code: 0, stderr: '' });
    server = await startServer({ ...location().env, DEMO: 'false' });
    expect(await setPassword(linkIn(created), 'a much better password')).toBe('INVALID_CREDENTIALS');
    expect(await setPassword(linkIn(reset), 'a much better password')).toBe(EMAIL);
    expect(await setPassword(linkIn(reset), 'another better password')).toBe('INVALID_CREDENTIALS');
    const input = { email: EMAIL, password: 'a much better password' };
    const { data } = await createGraphQLClient(server.url).gql(LOGIN, { input });
    expect(data.login.user).toMatchObject({ email: EMAIL, role: 'OWNER' });
  }, 120_000);

  test('reset-password of an unknown user: one sentence, exit 1', async () => {
    const answer = await admin('reset-password', '--email', 'nobody@example.test');
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('create-account with a bad e-mail: one sentence, exit 1', async () => {
    const answer = await admin('create-account', '--name', 'A', '--owner-email', 'nobody');
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('migrate applies pending migrations once', async () => {
    const [first, second] = [
      await runOnce('server/cli/migrate.ts', [], location().env),
      await runOnce('server/cli/migrate.ts', [], location().env),
    ];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.stdout).toMatch(/^Nothing to apply/);
  });
}

onEachDataLocation(commandsOn);

test('every command is refused with one sentence while a server holds the folder', async () => {
  const location = await createFolder();
  const server = await startServer({ ...location.env, DEMO: 'false' });
  try {
    for (const [script, args] of [
      ['server/cli/admin.ts', CREATE],
      ['server/cli/admin.ts', RESET],
      ['server/cli/admin.ts', ['create-service-key', '--all-accounts', '--name', 'gateway']],
      ['server/cli/migrate.ts', []],
    ] as const) {
      const answer = await runOnce(script, args, location.env);
      expect(answer).toMatchObject({ code: 1, stdout: '' });
      expect(answer.stderr.trim().split('\n')).toEqual([expect.stringContaining(location.env.DATA_DIR!)]);
    }
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  } finally {
    await server.stop();
    await location.remove();
  }
});

onPostgres(() => {
  test('the commands work while a server runs', async () => {
    const location = await createDatabase();
    const server = await startServer(location.env);
    try {
      expect((await runOnce('server/cli/admin.ts', CREATE, location.env)).code).toBe(0);
    } finally {
      await server.stop();
      await location.remove();
    }
  });
});

test.each([
  [[]],
  [['nothing']],
  [['constructor']],
  [['create-account']],
  [['create-account', '--name', 'A']],
  [['create-account', '--name', '', '--owner-email', EMAIL]],
  [['create-account', '--name', 'A', '--owner-email', EMAIL, '--extra', 'x']],
  [['create-account', 'A', EMAIL]],
  [['reset-password', '--email']],
  [['import-tokens']],
])('wrong usage (%j) prints the usage, exit 1', async (args) => {
  const answer = await runOnce('server/cli/admin.ts', args, {});
  expect(answer).toMatchObject({ code: 1, stdout: '' });
  expect(answer.stderr).toMatch(
    /Usage:[^]*create-account[^]*reset-password[^]*create-service-key[^]*import-tokens/,
  );
  expect(answer.stderr).not.toMatch(/\bat .*\.ts:/);
});
