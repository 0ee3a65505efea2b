import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/**
 * Every answer carries what helmet recommends, and is kept by nobody; a route that knows better says so itself. None of
 * it depends on the request: helmet is asked once, as setting a dozen headers anew was a twentieth of a whole check.
 */
export async function addSecurityHeaders(app: FastifyInstance, options: HelmetOptions): Promise<void> {
  const headers = { ...(await headersOf(options)), 'cache-control': 'no-store' };
  app.addHook('onRequest', (_, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** What helmet sets on an answer. */
function headersOf(options: HelmetOptions): Promise<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  return new Promise((resolve, reject) =>
    helmet(options)(request, answer, (error) =>
      error ? reject(error as Error) : resolve(answer.getHeaders() as Record<string, string>),
    ),
  );
}
