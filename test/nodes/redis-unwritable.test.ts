import type { Redis } from 'ioredis';
import { from } from '../accounts/account-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { hasRedisServer, startRedis } from './redis-server.ts';
import { waitUntil } from '../wait-until.ts';

// A Redis that answers but refuses writes: a replica, a full one, or one with reduced rights.

const PER_PAIR = 3;
const NODES_TIMEOUT_MS = 60_000;
const TELLS = 'Redis takes no writes; each node counts failed sign-ins for itself';

const problems: [string, (redis: Redis) => Promise<unknown>, (redis: Redis) => Promise<unknown>][] = [
  [
    'is a replica, which only reads',
    async (redis) => redis.call('REPLICAOF', '127.0.0.1', await findFreePort()),
    (redis) => redis.call('REPLICAOF', 'NO', 'ONE'),
  ],
  [
    'is full',
    (redis) => redis.config('SET', 'maxmemory', '1'),
    (redis) => redis.config('SET', 'maxmemory', '0'),
  ],
  [
    'does not let run the script that counts',
    (redis) => redis.call('ACL', 'SETUSER', 'default', '-eval', '-evalsha'),
    (redis) => redis.call('ACL', 'SETUSER', 'default', '+@all'),
  ],
  [
    'does not let write',
    (redis) => redis.call('ACL', 'SETUSER', 'default', '-@write'),
    (redis) => redis.call('ACL', 'SETUSER', 'default', '+@all'),
  ],
];

(hasRedisServer ? describe : describe.skip)('with a separate Redis (needs redis-server)', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let app: TestApp;
  let addresses = 0;
  const log = collectLog();
  beforeAll(async () => {
    redis = await startRedis();
    app = await startApp({
      env: { REDIS_URL: redis.url, TRUST_PROXY: 'true', LOGIN_FAILURES_PER_PAIR: String(PER_PAIR) },
      logger: log.logger,
    });
    await untilReady(200);
  }, NODES_TIMEOUT_MS);
  afterAll(async () => {
    await app?.close();
    await redis?.stop();
  }, NODES_TIMEOUT_MS);

  const readyz = async () => {
    const response = await fetch(`${app.url}/readyz`);
    return { status: response.status, body: await response.json() };
  };
  const untilReady = (status: number): Promise<void> =>
    waitUntil(async () => (await readyz()).status === status);
  const countWarnings = () => log.lines.filter(({ msg }) => msg === TELLS).length;

  test.each(problems)(
    'every limit applies while Redis %s, from the first failure on, and the log says so',
    async (_, breakIt, mend) => {
      const { owner } = await app.seed.account();
      const address = `198.51.100.${(addresses += 1)}`;
      const fail = () => owner.tryLogin({ password: 'wrong password' }, from(address));
      const before = countWarnings();

      expect((await fail()).code).toBe('INVALID_CREDENTIALS');
      await breakIt(redis.admin);
      for (let n = 1; n < PER_PAIR; n += 1) expect((await fail()).code).toBe('INVALID_CREDENTIALS');
      expect((await owner.tryLogin({}, from(address))).code).toBe('RATE_LIMITED');
      expect((await owner.tryLogin({}, from(`${address}1`.slice(0, 14)))).code).toBeUndefined();

      await untilReady(503);
      expect(await readyz()).toEqual({
        status: 503,
        body: { status: 'unavailable', database: 'up', redis: 'down', redisProblem: 'takes no writes' },
      });
      expect((await fetch(`${app.url}/readyz?redis=optional`)).status).toBe(200);
      expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch(/^curfew_redis_up 0$/m);
      expect(countWarnings()).toBe(before + 1);

      await mend(redis.admin);
      await untilReady(200);
      // Failures counted while it was broken are kept.
      expect((await owner.tryLogin({}, from(address))).code).toBe('RATE_LIMITED');
      expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch(/^curfew_redis_up 1$/m);
    },
    NODES_TIMEOUT_MS,
  );
});
