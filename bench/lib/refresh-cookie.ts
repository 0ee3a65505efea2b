import { randomUUID } from 'node:crypto';
import { ANSWER_TIMEOUT_MS } from '../../client/src/runtime/transport.ts';
import { graphqlCall } from './graphql.ts';
import type { Answer, Call } from './load.ts';

/** Returns a refresh as the dashboard sends it: its token in the cookie, its own name, and when it is given up. */
export function inCookie(document: string, token: string): Call {
  const notAfter = new Date(Date.now() + ANSWER_TIMEOUT_MS).toISOString();
  const input = { userActive: true, requestId: randomUUID(), notAfter };
  const { headers, ...call } = graphqlCall(null, document, { input });
  return { ...call, headers: { ...headers, cookie: `curfew_refresh=${token}` } };
}

/** Returns the token that the answer sets. @throws when it sets none */
export function nextInCookie({ headers, body }: Answer): string {
  const token = /curfew_refresh=([^;]+)/.exec(String(headers['set-cookie']))?.[1];
  if (token === undefined) throw new Error(`No cookie with a token came with ${body.slice(0, 300)}`);
  return token;
}
