import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import WebSocket from 'ws';
import { subscribe } from './graphql-socket.ts';

test('a server that takes the connection and never answers is given up', async () => {
  const server = createServer((socket) => socket.resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closed = Promise.withResolvers<void>();
  const nothing = () => {};
  subscribe({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webSocketImpl: WebSocket,
    connectionParams: {},
    query: '',
    acknowledgeTimeoutMs: 50,
    pingIntervalMs: 10_000,
    onConnected: nothing,
    onPing: nothing,
    onPong: nothing,
    onNext: nothing,
    onError: nothing,
    onComplete: nothing,
    onClosed: () => closed.resolve(),
  });
  await closed.promise;
  server.close();
  // Nothing holds the connection.
  await once(server, 'close');
});
