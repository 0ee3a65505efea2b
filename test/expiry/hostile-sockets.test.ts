import { startApp, type TestApp } from '../harness.ts';
import { SESSION_EXPIRY, type SignedIn } from '../seed.ts';
import { openGreetedSocket, openSocket, subscribeMessage, untilGauge, type RawSocket } from './raw-socket.ts';

let app: TestApp;
let who: SignedIn;
beforeAll(async () => {
  app = await startApp();
  who = await (await app.seed.account()).owner.login();
});
// After every test the server still runs and keeps nothing of the client.
afterEach(async () => {
  await untilGauge(app, 'curfew_open_sockets', 0);
  await untilGauge(app, 'curfew_watched_sessions', 0);
  expect(await who.gql('{ viewer { id } }')).toMatchObject({ status: 200, code: undefined });
});
afterAll(() => app.close());

async function greeted(run: (socket: RawSocket) => Promise<void>): Promise<void> {
  const socket = await openGreetedSocket(app, who.accessToken);
  try {
    await run(socket);
  } finally {
    socket.socket.close();
  }
}

async function errorOf(query: string, variables?: object, extra: object = {}): Promise<any> {
  let error: any;
  await greeted(async (socket) => {
    const message = subscribeMessage('1', query, variables);
    socket.send({ ...message, payload: { ...message.payload, ...extra } });
    error = await socket.next(({ id }) => id === '1');
  });
  expect(error.type).toBe('error');
  return error.payload[0];
}

describe('documents on a socket', () => {
  test.each([
    ['a query', '{ viewer { id } }'],
    ['a mutation', 'mutation { logout { ended } }'],
  ])('%s is refused', async (_, query) => {
    expect((await errorOf(query)).extensions.code).toBe('BAD_USER_INPUT');
  });

  test('an operation name that is missing from the document is refused', async () => {
    const error = await errorOf('subscription A { sessionExpiry { kind } }', {}, { operationName: 'B' });
    expect(error.extensions.code).toBe('BAD_USER_INPUT');
  });

  test.each([
    ['a missing variable', {}],
    ['a variable of the wrong type', { on: 'yes' }],
  ])('%s is bad input', async (_, variables) => {
    const query = 'subscription($on: Boolean!) { sessionExpiry { kind reason @include(if: $on) } }';
    expect((await errorOf(query, variables)).extensions.code).toBe('BAD_USER_INPUT');
  });

  test.each([
    ['syntax', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['unknown fields', 'subscription { sessionExpiry { secret } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two root fields',
      'subscription { sessionExpiry { kind } other: sessionExpiry { kind } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'aliases',
      `subscription { sessionExpiry { ${Array.from({ length: 16 }, (_, i) => `a${i}: kind`).join(' ')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'directives',
      `subscription { sessionExpiry { ${'kind @include(if: true) '.repeat(51)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'circular fragments',
      'subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'tokens',
      `subscription { sessionExpiry { ${Array.from({ length: 1_000 }, (_, i) => `f${i}`).join(' ')} } }`,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['uses of a name', `subscription { sessionExpiry { ${'kind '.repeat(151)} } }`, 'GRAPHQL_PARSE_FAILED'],
  ])('the limits of %s apply as over HTTP', async (_, query, code) => {
    expect((await errorOf(query)).extensions.code).toBe(code);
  });
});

describe('a client that breaks the protocol is disconnected', () => {
  const expectClose = async (
    code: number,
    act: (socket: RawSocket) => void | Promise<void>,
    options = {},
  ) => {
    const socket = openSocket(app, options);
    await socket.opened;
    await act(socket);
    expect((await socket.closed).code).toBe(code);
  };
  const init = () => ({ type: 'connection_init', payload: { accessToken: who.accessToken } });

  test('with a message of more than 64 KB', () =>
    expectClose(1009, (socket) => socket.send({ ...init(), padding: 'x'.repeat(64 * 1024) })));
  test('with a subscription before connection_init', () =>
    expectClose(4401, (socket) => socket.send(subscribeMessage('1'))));
  test('with two connection_init messages', () => expectClose(4429, (socket) => socket.send(init(), init())));
  test('with no subprotocol', () => expectClose(4406, () => {}, { protocol: null }));
  test('with a subprotocol that Curfew does not speak', async () => {
    await expect(openSocket(app, { protocol: 'graphql-ws' }).opened).rejects.toThrow();
  });
  test.each([
    'hello',
    '',
    '[]',
    '{}',
    'null',
    '{"type":"connection_init","payload":7}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","id":"1","payload":{"query":7}}',
    '{"type":"__proto__"}',
    '{"type":"next","id":"1","payload":{"data":null}}',
    '{"type":"connection_ack"}',
    '\u0000',
  ])('with %j', (text) => expectClose(4400, (socket) => socket.send(text)));
  test('with bytes that are not text', () =>
    expectClose(4400, (socket) => socket.socket.send(Buffer.from([0xff, 0xfe, 0x00]))));
  test('with an id that is in use, however long it is', () =>
    expectClose(4409, async (socket) => {
      socket.send(init());
      await socket.next();
      const id = 'ü'.repeat(10_000);
      socket.send(subscribeMessage(id), subscribeMessage(id));
    }));
});

test('ten thousand subscribe messages leave nothing behind', async () => {
  await greeted(async (socket) => {
    for (let id = 0; id < 10_000; id += 1) {
      socket.send(subscribeMessage(String(id)));
      if (id % 3 === 0) socket.send({ id: String(id), type: 'complete' });
    }
    await socket.next(({ id }) => id === '9998', 40_000);
  });
});

test('an id that is released and used again at once leaves no subscription behind', async () => {
  const socket = await openGreetedSocket(app, who.accessToken);
  for (let round = 0; round < 50; round += 1)
    socket.send(subscribeMessage('1', SESSION_EXPIRY), { id: '1', type: 'complete' });
  socket.send(subscribeMessage('1'), { type: 'ping' });
  await Promise.race([socket.closed, socket.next(({ type }) => type === 'pong')]);
  socket.socket.close();
});
