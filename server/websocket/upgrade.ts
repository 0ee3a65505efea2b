import { handleProtocols } from 'graphql-ws';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ClientInfo } from '../rules/caller.ts';
import { requestIdOf } from '../http/request-id.ts';
import type { RequestScope } from '../http/request-scope.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { MAX_MESSAGE_BYTES } from './frames.ts';

/** Whether a request is a WebSocket's opening handshake (RFC 6455, section 4.1) for `path`. */
export const isWebSocketUpgrade =
  (path: string) =>
  ({ method, url, headers }: IncomingMessage): boolean =>
    method === 'GET' && url?.split('?', 1)[0] === path && headers.upgrade?.toLowerCase() === 'websocket';

export interface Upgrades {
  /** Accepts no more upgrades. */
  stop(): void;
  /** Resolves once every socket has closed; those still open after `timeoutMs` are terminated. */
  close(timeoutMs: number): Promise<void>;
}

/** Turns upgrade requests into sockets. An origin that is not allowed gets 403; none at all is allowed. */
export function acceptUpgrades(
  {
    server,
    isAllowedOrigin,
    clientOf,
    scope,
    securityLog,
  }: {
    server: Server;
    isAllowedOrigin: (origin: string) => boolean;
    clientOf: (request: IncomingMessage) => ClientInfo;
    scope: RequestScope;
    securityLog: SecurityLog;
  },
  onSocket: (socket: WebSocket, request: IncomingMessage, requestId: string) => void,
): Upgrades {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // Small messages to many clients: compression would cost more memory than it saves bytes.
    perMessageDeflate: false,
    // One message per turn of the event loop: thousands in one packet would delay all other clients.
    allowSynchronousEvents: false,
    handleProtocols,
  });
  sockets.on('connection', onSocket);

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { origin } = request.headers;
    const requestId = requestIdOf(request);
    if (origin !== undefined && !isAllowedOrigin(origin)) {
      const address = clientOf(request).ipAddress;
      const source = { address, requestId, transport: 'websocket' } as const;
      securityLog.record({ event: 'origin.refused', ...source, origin });
      return refuseUpgrade(socket, '403 Forbidden');
    }
    scope.run({ id: requestId, abort: () => socket.destroy() }, () =>
      sockets.handleUpgrade(request, socket, head, (webSocket) =>
        sockets.emit('connection', webSocket, request, requestId),
      ),
    );
  };
  server.on('upgrade', onUpgrade);

  return {
    stop: () => void server.off('upgrade', onUpgrade),
    async close(timeoutMs) {
      const isClosed = new Promise<void>((done) => sockets.close(() => done()));
      const forced = setTimeout(() => {
        // Includes sockets that were turned away before they became connections.
        for (const socket of sockets.clients) socket.terminate();
      }, timeoutMs);
      await isClosed;
      clearTimeout(forced);
    },
  };
}

/** Answers an upgrade with a plain HTTP status. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  // The HTTP server no longer times this connection out, so a client that does not hang up is disconnected here.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
