import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  id: string;
  type: string;
  timestamp: string;
  data: any;
  headers: Record<string, string>;
  /** As it was sent. */
  text: string;
}

type Respond = (response: ServerResponse, request: IncomingMessage, received: Received) => unknown;

export interface Receiver {
  readonly url: string;
  /** Every request, also one that was not answered well, in the order in which they came. */
  readonly received: Received[];
  readonly openRequests: number;
  /** That were opened to it. */
  readonly connections: number;
  /** How it answers from now on. A number: with that status. */
  answer(how: number | Respond): void;
  close(): Promise<void>;
}

/** A receiver of webhooks on this machine. Answers 204 until told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let respond: Respond = (response) => response.writeHead(204).end();
  let openRequests = 0;
  let connections = 0;
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    openRequests += 1;
    response.once('close', () => (openRequests -= 1));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    const event = { ...JSON.parse(text), id: headers['webhook-id']!, headers, text };
    received.push(event);
    await respond(response, request, event);
  }
  const server = createServer((request, response) => void take(request, response).catch(() => {}));
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=of-the-receiver`,
    received,
    get openRequests() {
      return openRequests;
    },
    get connections() {
      return connections;
    },
    answer(how) {
      respond = typeof how === 'number' ? (response) => response.writeHead(how).end() : how;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Whether the published library of Standard Webhooks takes the event for signed with this secret. It reads the time itself,
 * so for that moment this process has the time of the node that sent it.
 */
export function isSignedWith(secret: string, { text, headers }: Received): boolean {
  const readTime = Date.now;
  Date.now = () => Number(headers['webhook-timestamp']) * 1_000;
  try {
    new Webhook(secret).verify(text, headers);
    return true;
  } catch {
    return false;
  } finally {
    Date.now = readTime;
  }
}
