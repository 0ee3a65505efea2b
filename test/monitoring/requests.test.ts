import { createGraphQLClient } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import type { SeededAccount } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { scrape } from './scrape.ts';

const log = collectLog();
let app: TestApp;
let account: SeededAccount;
beforeAll(async () => {
  app = await startApp({ logger: log.logger, env: { LOG_REQUESTS: 'true' } });
  account = await app.seed.account();
});
afterAll(() => app.close());
beforeEach(() => void log.lines.splice(0));

const requestLines = () => log.lines.filter(({ part }) => part === 'request');
async function lineOf(requestId: string): Promise<Record<string, unknown>> {
  await waitUntil(() => requestLines().some((line) => line.requestId === requestId));
  return requestLines().find((line) => line.requestId === requestId)!;
}
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers });

describe('the id of a request', () => {
  test('is the one that a proxy gave it', async () => {
    const response = await get('/healthz', { 'x-request-id': 'c0ffee12-0000-4000-8000-000000000001' });
    expect(response.headers.get('x-request-id')).toBe('c0ffee12-0000-4000-8000-000000000001');
  });

  test.each(['short', 'x'.repeat(129), 'with spaces in it', '<script>alert(1)</script>', 'quote"and\ttab'])(
    'is replaced when it is %j',
    async (given) => {
      const response = await get('/healthz', { 'x-request-id': given });
      expect(response.headers.get('x-request-id')).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    },
  );

  test.each([
    ['a field that does not exist', { query: '{ nothing }' }],
    ['a syntax error', { query: '{' }],
    ['no caller', { query: '{ currentSession { id } }' }],
    ['too many tokens', { query: `{ ${'serverTime '.repeat(1_001)} }` }],
    ['no document', {}],
  ])('is in the error of %s, and in its response', async (_, body) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'from-the-proxy-1' },
      body: JSON.stringify(body),
    });
    expect(response.headers.get('x-request-id')).toBe('from-the-proxy-1');
    const { errors } = (await response.json()) as any;
    expect(errors[0].extensions).toMatchObject({ code: expect.any(String), requestId: 'from-the-proxy-1' });
  });

  test('is in the error of a body that is no JSON, and of a request that another site may not send', async () => {
    const send = (type: string, body: string) =>
      fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': type, 'x-request-id': 'from-the-proxy-2' },
        body,
      });
    for (const response of [await send('application/json', '{'), await send('text/plain', '{}')])
      expect(((await response.json()) as any).errors[0].extensions.requestId).toBe('from-the-proxy-2');
  });

  test('of an unexpected error leads to its line in the log', async () => {
    const broken = await startApp({
      logger: log.logger,
      wrapDatabase: (database) => ({
        ...database,
        longTransaction: () => Promise.reject(new Error('broken on purpose')),
      }),
    });
    const who = await (await broken.seed.account()).owner.login();
    const answer = await who.gql('{ sessionExpiryForecast { at } }');
    const query = `{ sessionPolicyImpact(input: {}) { endNow } }`;
    const failed = answer.code === 'INTERNAL_SERVER_ERROR' ? answer : await who.gql(query);
    expect(failed.code).toBe('INTERNAL_SERVER_ERROR');
    const line = log.lines.find(
      ({ msg, requestId }) => msg === 'unexpected error' && requestId === failed.requestId,
    );
    expect(line).toMatchObject({ err: { message: 'broken on purpose' } });
    await broken.close();
  });

  test('of a socket is in the errors of its subscriptions, and in their lines', async () => {
    const who = await account.owner.login();
    const subscription = who.accountSessions();
    await subscription.connected;
    await waitUntil(() => requestLines().some(({ transport }) => transport === 'websocket'));
    const line = requestLines().find(({ transport }) => transport === 'websocket')!;
    expect(line).toMatchObject({
      operation: 'accountSessions',
      outcome: 'ok',
      sessionId: who.sessionId,
      userId: account.owner.id,
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    await subscription.stop();
  });
});

describe('the line of a request', () => {
  test('says what was asked for, how it went, how long it took, and who asked', async () => {
    const who = await account.owner.login();
    const { requestId } = await who.gql('query Mine { mine: viewer { id } }');
    const line = await lineOf(requestId!);
    expect(line).toEqual({
      time: expect.anything(),
      level: 30,
      part: 'request',
      requestId,
      method: 'POST',
      route: '/graphql',
      status: 200,
      durationMs: expect.any(Number),
      address: '127.0.0.1',
      operation: 'viewer',
      outcome: 'ok',
      userId: account.owner.id,
      accountId: account.id,
      sessionId: who.sessionId,
      msg: 'request',
    });
  });

  test('names the codes of errors', async () => {
    const { requestId } = await account.owner.tryLogin({ password: 'not the password at all' });
    expect(await lineOf(requestId!)).toMatchObject({
      operation: 'login',
      outcome: 'refused',
      codes: ['INVALID_CREDENTIALS'],
    });
  });

  test('names the pattern of a route, and nothing of the path or its query', async () => {
    for (const path of [
      '/auth/verify/of-the-application?token=hidden-1',
      '/set-password?token=hidden-2',
      '/hidden-3',
      '/assets/hidden-4.js?hidden-5',
      '/account/hidden-6',
      '/account/security?hidden-7',
    ])
      await get(path);
    await waitUntil(() => requestLines().length >= 6);
    expect(requestLines().map(({ route }) => route)).toEqual([
      '/auth/verify/*',
      '/set-password',
      'other',
      // No such file: like a path that is no route.
      'other',
      'other',
      '/account/security',
    ]);
    expect(log.text()).not.toMatch(/hidden|of-the-application/);
  });

  test('is not written unless it is asked for', async () => {
    const quiet = collectLog();
    const other = await startApp({ logger: quiet.logger });
    await createGraphQLClient(other.url).gql('{ serverTime }');
    await other.close();
    expect(quiet.lines.filter(({ part }) => part === 'request')).toEqual([]);
  });
});

describe('the metrics of requests', () => {
  test('name routes and operations of ours only', async () => {
    const who = await account.owner.login();
    await who.gql('query MyOwnName { alias: viewer { id } }');
    await who.gql('{ viewer { id } sessions { totalCount } }');
    await who.gql('{ __schema { queryType { name } } }');
    await who.gql('query { ...Hidden } fragment Hidden on Query { currentSession { id } __typename }');
    await who.gql('{ noSuchField }');
    await get('/no/such/path');
    await get('/account/some/where');
    await get('/account/security');
    const { text, value } = await scrape(app);
    const count = (operation: string, outcome: string) =>
      value(`curfew_graphql_operation_duration_seconds_count{operation="${operation}",outcome="${outcome}"}`);
    expect(count('viewer', 'ok')).toBeGreaterThan(0);
    expect(count('currentSession', 'ok')).toBe(1);
    expect(count('other', 'ok')).toBe(2);
    expect(count('other', 'refused')).toBeGreaterThan(0);
    expect(value('curfew_http_request_duration_seconds_count{route="other",status="404"}')).toBeGreaterThan(
      0,
    );
    expect(
      value('curfew_http_request_duration_seconds_count{route="/account/security",status="200"}'),
    ).toBeGreaterThan(0);
    expect(text).not.toMatch(/MyOwnName|alias|Hidden|noSuchField|no\/such|some\/where/);
  });

  test('have the delay of the event loop, and say nothing of Redis where there is none', async () => {
    const { value, text } = await scrape(app);
    expect(value('curfew_event_loop_delay_seconds_count')).toBeGreaterThan(10);
    expect(text).not.toMatch(/^curfew_redis_up/m);
    expect(value('curfew_event_outbox_pending')).toBe(0);
    expect(text).toMatch(/^# TYPE curfew_event_deliveries_total counter$/m);
  });

  test('a database that does not answer is down, and its sessions are not counted', async () => {
    let isDown = false;
    const broken = await startApp({
      wrapDatabase: (database) => ({
        ...database,
        ready: () => (isDown ? Promise.reject(new Error('down')) : database.ready()),
        longTransaction: (timeoutMs, work) =>
          isDown ? Promise.reject(new Error('down')) : database.longTransaction(timeoutMs, work),
      }),
    });
    isDown = true;
    const { value, text } = await scrape(broken);
    expect(value('curfew_database_up')).toBe(0);
    expect(value('curfew_live_sessions')).toBeUndefined();
    expect(text).not.toMatch(/^curfew_(live_sessions|sweep_lag_seconds) /m);
    isDown = false;
    await waitUntil(async () => (await scrape(broken)).value('curfew_live_sessions') === 0);
    expect((await scrape(broken)).value('curfew_database_up')).toBe(1);
    await broken.close();
  });
});
