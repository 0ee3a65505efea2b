import { sql } from 'kysely';
import { findFreePort } from '../../server/http/free-port.ts';
import { generateAccessKey } from '../../server/tokens/signing-keys.ts';
import { createTestDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { tryAgainInCi } from '../real-time.ts';
import type { SeededAccount } from '../seed.ts';
import { bearer, connectKit, QUICK, startExpress, startHttpProxy, untilStatus } from './server-kit.ts';

tryAgainInCi();

const REVOKE = 'mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';

describe('with the network between', () => {
  let app: TestApp;
  let network: TcpProxy;
  let account: SeededAccount;
  let key: string;
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    app = await startApp({ clock: 'real' });
    network = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(app.url).port) });
    account = await app.seed.account();
    ({ key } = await app.seed.serviceKey(account.id));
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await network.restore();
  });
  afterAll(async () => {
    await network.close();
    await app.close();
  });

  /** A back end that knows two sessions, so that it need not ask about them. */
  async function start(timing = {}) {
    const { curfew, problems } = connectKit({
      url: `http://127.0.0.1:${network.port}`,
      issuer: app.url,
      serviceKey: key,
      timeoutMs: 500,
      timing,
    });
    closing.push(() => curfew.close());
    const backEnd = await startExpress(curfew);
    closing.push(() => backEnd.close());
    await curfew.following();
    const owner = await account.owner.login();
    const member = await (await account.addUser()).login();
    const me = ({ accessToken }: { accessToken: string }) => backEnd.get('/me', bearer(accessToken));
    for (const session of [owner, member]) expect((await me(session)).status).toBe(200);
    return { curfew, problems, backEnd, owner, member, me };
  }

  test('Curfew gone is 503, for good and ended sessions alike, and what was revoked in between stays out', async () => {
    const { curfew, problems, backEnd, owner, member, me } = await start();
    network.cut();
    await untilStatus(503, () => me(owner));
    const away = await me(member);
    expect(away.body).toEqual({ error: 'UNAVAILABLE' });
    expect(away.headers.get('retry-after')).toBe('1');
    expect((await backEnd.get('/me', bearer('x'.repeat(43)))).status).toBe(503);
    // What can be told without Curfew is told.
    expect((await backEnd.get('/me')).status).toBe(401);
    expect(problems.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['REPORTS_LOST', 'UNANSWERED']));

    await owner.gql(REVOKE, { id: member.sessionId });
    await network.restore();
    // Never let in on the way back, whether the keys, the answers or the reports are there first.
    const seen = new Set<number>();
    await untilStatus(401, async () => {
      const answer = await me(member);
      seen.add(answer.status);
      return answer;
    });
    expect([...seen].filter((status) => status === 200)).toEqual([]);
    await untilStatus(200, () => me(owner));
    await curfew.following();
    expect((await me(member)).status).toBe(401);
    expect((await me(owner)).status).toBe(200);
  });

  test('a network that swallows everything is noticed, and no request is let in then', async () => {
    const { owner, me } = await start({ leaseMs: 300 });
    network.hang();
    await untilStatus(503, () => me(owner));
    await network.restore();
    await untilStatus(200, () => me(owner));
  });

  test('with the socket alone gone each token is asked about, and a revoked one is out at once', async () => {
    const proxy = await startHttpProxy(app.url);
    closing.push(() => proxy.close());
    const { curfew } = connectKit({ url: proxy.url, issuer: app.url, serviceKey: key });
    closing.push(() => curfew.close());
    await curfew.following();
    const owner = await account.owner.login();
    const member = await (await account.addUser()).login();
    expect((await curfew.check(member.accessToken)).state).toBe('live');
    expect((await curfew.check(owner.accessToken)).state).toBe('live');
    proxy.hasSockets = false;
    proxy.dropSockets();
    while (curfew.isFollowing) await new Promise((done) => setTimeout(done, 5));

    const asked = (): number => proxy.calls.filter((call) => call === 'POST /oauth/introspect').length;
    const before = asked();
    for (let round = 0; round < 3; round += 1)
      expect((await curfew.check(owner.accessToken)).state).toBe('live');
    expect(asked() - before).toBe(3);
    // One turn, one question.
    await Promise.all(Array.from({ length: 50 }, () => curfew.check(owner.accessToken)));
    expect(asked() - before).toBeLessThan(3 + 10);
    await owner.gql(REVOKE, { id: member.sessionId });
    expect(await curfew.check(member.accessToken)).toEqual({ state: 'refused', reason: 'SESSION_ENDED' });

    proxy.hasSockets = true;
    await curfew.following();
    expect(await curfew.check(member.accessToken)).toEqual({ state: 'refused', reason: 'SESSION_ENDED' });
    const again = asked();
    for (let round = 0; round < 3; round += 1)
      expect((await curfew.check(owner.accessToken)).state).toBe('live');
    // Asked about again, once: its end could have been missed.
    expect(asked() - again).toBe(1);
  });

  test('with its key revoked a back end lets no request in', async () => {
    const { id, key: doomed } = await app.seed.serviceKey(account.id);
    const { curfew, problems } = connectKit({ url: app.url, serviceKey: doomed });
    closing.push(() => curfew.close());
    await curfew.following();
    const { accessToken } = await account.owner.login();
    expect((await curfew.check(accessToken)).state).toBe('live');
    await sql`update service_keys set revoked_at = now() where id = ${id}`.execute(
      app.database.em().getKysely(),
    );
    while ((await curfew.check(accessToken)).state === 'live')
      await new Promise((done) => setTimeout(done, 50));
    expect((await curfew.check(accessToken)).state).toBe('unavailable');
    expect((await curfew.check('x'.repeat(43))).state).toBe('unavailable');
    expect(problems.map(({ kind }) => kind)).toEqual(['KEY_REFUSED']);
    expect(JSON.stringify(problems)).not.toContain(doomed);
  });
});

onPostgres(() => {
  const [older, newer] = [generateAccessKey(), generateAccessKey()];

  test('a token of the new key is good without a restart of the back end, and one of a key taken away is not', async () => {
    const sharedDatabase = await createTestDatabase('postgresql');
    const PORT = String(await findFreePort());
    const start = (keys: string[]) =>
      startApp({ clock: 'real', sharedDatabase, env: { PORT, ACCESS_TOKEN_PRIVATE_KEY: keys.join('\n') } });

    let app = await start([older]);
    const account = await app.seed.account();
    const { key } = await app.seed.serviceKey(null);
    const proxy = await startHttpProxy(app.url);
    // Without reports, so that only the keys decide, and no request arrives while Curfew restarts.
    const timing = { ...QUICK, firstWaitMs: 120_000, maxWaitMs: 120_000 };
    const options = { url: proxy.url, issuer: app.url, serviceKey: key, timing };
    // One that may fetch the keys again at any time, and one that has just done so.
    const eager = connectKit({ ...options, timing: { ...timing, cooldownMs: 0 } }).curfew;
    const patient = connectKit(options).curfew;
    const stateOf = async (curfew: typeof eager, token: string) => (await curfew.check(token)).state;
    const fetches = (): number => proxy.calls.filter((call) => call.endsWith('jwks.json')).length;

    const old = await account.owner.login();
    expect(await stateOf(eager, old.accessToken)).toBe('live');
    expect(await stateOf(patient, old.accessToken)).toBe('live');
    await app.close();
    app = await start([newer, older]);
    const fetchedBefore = fetches();
    const { data } = await app.gql(
      'mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { accessToken } }',
      {
        t: old.refreshToken,
      },
    );
    const fresh: string = data.refreshSession.accessToken;
    expect(await stateOf(eager, fresh)).toBe('live');
    expect(fetches()).toBe(fetchedBefore + 1);
    // Curfew answers for the key that may not be fetched yet.
    expect(await stateOf(patient, fresh)).toBe('live');
    expect(fetches()).toBe(fetchedBefore + 1);
    expect(await stateOf(eager, old.accessToken)).toBe('live');

    await app.close();
    app = await start([newer]);
    // Any token of an unknown key brings the keys as they are now.
    const [, payload, signature] = fresh.split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'x' })).toString('base64url');
    expect(await stateOf(eager, `${head}.${payload}.${signature}`)).toBe('refused');
    expect(await stateOf(eager, old.accessToken)).toBe('refused');
    expect(await stateOf(eager, fresh)).toBe('live');

    eager.close();
    patient.close();
    await proxy.close();
    await app.close();
    await sharedDatabase.drop();
  }, 120_000);
});
