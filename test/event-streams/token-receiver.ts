import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedToken {
  headers: IncomingHttpHeaders;
  /** As it was sent. */
  text: string;
  token: string;
  /** Verified by jose, with the keys that the transmitter publishes. */
  claims: JWTPayload & Record<string, any>;
  header: Record<string, unknown>;
  /** The one event: its URI, and what it says. */
  uri: string;
  event: Record<string, any>;
}

export interface TokenReceiver {
  readonly url: string;
  /** Every request, in the order in which they came. */
  readonly received: ReceivedToken[];
  /** Why a token was not taken for a good one. */
  readonly problems: string[];
  answer(how: (response: ServerResponse) => unknown): void;
  close(): Promise<void>;
}

/** A receiver of signed tokens on this machine. Answers as it was told, also to a token that it cannot verify. */
export async function startTokenReceiver(
  kind: { typ: string; alg: string; taken: number },
  { issuer }: { issuer: string },
): Promise<TokenReceiver> {
  const received: ReceivedToken[] = [];
  const problems: string[] = [];
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer), { cooldownDuration: 0 });
  let respond = (response: ServerResponse): unknown => response.writeHead(kind.taken).end();
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const token = new URLSearchParams(text).get('logout_token') ?? text;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        algorithms: [kind.alg],
        typ: kind.typ,
        // The nodes of the tests have a clock that stands still.
        currentDate: new Date((JSON.parse(atob(token.split('.')[1]!)) as { iat: number }).iat * 1_000),
      });
      const [entry, ...more] = Object.entries(payload.events as Record<string, any>);
      if (!entry || more.length > 0) throw new Error('It has not one event.');
      const header = decodeProtectedHeader(token) as Record<string, unknown>;
      const [uri, event] = entry;
      received.push({ headers: request.headers, text, token, claims: payload, header, uri, event });
    } catch (error) {
      problems.push(String(error));
    }
    respond(response);
  }
  const server = createServer((request, response) => void take(request, response).catch(() => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events?of=the-receiver`,
    received,
    problems,
    answer: (how) => void (respond = how),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const SET = { typ: 'secevent+jwt', alg: 'RS256', taken: 202 };
export const LOGOUT_TOKEN = { typ: 'logout+jwt', alg: 'ES256', taken: 200 };
