import { connect, type Socket } from 'node:net';
import type { Random } from './random.ts';

/** Bytes that a client writes, in pieces, and how it disconnects. */
export interface RawRequest {
  kind: string;
  pieces: readonly (string | Buffer)[];
  /** 'reset': disconnects without waiting for an answer; 'wait': until the server has closed or answered. */
  leaves: 'reset' | 'wait';
}

const BODY = JSON.stringify({ query: '{ __typename }' });
const JSON_TYPE = 'Content-Type: application/json';

const request = (
  line: string,
  headers: readonly string[],
  body: string | Buffer = '',
): (string | Buffer)[] => [
  `${line}\r\nHost: 127.0.0.1\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`,
  body,
];

const PATHS = [
  '/graphql',
  '/oauth/introspect',
  '/oauth/revoke',
  '/auth/verify',
  '/auth/verify/a/b',
  '/',
  '/login',
  '/graphiql',
  '/readyz',
];
const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'REPORT',
  'QUERY',
  'CONNECT',
  'FOO',
];
const ODD_PATHS = [
  '//',
  '/%',
  '/%00',
  '/..%2f..%2fetc/passwd',
  '/\\',
  '/a'.repeat(2_000),
  '*',
  'http://other.example/graphql',
  '/auth/verify/%zz',
  '/auth/verify/../../graphql',
  '/auth/verify?touch=%00',
];

type Maker = (random: Random) => Omit<RawRequest, 'kind'>;

const MAKERS: Record<string, Maker> = {
  'more declared than allowed, some of it sent at once': (random) => ({
    pieces: request(
      `POST ${random.pick(['/graphql', '/oauth/introspect', '/auth/verify'])} HTTP/1.1`,
      [JSON_TYPE, `Content-Length: ${1_500_000 + random.below(10 ** 6)}`],
      'x'.repeat(random.below(300_000)),
    ),
    leaves: random.pick(['reset', 'wait']),
  }),
  'a large body of another type': (random) => ({
    pieces: request(
      'POST /graphql HTTP/1.1',
      [
        `Content-Type: ${random.pick(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'application/octet-stream', ''])}`,
        'Content-Length: 150000',
      ],
      'a'.repeat(150_000),
    ),
    leaves: 'wait',
  }),
  'declared and never sent': (random) => ({
    pieces: request(`POST ${random.pick(PATHS)} HTTP/1.1`, [
      JSON_TYPE,
      `Content-Length: ${random.pick([10, 1_000, 99_999, 1_500_000])}`,
    ]),
    leaves: 'reset',
  }),
  'lengths that contradict': (random) => ({
    pieces: request(
      'POST /graphql HTTP/1.1',
      [
        JSON_TYPE,
        ...random.pick([
          ['Content-Length: 5', 'Content-Length: 6'],
          ['Content-Length: -1'],
          ['Content-Length: 1e3'],
          ['Content-Length: 99999999999999999999'],
          ['Content-Length: 5', 'Transfer-Encoding: chunked'],
          ['Transfer-Encoding: chunked, identity'],
          ['Transfer-Encoding: x'],
        ]),
      ],
      BODY,
    ),
    leaves: 'wait',
  }),
  chunks: (random) => ({
    pieces: request(
      'POST /graphql HTTP/1.1',
      [JSON_TYPE, 'Transfer-Encoding: chunked'],
      random.pick([
        '0\r\n\r\n',
        'zz\r\n',
        `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
        `fffffffffffffffff\r\n${BODY}`,
        `5;${'x'.repeat(20_000)}\r\nhello\r\n`,
        `${'1\r\na\r\n'.repeat(20_000)}0\r\n\r\n`,
        `${(200_000).toString(16)}\r\n${'a'.repeat(200_000)}\r\n0\r\n\r\n`,
      ]),
    ),
    leaves: random.pick(['reset', 'wait']),
  }),
  upgrades: (random) => ({
    pieces: request(`${random.pick(['GET', 'POST'])} ${random.pick(PATHS)} HTTP/1.1`, [
      'Connection: Upgrade, HTTP2-Settings',
      `Upgrade: ${random.pick(['h2c', 'websocket', 'WebSocket', 'TLS/1.0', 'foo', ''])}`,
      'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
      ...(random.oneIn(2)
        ? [
            'Sec-WebSocket-Version: 13',
            `Sec-WebSocket-Key: ${random.pick(['x', 'dGhlIHNhbXBsZSBub25jZQ=='])}`,
          ]
        : []),
      ...(random.oneIn(4) ? ['Sec-WebSocket-Protocol: a, b'] : []),
      'Connection: close',
    ]),
    leaves: 'wait',
  }),
  methods: (random) => ({
    pieces: request(`${random.pick(METHODS)} ${random.pick(PATHS)} HTTP/1.1`, ['Connection: close']),
    leaves: 'wait',
  }),
  paths: (random) => ({
    pieces: request(`${random.pick(['GET', 'POST'])} ${random.pick(ODD_PATHS)} HTTP/1.1`, [
      'Connection: close',
    ]),
    leaves: 'wait',
  }),
  headers: (random) => ({
    pieces: request('GET /auth/verify HTTP/1.1', [
      random.pick([
        `Cookie: ${'a=b; '.repeat(2_000)}`,
        `X-Long: ${'x'.repeat(20_000)}`,
        'No-Colon',
        ': empty',
        'Authorization: Bearer \xff\xfe',
        'Cookie: curfew_refresh=%00%ff; =; ;;',
        `X-Forwarded-For: ${'1.2.3.4, '.repeat(1_000)}`,
        'Sec-Fetch-Site: \x01',
        `Authorization: Basic ${'A'.repeat(10_000)}`,
        ' folded: a\r\n  b',
      ]),
      'Connection: close',
    ]),
    leaves: 'wait',
  }),
  pipelined: (random) => {
    const many = 1 + random.below(200);
    const one = request('POST /graphql HTTP/1.1', [JSON_TYPE, `Content-Length: ${BODY.length}`], BODY).join(
      '',
    );
    return {
      pieces: [one.repeat(many), random.pick(['', 'garbage\r\n\r\n', one.slice(0, 30)])],
      leaves: random.pick(['reset', 'wait']),
    };
  },
  'not HTTP': (random) => ({
    pieces: [
      random.pick([
        Buffer.from('16030100c8010000c40303', 'hex'),
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        random.bytes(500),
        Buffer.from('GET /\r\n'),
        Buffer.from('\r\n\r\n\r\n'),
        Buffer.from('SSH-2.0-x\r\n'),
      ]),
    ],
    leaves: 'wait',
  }),
  'in small pieces': () => ({
    pieces: [
      ...request(
        'POST /graphql HTTP/1.1',
        [JSON_TYPE, `Content-Length: ${BODY.length}`, 'Connection: close'],
        BODY,
      ).join(''),
    ],
    leaves: 'wait',
  }),
};

export const KINDS = Object.keys(MAKERS);

export function rawRequest(random: Random): RawRequest {
  const kind = random.pick(KINDS);
  return { kind, ...MAKERS[kind]!(random) };
}

const ANSWER_TIMEOUT_MS = 2_000;

/** Writes the bytes and returns the status lines of the answers. */
export function sendRaw(port: number, { pieces, leaves }: RawRequest): Promise<string[]> {
  return new Promise((done) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let answer = '';
    const finish = (): void => {
      clearTimeout(overdue);
      socket.destroy();
      done(answer.match(/HTTP\/1\.\d \d{3}/g) ?? []);
    };
    const overdue = setTimeout(finish, ANSWER_TIMEOUT_MS);
    socket.on('error', () => {});
    socket.once('close', finish);
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      // A connection that is kept open after its answer sends no more.
      if (leaves === 'wait' && answer.includes('HTTP/')) setTimeout(finish, 20);
    });
    socket.once('connect', () => {
      for (const piece of pieces) if (piece.length > 0) socket.write(piece);
      if (leaves === 'reset') setTimeout(() => socket.resetAndDestroy(), 5);
    });
  });
}
