import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** An application that answers with the headers that it received. */
export interface Echo {
  readonly port: number;
  /** Received requests, oldest first. */
  readonly requests: { url: string; headers: IncomingHttpHeaders }[];
  close(): void;
}

export async function startEcho(): Promise<Echo> {
  const requests: Echo['requests'] = [];
  const server: Server = createServer((request, response) => {
    requests.push({ url: request.url!, headers: request.headers });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(request.headers));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { headers }) => socket.send(String(headers['x-curfew-user'])));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () => (sockets.close(), server.closeAllConnections(), server.close()),
  };
}
