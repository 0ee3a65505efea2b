import WebSocket from 'ws';

/** A message that a subscriber got, and when, in milliseconds since the epoch. */
export interface Received {
  text: string;
  at: number;
}

export interface Subscribers {
  /** The first event of each, once all of them have one. */
  readonly told: Promise<Received[]>;
  /** Resolves when the server has closed all. */
  readonly closed: Promise<void>;
  /** Hangs up. */
  stop(): Promise<void>;
}

const CONNECTING_AT_ONCE = 64;
const PATIENCE_MS = 120_000;

/**
 * Opens `count` sockets of which each subscribes once. As cheap as can be: `ws` and texts, no GraphQL client, nothing
 * parsed. Resolves when all have been acknowledged and have sent their subscribe message.
 */
export async function openSubscribers({
  url,
  count,
  init,
  query,
}: {
  url: string;
  count: number;
  /** The payload of the nth connection_init. */
  init: (index: number) => object;
  query: string;
}): Promise<Subscribers> {
  const address = `${url.replace(/^http/, 'ws')}/graphql`;
  const subscribe = JSON.stringify({ id: '1', type: 'subscribe', payload: { query } });
  const sockets: WebSocket[] = [];
  const received: Received[] = [];
  const told = Promise.withResolvers<Received[]>();
  const closed = Promise.withResolvers<void>();
  told.promise.catch(() => {});
  let closedSockets = 0;
  let failure: Error | null = null;

  const fail = (why: string): void => {
    failure ??= new Error(why);
    told.reject(failure);
  };

  function connect(index: number): Promise<void> {
    const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
    sockets.push(socket);
    const hello = JSON.stringify({ type: 'connection_init', payload: init(index) });
    return new Promise((ready, refuse) => {
      let isTold = false;
      socket.once('open', () => socket.send(hello));
      socket.once('error', refuse);
      socket.on('message', (data) => {
        const text = String(data);
        if (text.includes('"type":"next"') && !text.includes('"errors"')) {
          if (isTold) return;
          isTold = true;
          received.push({ text, at: performance.timeOrigin + performance.now() });
          if (received.length === count) told.resolve(received);
        } else if (text.includes('"type":"connection_ack"')) {
          socket.send(subscribe, () => ready());
        } else if (!text.includes('"type":"complete"')) {
          fail(`A subscriber got ${text}`);
        }
      });
      socket.once('close', (code, reason) => {
        if (!isTold) fail(`A subscriber was closed with ${code} ${reason} before it was told anything.`);
        refuse(new Error(`closed with ${code} ${reason}`));
        closedSockets += 1;
        if (closedSockets === count) closed.resolve();
      });
    });
  }

  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTING_AT_ONCE }, async () => {
      while (next < count) await connect(next++);
    }),
  );
  const patience = setTimeout(() => {
    fail(`${received.length} of ${count} subscribers were told anything.`);
  }, PATIENCE_MS);
  patience.unref();

  return {
    told: told.promise,
    closed: closed.promise,
    async stop() {
      clearTimeout(patience);
      for (const socket of sockets) socket.terminate();
      await closed.promise;
    },
  };
}
