import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { EVENT } from '../lib/expiry-event.ts';
import { listen } from './listen.ts';

// The cost of a bare WebSocket: two fixed answers, and one event for all that `POST /` sends.
const ACK = '{"type":"connection_ack"}';
const NEXT = JSON.stringify({ id: '1', type: 'next', payload: { data: { sessionExpiry: EVENT } } });
const COMPLETE = '{"id":"1","type":"complete"}';

const server = createServer((_, response) => {
  for (const socket of sockets.clients) {
    socket.send(NEXT);
    socket.send(COMPLETE);
    socket.close(4401, 'REVOKED_BY_OWNER');
  }
  response.end();
});
const sockets = new WebSocketServer({
  server,
  path: '/graphql',
  handleProtocols: (protocols) => [...protocols][0] ?? false,
});
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    if (String(data).includes('connection_init')) socket.send(ACK);
  });
});
listen(server);
