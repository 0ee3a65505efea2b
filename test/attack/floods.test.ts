import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { onPostgres } from '../databases.ts';
import { LOGIN, SESSION_EXPIRY } from '../seed.ts';
import { report, sized, timeLimit } from '../size.ts';
import { startTarget, type Target } from './target.ts';
import { expectUnharmed } from './expect-unharmed.ts';

const MANY = sized(400, 4_000);
/** Hundreds of connections in one turn of the server's event loop would be measured as one request. */
const AT_ONCE = 25;
const SPREAD_MS = 5;
/** The contract's limits for a silent connection, plus the resolution of the server's timers. */
const HEADERS_TIMEOUT_MS = 10_000 + 6_000;
const BODY_TIMEOUT_MS = 30_000 + 6_000;

/** Measures the life of a connection that sends `first` and then one byte of `rest` every second. */
function drip(port: number, first: string, rest: string): Promise<number> {
  const started = performance.now();
  return new Promise((closed) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(first));
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < rest.length && socket.writable) socket.write(rest[sent++]!);
    }, 1_000);
    socket.on('error', () => {});
    socket.resume().once('close', () => {
      clearInterval(timer);
      closed(performance.now() - started);
    });
  });
}

const POST = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

onPostgres(() => {
  let target: Target;
  beforeAll(async () => (target = await startTarget('postgresql')));
  afterAll(() => target.stop());

  test(
    'silent or dripping connections are closed in time, while others are served',
    async () => {
      const before = await target.vitals();
      const [silent, headers, body, endless] = await Promise.all([
        drip(target.port, '', ''),
        drip(target.port, 'POST /graphql HTTP/1.1\r\n', 'X-Slow: '.padEnd(100, 'a')),
        drip(target.port, `${POST}Content-Length: 1000\r\n\r\n`, 'a'.repeat(100)),
        drip(target.port, `${POST}Transfer-Encoding: chunked\r\n\r\n`, '1\r\na\r\n'.repeat(100)),
        pause(1_000).then(async () => expect((await target.gql('{ serverTime }')).errors).toBeUndefined()),
      ]);
      report('slow connections', {
        'silent ms': Math.round(silent),
        'headers ms': Math.round(headers),
        'body ms': Math.round(body),
        'chunks ms': Math.round(endless),
      });
      expect(silent).toBeLessThan(HEADERS_TIMEOUT_MS);
      expect(headers).toBeLessThan(HEADERS_TIMEOUT_MS);
      expect(body).toBeLessThan(BODY_TIMEOUT_MS);
      expect(endless).toBeLessThan(BODY_TIMEOUT_MS);
      await expectUnharmed(target, before);
    },
    timeLimit,
  );

  test(
    'sockets that never send connection_init are closed and leave nothing behind',
    async () => {
      const before = await target.vitals();
      const closes = await Promise.all(
        Array.from({ length: MANY }, async (_, index) => {
          await pause(Math.floor(index / AT_ONCE) * SPREAD_MS);
          const socket = new WebSocket(`${target.url.replace('http', 'ws')}/graphql`, [
            'graphql-transport-ws',
          ]);
          return new Promise<number>((closed) => {
            socket.on('error', () => {});
            socket.once('close', closed);
          });
        }),
      );
      expect(new Set(closes)).toEqual(new Set([4408]));
      await expectUnharmed(target, before);
    },
    timeLimit,
  );

  test(
    'ten thousand subscribes on one socket are refused beyond the tenth',
    async () => {
      const { accessToken } = await target.owner.signIn();
      const before = await target.vitals();
      const socket = new WebSocket(`${target.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);
      const codes = new Map<string, number>();
      const answered = new Promise<void>((done) => {
        let errors = 0;
        socket.on('message', (data) => {
          const message = JSON.parse(String(data));
          if (message.type === 'connection_ack') {
            for (let id = 0; id < 10_000; id += 1)
              socket.send(
                JSON.stringify({ id: `s${id}`, type: 'subscribe', payload: { query: SESSION_EXPIRY } }),
              );
          }
          if (message.type !== 'error') return;
          errors += 1;
          const { code } = message.payload[0].extensions;
          codes.set(code, (codes.get(code) ?? 0) + 1);
          if (errors === 9_990) done();
        });
        socket.once('close', () => done());
      });
      socket.once('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: { accessToken } })),
      );
      await answered;
      report('subscribes', { refused: codes.get('RATE_LIMITED') ?? 0 });
      expect([...codes.keys()]).toEqual(['RATE_LIMITED']);
      socket.terminate();
      await expectUnharmed(target, before);
    },
    timeLimit,
  );

  test(
    'a burst of failed sign-ins does not slow signed-in users',
    async () => {
      const { accessToken } = await target.owner.signIn();
      const before = await target.vitals();
      const attempts: ReturnType<typeof target.gql>[] = [];
      for (let index = 0; index < MANY; index += 1) {
        const input = { email: `nobody-${index}@example.test`, password: 'x'.repeat(100) };
        attempts.push(target.gql(LOGIN, { input }));
        if (index % AT_ONCE === AT_ONCE - 1) await nextTurn();
      }
      const asked = performance.now();
      const { data } = await target.gql('{ currentSession { id } }', {}, { token: accessToken });
      const waited = performance.now() - asked;
      expect(data.currentSession.id).toBeDefined();
      const codes = new Set((await Promise.all(attempts)).map(({ code }) => code));
      report('failed sign-ins', { sent: MANY, 'a check meanwhile, ms': Math.round(waited) });
      expect([...codes].filter((code) => code !== 'INVALID_CREDENTIALS' && code !== 'RATE_LIMITED')).toEqual(
        [],
      );
      await expectUnharmed(target, before);
    },
    timeLimit,
  );
});
