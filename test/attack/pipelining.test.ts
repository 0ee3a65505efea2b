import { connect } from 'node:net';
import { onPostgres } from '../databases.ts';
import { startTarget, type Target } from './target.ts';
import { expectUnharmed } from './expect-unharmed.ts';

const HEAD = 'HTTP/1.1\r\nHost: a\r\n';
const BODY = '{"query":"{ __typename }"}';
const REQUESTS = {
  'an unknown path': `GET /x ${HEAD}\r\n`,
  'a page': `GET /login ${HEAD}\r\n`,
  'the gateway’s question': `GET /auth/verify ${HEAD}\r\n`,
  'an operation': `POST /graphql ${HEAD}Content-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
};

/** Sends everything at once; returns the response when the connection closes or `count` answers have come. */
function pipeline(port: number, text: string, count: number): Promise<string[]> {
  return new Promise((done) => {
    let answer = '';
    const statuses = () => answer.match(/HTTP\/1\.1 \d{3}/g) ?? [];
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => {});
    socket.once('close', () => done(statuses()));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk;
      if (statuses().length >= count) socket.destroy();
    });
  });
}

onPostgres(() => {
  let target: Target;
  beforeAll(async () => (target = await startTarget('postgresql')));
  afterAll(() => target.stop());

  test.each(Object.entries(REQUESTS))(
    'thousands of requests in one packet do not block others: %s',
    async (_, one) => {
      await pipeline(target.port, one, 1);
      const before = await target.vitals();
      const statuses = await pipeline(target.port, one.repeat(3_000), 3_000);
      expect(statuses.filter((status) => / 5\d\d$/.test(status))).toEqual([]);
      await expectUnharmed(target, before);
    },
  );

  test('fifty requests in one packet are all answered in order', async () => {
    const paths = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? '/healthz' : '/x'));
    const text = paths.map((path) => `GET ${path} ${HEAD}\r\n`).join('');
    const expected = paths.map((path) => `HTTP/1.1 ${path === '/healthz' ? 200 : 404}`);
    expect(await pipeline(target.port, text, 50)).toEqual(expected);
  });
});
