import express from 'express';
import Fastify from 'fastify';
import { createServer, request as forward, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { requireSession as requireInFastify } from '../../client/src/server/fastify.ts';
import {
  connectCurfew,
  requireSession,
  type Curfew,
  type CurfewOptions,
  type CurfewProblem,
} from '../../client/src/server/index.ts';

/** Curfew's own pace where a test would otherwise wait for it. */
export const QUICK = { pingMs: 20, leaseMs: 3_000, firstWaitMs: 20, maxWaitMs: 100 };

export interface Kit {
  curfew: Curfew;
  problems: CurfewProblem[];
}

export function connectKit(options: CurfewOptions): Kit {
  const problems: CurfewProblem[] = [];
  const curfew = connectCurfew({
    ...options,
    timing: { ...QUICK, ...options.timing },
    onProblem: (problem) => problems.push(problem),
  });
  return { curfew, problems };
}

export interface BackEnd {
  url: string;
  get(
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any; headers: Headers }>;
  close(): Promise<void>;
}

function backEnd(url: string, close: () => Promise<void>): BackEnd {
  return {
    url,
    close,
    async get(path, headers = {}) {
      const response = await fetch(url + path, { headers, redirect: 'manual' });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
    },
  };
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** The same routes with either framework: `/me`, `/owners`, `/here` (one account only), `/quiet`, `/recent`, `/page`,
 * `/cookie`. */
export async function startExpress(curfew: Curfew, accountId = ''): Promise<BackEnd> {
  const app = express();
  const whoAmI = (request: express.Request, response: express.Response): void => {
    response.json(request.curfew);
  };
  app.get('/me', requireSession(curfew), whoAmI);
  app.get('/owners', requireSession(curfew, { roles: ['OWNER'] }), whoAmI);
  app.get('/here', requireSession(curfew, { accounts: [accountId] }), whoAmI);
  app.get('/quiet', requireSession(curfew, { touch: (request) => !('x-poll' in request.headers) }), whoAmI);
  app.get('/recent', requireSession(curfew, { maxAuthAgeSeconds: 60 }), whoAmI);
  app.get('/cookie', requireSession(curfew, { token: { cookie: 'app_session' } }), whoAmI);
  app.get(
    '/page',
    requireSession<express.Request, express.Response>(curfew, {
      onRefused: (_, response, { reason }) => response.redirect(`/sign-in?reason=${reason}`),
    }),
    whoAmI,
  );
  const server = await new Promise<Server>((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening));
  });
  const { port } = server.address() as AddressInfo;
  return backEnd(`http://127.0.0.1:${port}`, async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
}

export async function startFastify(curfew: Curfew, accountId = ''): Promise<BackEnd> {
  const app = Fastify();
  const whoAmI = async (request: { curfew?: unknown }) => request.curfew;
  app.get('/me', { onRequest: requireInFastify(curfew) }, whoAmI);
  app.get('/owners', { preHandler: requireInFastify(curfew, { roles: ['OWNER'] }) }, whoAmI);
  app.get('/here', { preHandler: requireInFastify(curfew, { accounts: [accountId] }) }, whoAmI);
  app.get(
    '/quiet',
    { preHandler: requireInFastify(curfew, { touch: (request) => !('x-poll' in request.headers) }) },
    whoAmI,
  );
  app.get('/recent', { preHandler: requireInFastify(curfew, { maxAuthAgeSeconds: 60 }) }, whoAmI);
  app.get('/cookie', { preHandler: requireInFastify(curfew, { token: { cookie: 'app_session' } }) }, whoAmI);
  app.get(
    '/page',
    {
      preHandler: requireInFastify(curfew, {
        onRefused: (_, reply, { reason }) => reply.redirect(`/sign-in?reason=${reason}`),
      }),
    },
    whoAmI,
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return backEnd(url, () => app.close());
}

export interface HttpProxy {
  url: string;
  /** `POST /graphql CurfewValidate`, `POST /oauth/introspect`, `GET /.well-known/jwks.json`, ... */
  calls: string[];
  /** Whether new sockets are let through, and what is open stays. */
  hasSockets: boolean;
  /** Whether Curfew's public keys can be fetched. */
  hasKeys: boolean;
  dropSockets(): void;
  close(): Promise<void>;
}

/** Stands between a back end and Curfew, and writes down what is asked. */
export async function startHttpProxy(target: string): Promise<HttpProxy> {
  const { hostname, port } = new URL(target);
  const calls: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = { hasSockets: true, hasKeys: true };
  const server = createServer((request, response) => {
    if (!proxy.hasKeys && request.url!.endsWith('/jwks.json')) return void response.writeHead(503).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const operation = /(?:query|mutation) (\w+)/.exec(body.toString())?.[1];
      calls.push([request.method, request.url, operation].filter(Boolean).join(' '));
      const { method, url: path, headers } = request;
      const onward = forward({ hostname, port, method, path, headers }, (answer: IncomingMessage) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  server.on('upgrade', (request: IncomingMessage, near: Socket, head: Buffer) => {
    if (!proxy.hasSockets) return near.destroy();
    const far = connect(Number(port), hostname, () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      far.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const dropSockets = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    dropSockets,
    async close() {
      dropSockets();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
}

/** Asks again and again until the answer has the status; how long that took, in milliseconds. */
export async function untilStatus(
  status: number,
  ask: () => Promise<{ status: number }>,
  timeoutMs = 10_000,
): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const { status: found } = await ask();
    const elapsed = performance.now() - begun;
    if (found === status) return elapsed;
    if (elapsed > timeoutMs) throw new Error(`Still ${found} after ${timeoutMs} ms.`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
