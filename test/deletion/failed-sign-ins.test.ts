import { from } from '../accounts/account-calls.ts';
import { onPostgres, type DatabaseKind } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { hasRedisServer, startRedis, type RedisServer } from '../nodes/redis-server.ts';
import { runCommand } from '../operations/admin-commands.ts';
import { INVITE } from '../accounts/account-calls.ts';
import { waitUntil } from '../wait-until.ts';
import { DELETE_USER } from './deletion-calls.ts';

const PER_PAIR = 3;
const AT = from('198.51.100.12');

/** A deletion by mutation, and by a command in another process of the installation. */
function clearsThemIn(kind: DatabaseKind, env: () => Record<string, string>): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      database: kind,
      env: { TRUST_PROXY: 'true', LOGIN_FAILURES_PER_PAIR: String(PER_PAIR), ...env() },
    });
    if (env().REDIS_URL) await waitUntil(async () => (await fetch(`${app.url}/readyz`)).status === 200);
  });
  afterAll(() => app.close());
  const processEnv = process.env.REDIS_URL;
  afterEach(() => {
    if (processEnv === undefined) delete process.env.REDIS_URL;
    else process.env.REDIS_URL = processEnv;
  });

  test.each(['deleteUser', 'delete-user'])(
    '%s clears the failed sign-ins of the user and of no one else',
    async (way) => {
      const account = await app.seed.account();
      const [member, colleague] = [await account.addUser(), await account.addUser()];
      const owner = await account.owner.login();
      const codesOf = async (email: string) => {
        const codes = [];
        for (let n = 0; n < PER_PAIR + 1; n += 1)
          codes.push((await member.tryLogin({ email, password: 'not this one' }, AT)).code);
        return codes;
      };
      const untilLimited = [...Array<string>(PER_PAIR).fill('INVALID_CREDENTIALS'), 'RATE_LIMITED'];
      expect(await codesOf(member.email)).toEqual(untilLimited);
      expect(await codesOf(colleague.email)).toEqual(untilLimited);

      if (way === 'deleteUser') await owner.gql(DELETE_USER, { userId: member.id });
      else {
        Object.assign(process.env, env());
        // Each node also counts in its memory, which a command cannot reach. It only binds when the store fails.
        await runCommand(app, 'delete-user', '--user', member.id);
      }
      const input = { email: member.email, name: 'Nia New' };
      expect((await owner.gql(INVITE, { input })).errors).toBeUndefined();
      expect(await codesOf(member.email)).toEqual(untilLimited);
      expect((await colleague.tryLogin({}, AT)).code).toBe('RATE_LIMITED');
    },
  );
}

onPostgres(() => {
  describe('counted in the database', () => clearsThemIn('postgresql', () => ({})));

  (hasRedisServer ? describe : describe.skip)('counted in Redis', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());
    clearsThemIn('postgresql', () => ({ REDIS_URL: redis?.url ?? '' }));
  });
});
