import { buildSchema, type GraphQLObjectType } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { EVENT } from '../lib/expiry-event.ts';
import { listen } from './listen.ts';

// graphql-ws as documented, with one event for all subscribers that `POST /` sends: no sign-in, no reads, no state. After
// the event come `complete` and the close, as in Curfew.
const schema = buildSchema(`
  type Query { ok: Boolean }
  type SessionExpiryEvent { kind: String! reason: String endReason: String sessionId: ID! expiresAt: String!
    secondsRemaining: Int! canExtend: Boolean! idleExpiresAt: String! absoluteExpiresAt: String! serverTime: String! }
  type Subscription { sessionExpiry: SessionExpiryEvent! }`);
const event = Promise.withResolvers<object>();
const { sessionExpiry } = (schema.getType('Subscription') as GraphQLObjectType).getFields();
sessionExpiry!.subscribe = async function* () {
  yield { sessionExpiry: await event.promise };
};

const server = createServer((_, response) => {
  event.resolve(EVENT);
  response.end();
});
useServer<Record<string, unknown>, { socket: WebSocket }>(
  {
    schema,
    onComplete: ({ extra }) => void setImmediate(() => extra.socket.close(4401, 'REVOKED_BY_OWNER')),
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
listen(server);
