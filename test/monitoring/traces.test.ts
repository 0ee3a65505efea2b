import { randomBytes } from 'node:crypto';
import { onPostgres } from '../databases.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { createNodes, type Node, type Nodes } from '../nodes/nodes.ts';
import { newFolder, startServer } from '../operations/processes.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { PASSWORD } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { startCollector, type Collector, type SentSpan } from './collector.ts';

const SERVER = 2;
const FAST = { OTEL_BSP_SCHEDULE_DELAY: '50' };

const tracing = (collector: Collector) => ({
  ...FAST,
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
});

const parentOf = (spans: readonly SentSpan[], { parentSpanId }: SentSpan) =>
  spans.find(({ spanId }) => spanId === parentSpanId);

onPostgres(() => {
  let collector: Collector;
  let nodes: Nodes;
  let [a, b]: Node[] = [];
  beforeAll(async () => {
    collector = await startCollector();
    nodes = await createNodes({ REDIS_URL: '', ...tracing(collector), OTEL_SERVICE_NAME: 'sessions' });
    // The first sends its spans later, so that those of one trace come in any order.
    [a, b] = [await nodes.start({ OTEL_BSP_SCHEDULE_DELAY: '500' }), await nodes.start()];
    const isUp = async (node: Node) => /^curfew_notify_up 1$/m.test(await node.metrics());
    await waitUntil(async () => (await isUp(a!)) && (await isUp(b!)));
  }, 180_000);
  afterAll(async () => {
    await nodes.stop();
    await collector.stop();
  });

  test('a request is one trace: HTTP, then the GraphQL operation, then its statements', async () => {
    const { owner } = await nodes.seed.account();
    const who = await owner.login();
    const query = `query Chosen { viewer { id } a: sessions(first: 3) { totalCount } }`;
    await who.gql(query);
    await who.gql(
      'query Other { sessions { totalCount } }',
      {},
      { headers: { 'x-request-id': 'from-the-proxy' } },
    );
    const { spans } = collector;
    await waitUntil(() =>
      spans.some(({ attributes }) => attributes['curfew.request_id'] === 'from-the-proxy'),
    );
    const http = spans.find(({ attributes }) => attributes['curfew.request_id'] === 'from-the-proxy')!;
    expect(http).toMatchObject({
      name: 'POST /graphql',
      kind: SERVER,
      attributes: { 'http.route': '/graphql', 'http.request.method': 'POST' },
      resource: { 'service.name': 'sessions' },
    });
    expect(Number(http.attributes['http.response.status_code'])).toBe(200);
    const graphql = spans.find((span) => parentOf(spans, span) === http)!;
    expect(graphql).toMatchObject({
      name: 'query sessions',
      attributes: {
        'curfew.operation': 'sessions',
        'curfew.outcome': 'ok',
        'graphql.operation.type': 'query',
      },
    });
    const statements = spans.filter(
      (span) => parentOf(spans, span) === graphql && !/^(BEGIN|COMMIT|SET)$/.test(span.name),
    );
    expect(statements.length).toBeGreaterThan(1);
    for (const { name, attributes } of statements) {
      expect(['SELECT', 'WITH']).toContain(name);
      expect(attributes['db.system.name']).toBe('postgresql');
      expect(attributes['db.namespace']).toBe(new URL(nodes.databaseUrl).pathname.slice(1));
      expect(attributes['db.query.text']).not.toMatch(/'/);
    }
    const texts = statements.map(({ attributes }) => String(attributes['db.query.text']));
    expect(texts.some((text) => /sessions/.test(text) && text.includes('$1'))).toBe(true);
    expect(spans.map(({ name }) => name)).toContain('mutation login');
    // Two root fields, whose names the caller chose.
    expect(spans.map(({ name }) => name)).toContain('query other');
    expect(collector.text).not.toMatch(/Chosen|totalCount/);
  });

  test('a trace that a proxy has begun goes on', async () => {
    const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    await fetch(`${a!.url}/healthz?secret=hidden-in-the-query`, {
      headers: { traceparent: `00-${traceId}-${spanId}-01` },
    });
    await waitUntil(() => collector.spans.some((span) => span.traceId === traceId));
    expect(collector.spans.find((span) => span.traceId === traceId)).toMatchObject({
      name: 'GET /healthz',
      parentSpanId: spanId,
    });
    expect(collector.text).not.toContain('hidden-in-the-query');
  });

  test('an end that one node publishes and another delivers is one trace', async () => {
    const { owner } = await nodes.seed.account();
    const who = await owner.login();
    const expiry = b!.subscribe('subscription { sessionExpiry { kind } }', { accessToken: who.accessToken });
    await expiry.connected;
    await waitUntil(async () => /^curfew_watched_sessions 1$/m.test(await b!.metrics()));
    await who.gql('mutation { logout { ended } }');
    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED' });
    const { spans } = collector;
    /** Each node sends its spans when it likes: a child may come before its parent. */
    const sent = async (find: () => SentSpan | undefined): Promise<SentSpan> => {
      await waitUntil(() => find() !== undefined);
      return find()!;
    };
    const delivered = await sent(() => spans.find(({ name }) => name === 'deliver ENDED'));
    const published = await sent(() => parentOf(spans, delivered));
    expect(published.name).toBe('publish ENDED');
    expect(published.resource['service.instance.id']).not.toBe(delivered.resource['service.instance.id']);
    expect((await sent(() => parentOf(spans, published))).name).toBe('mutation logout');
    // What the other node read because of it.
    await sent(() => spans.find((span) => parentOf(spans, span) === delivered));
  });

  test('no span holds a password, a token, an e-mail or an address', async () => {
    const { owner } = await nodes.seed.account();
    const who = await owner.login();
    const { refreshToken } = (await who.refresh()).data.refreshSession;
    await owner.tryLogin({ password: 'a password that is wrong' });
    await who.gql('mutation { nothing }');
    await a!.gql(
      `mutation { login(input: { email: "literal@example.test", password: "${PASSWORD}" }) { accessToken } }`,
    );
    await fetch(`${a!.url}/auth/verify`, { headers: { 'x-session-token': refreshToken } });
    await fetch(`${a!.url}/auth/verify/a-path-of-the-application?token=${refreshToken}`);
    await waitUntil(() => collector.spans.some(({ name }) => name === 'GET /auth/verify/*'));
    const { text } = collector;
    for (const secret of [
      PASSWORD,
      'a password that is wrong',
      who.accessToken,
      who.refreshToken,
      refreshToken,
      owner.email,
      'literal@example.test',
      'a-path-of-the-application',
      '127.0.0.1',
      '::1',
    ])
      expect(text.includes(secret) ? secret : 'absent').toBe('absent');
  });
});

test('on the embedded database statements are traced, too, as protobuf and with the headers of the setting', async () => {
  const [collector, folder] = [await startCollector(), await newFolder()];
  const server = await startServer({
    DATA_DIR: folder.path,
    DEMO: 'false',
    ...FAST,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer of-the-collector',
  });
  await createGraphQLClient(server.url).gql(
    'mutation { login(input: { email: "x@example.test", password: "unknown to all" }) { accessToken } }',
  );
  await waitUntil(
    () => collector.text.includes('mutation login') && collector.text.includes('POST /graphql'),
  );
  expect(collector.text).toContain('SELECT');
  expect(collector.text).not.toMatch(/unknown to all|x@example\.test/);
  expect(collector.requests[0]).toEqual({
    path: '/v1/traces',
    contentType: 'application/x-protobuf',
    authorization: 'Bearer of-the-collector',
  });
  expect(await server.stop()).toBe(0);
  await folder.remove();
  await collector.stop();
});

test('a collector that is down fails no request, and holds up no stop', async () => {
  const folder = await newFolder();
  const server = await startServer({
    DATA_DIR: folder.path,
    DEMO: 'false',
    ...FAST,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await findFreePort()}`,
  });
  const { gql } = createGraphQLClient(server.url);
  for (let count = 0; count < 5; count += 1)
    expect((await gql('{ serverTime }')).data.serverTime).toBeTruthy();
  await server.printed(/could not send traces/);
  const stoppedAt = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  expect(server.stdout.match(/could not send traces/g)).toHaveLength(1);
  await folder.remove();
});
