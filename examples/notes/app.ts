import { connectCurfew, CurfewError } from '@curfew/client/server';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApi } from './api.ts';
import { createNotes } from './notes.ts';
import { createPages } from './pages.ts';
import { createPeople } from './people.ts';
import { createSignIn } from './sign-in.ts';

/** Starts the application on loopback. `curfewUrl`: the origin of Curfew for browsers. */
export async function startNotes(options: {
  curfewUrl: string;
  serviceKey: string;
  port: number;
}): Promise<{ url: string; close(): Promise<void> }> {
  const { curfewUrl, serviceKey, port } = options;
  const curfew = connectCurfew({ url: curfewUrl, serviceKey });
  const people = await createPeople();

  const app = express();
  app.disable('x-powered-by');
  app.use(await createPages(curfewUrl));
  app.use(sameOriginOnly, express.json({ limit: '10kb' }));
  app.use(createSignIn({ curfew, people }));
  app.use(createApi({ curfew, curfewUrl, people, notes: createNotes() }));
  app.use(answerErrors);

  const server = app.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      curfew.close();
    },
  };
}

/** SameSite keeps other sites from using the cookie. This also rejects other origins of this site. */
const sameOriginOnly: RequestHandler = (request, response, next) => {
  const from = request.get('sec-fetch-site');
  const isForeign = from !== undefined && from !== 'same-origin' && from !== 'none';
  if (request.method === 'GET' || !isForeign) return next();
  response.status(403).json({ error: 'foreign_origin' });
};

/** Answers when Curfew is unreachable or rejects the service key. No user is signed out, and none is let in. */
const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof CurfewError) return void response.status(503).json({ error: 'unavailable' });
  const status = typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) process.stderr.write(`${error.stack}\n`);
  response.status(status).json({ error: status < 500 ? 'bad_input' : 'internal' });
};
