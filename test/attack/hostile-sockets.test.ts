import WebSocket from 'ws';
import { onPostgres } from '../databases.ts';
import { SESSION_EXPIRY } from '../seed.ts';
import { report, seedsOf, sized, timeLimit } from '../size.ts';
import { hostileRequest } from './hostile-documents.ts';
import { hostileValue } from './hostile-values.ts';
import { createRandom, type Random } from './random.ts';
import { startTarget, type Target } from './target.ts';
import { expectUnharmed } from './expect-unharmed.ts';

const SOCKETS = sized(600, 20_000);
const MESSAGES_EACH = 8;
const AT_ONCE = 20;
const CLOSE_TIMEOUT_MS = 15_000;

/** Close codes that a misbehaving client may get: by RFC 6455, graphql-ws or the contract. */
const CLOSE_CODES = new Set([
  1000, 1002, 1003, 1005, 1006, 1007, 1009, 4400, 4401, 4403, 4406, 4408, 4409, 4429,
]);

type Message = string | Buffer;

function message(random: Random, id: string): Message {
  const { query, variables, operationName } = hostileRequest(random);
  const text = JSON.stringify({
    type: random.pick([
      'subscribe',
      'subscribe',
      'subscribe',
      'next',
      'complete',
      'ping',
      'connection_init',
      'x',
      7,
    ]),
    id: random.oneIn(10) ? hostileValue(random, 1) : id,
    payload: random.oneIn(10) ? hostileValue(random, 3) : { query, variables, operationName },
  });
  switch (random.below(12)) {
    case 0:
      return text.slice(0, random.below(text.length));
    case 1:
      return random.bytes(random.below(200));
    case 2:
      return JSON.stringify(hostileValue(random, 3)) ?? '';
    case 3:
      return 'x'.repeat(60_000 + random.below(20_000));
    default:
      return text;
  }
}

/** Runs one random client; resolves with the close code of its socket. */
function misbehave(target: Target, random: Random, accessToken: string): Promise<number> {
  const protocols = random.oneIn(20) ? ['graphql-ws'] : ['graphql-transport-ws'];
  const socket = new WebSocket(`${target.url.replace('http', 'ws')}/graphql`, protocols);
  const initial = random.oneIn(3)
    ? null
    : { type: 'connection_init', payload: random.oneIn(3) ? hostileValue(random, 2) : { accessToken } };
  return new Promise((closed, fail) => {
    const overdue = setTimeout(() => fail(new Error('A socket was not closed in time.')), CLOSE_TIMEOUT_MS);
    socket.on('error', () => {});
    socket.once('close', (code) => {
      clearTimeout(overdue);
      closed(code);
    });
    socket.once('open', () => {
      if (initial) socket.send(JSON.stringify(initial));
      for (let sent = 0; sent < MESSAGES_EACH; sent += 1) socket.send(message(random, `id-${sent % 3}`));
      // Some clients close in the middle, some wait for the server.
      if (random.oneIn(3)) socket.terminate();
      else setTimeout(() => socket.close(), 50);
    });
  });
}

onPostgres(() => {
  let target: Target;
  beforeAll(async () => (target = await startTarget('postgresql')));
  afterAll(() => target.stop());

  test.each(seedsOf([21]))(
    'no message on a socket causes a fault (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const { accessToken } = await target.owner.signIn();
      const watched = target.subscribe(SESSION_EXPIRY, { accessToken });
      await watched.connected;
      const before = await target.vitals();
      const codes = new Map<number, number>();
      for (let opened = 0; opened < SOCKETS; opened += AT_ONCE) {
        const closes = await Promise.all(
          Array.from({ length: AT_ONCE }, () => misbehave(target, random, accessToken)),
        );
        for (const code of closes) codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      report('hostile sockets', { seed, sockets: SOCKETS, messages: SOCKETS * MESSAGES_EACH });
      expect([...codes.keys()].filter((code) => !CLOSE_CODES.has(code))).toEqual([]);
      await expectUnharmed(target, before);
      // The socket of a well-behaved client got nothing.
      expect(watched.events).toEqual([]);
      await watched.stop();
    },
    timeLimit,
  );
});
