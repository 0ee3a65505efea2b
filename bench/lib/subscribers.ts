import WebSocket from 'ws';

/** A message to a subscriber, and its time in milliseconds since the epoch. */
export interface Received {
  text: string;
  at: number;
}

export interface Subscribers {
  /** Resolves with the first event of each, once all have one. */
  readonly firstEvents: Promise<Received[]>;
  /** Resolves when the server has closed all sockets. */
  readonly closed: Promise<void>;
  /** Closes the sockets. */
  stop(): Promise<void>;
}

const MAX_CONNECTING = 64;
const EVENTS_TIMEOUT_MS = 120_000;

/**
 * Opens `count` sockets, each with one subscription. Uses `ws` and string matching without a GraphQL client, to save
 * time. Resolves when all are acknowledged and have sent their subscribe message.
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
  const firstEvents = Promise.withResolvers<Received[]>();
  const closed = Promise.withResolvers<void>();
  firstEvents.promise.catch(() => {});
  let closedSockets = 0;
  let failure: Error | null = null;

  const fail = (why: string): void => {
    failure ??= new Error(why);
    firstEvents.reject(failure);
  };

  function connect(index: number): Promise<void> {
    const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
    sockets.push(socket);
    const hello = JSON.stringify({ type: 'connection_init', payload: init(index) });
    return new Promise((ready, refuse) => {
      let hasEvent = false;
      socket.once('open', () => socket.send(hello));
      socket.once('error', refuse);
      socket.on('message', (data) => {
        const text = String(data);
        if (text.includes('"type":"next"') && !text.includes('"errors"')) {
          if (hasEvent) return;
          hasEvent = true;
          received.push({ text, at: performance.timeOrigin + performance.now() });
          if (received.length === count) firstEvents.resolve(received);
        } else if (text.includes('"type":"connection_ack"')) {
          socket.send(subscribe, () => ready());
        } else if (!text.includes('"type":"complete"')) {
          fail(`A subscriber got ${text}`);
        }
      });
      socket.once('close', (code, reason) => {
        if (!hasEvent) fail(`A subscriber was closed with ${code} ${reason} before its first event.`);
        refuse(new Error(`closed with ${code} ${reason}`));
        closedSockets += 1;
        if (closedSockets === count) closed.resolve();
      });
    });
  }

  let next = 0;
  await Promise.all(
    Array.from({ length: MAX_CONNECTING }, async () => {
      while (next < count) await connect(next++);
    }),
  );
  const timeout = setTimeout(() => {
    fail(`${received.length} of ${count} subscribers got an event.`);
  }, EVENTS_TIMEOUT_MS);
  timeout.unref();

  return {
    firstEvents: firstEvents.promise,
    closed: closed.promise,
    async stop() {
      clearTimeout(timeout);
      for (const socket of sockets) socket.terminate();
      await closed.promise;
    },
  };
}
