import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import type { TestApp } from '../harness.ts';
import { SESSION_EXPIRY } from '../seed.ts';

/** A WebSocket without a GraphQL client, for tests that break the protocol. */
export interface RawSocket {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Every message so far, parsed. */
  readonly messages: any[];
  send(...messages: (object | string)[]): void;
  /** The next unread message that `wanted` accepts, one call at a time. */
  next(wanted?: (message: any) => boolean, timeoutMs?: number): Promise<any>;
}

export interface SocketOptions {
  /** null: no subprotocol. */
  protocol?: string | null;
  headers?: Record<string, string>;
}

const MESSAGE_TIMEOUT_MS = 20_000;

export function openSocket(
  app: { url: string },
  { protocol = 'graphql-transport-ws', headers = {} }: SocketOptions = {},
): RawSocket {
  const socket = new WebSocket(`${app.url.replace(/^http/, 'ws')}/graphql`, protocol ?? [], { headers });
  const messages: any[] = [];
  const untaken: any[] = [];
  let taker: { wanted: (message: any) => boolean; take: (message: any) => void } | null = null;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    messages.push(message);
    if (taker?.wanted(message)) taker.take(message);
    else untaken.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  const opened = new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  opened.catch(() => {});
  socket.on('error', () => {});

  return {
    socket,
    opened,
    closed,
    messages,
    send(...all) {
      for (const message of all) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    next(wanted = () => true, timeoutMs = MESSAGE_TIMEOUT_MS) {
      const index = untaken.findIndex(wanted);
      if (index >= 0) return Promise.resolve(untaken.splice(index, 1)[0]);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`No such message; the last ones: ${JSON.stringify(messages.slice(-3))}`)),
          timeoutMs,
        ).unref();
        const take = (message: any) => {
          clearTimeout(timer);
          taker = null;
          resolve(message);
        };
        taker = { wanted, take };
      });
    },
  };
}

/** A raw socket that the server has acknowledged. */
export async function openGreetedSocket(
  app: { url: string },
  accessToken: string,
  options?: SocketOptions,
): Promise<RawSocket> {
  const raw = openSocket(app, options);
  await raw.opened;
  raw.send({ type: 'connection_init', payload: { accessToken } });
  await raw.next(({ type }) => type === 'connection_ack');
  return raw;
}

export const subscribeMessage = (id: string, query: string = SESSION_EXPIRY, variables?: object) => ({
  id,
  type: 'subscribe',
  payload: { query, variables },
});

/** The HTTP status of a refused WebSocket upgrade. */
export function refusedUpgrade(
  app: { url: string },
  headers: Record<string, string>,
  path = '/graphql',
): Promise<number> {
  const socket = new WebSocket(`${app.url.replace(/^http/, 'ws')}${path}`, 'graphql-transport-ws', {
    headers,
  });
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode!);
      socket.terminate();
    });
    socket.on('open', () => reject(new Error('The upgrade was accepted.')));
    socket.on('error', () => {});
  });
}

/** A gauge of `/metrics`. */
export async function gauge(app: TestApp, name: string): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Resolves once a gauge has that value. @throws after ten seconds of real time */
export async function untilGauge(app: TestApp, name: string, value: number): Promise<void> {
  const timeout = AbortSignal.timeout(10_000);
  for (;;) {
    const current = await gauge(app, name);
    if (current === value) return;
    if (timeout.aborted) throw new Error(`${name} is ${current}, not ${value}.`);
    await pause(10);
  }
}
