import { call, type EndpointAnswer } from '../service-api/endpoint-calls.ts';

// Calls of a receiver of security event tokens, with its service key.

export const PUSH = 'urn:ietf:rfc:8935';
export const POLL = 'urn:ietf:rfc:8936';
const SCHEMAS = 'https://schemas.openid.net/secevent';
export const SESSION_REVOKED = `${SCHEMAS}/caep/event-type/session-revoked`;
export const SESSION_ESTABLISHED = `${SCHEMAS}/caep/event-type/session-established`;
export const VERIFICATION = `${SCHEMAS}/ssf/event-type/verification`;
export const STREAM_UPDATED = `${SCHEMAS}/ssf/event-type/stream-updated`;

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
export type Ask = (method: Method, path: string, body?: unknown) => Promise<EndpointAnswer>;

export const asReceiver =
  (app: { url: string }, key: string): Ask =>
  (method, path, body) =>
    call(app, path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

/** Creates a stream. A refusal fails the test with its text. */
export async function createSsfStream(ask: Ask, body: object = {}): Promise<any> {
  const answer = await ask('POST', '/ssf/streams', body);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

/** The claims of a token, unverified. */
export const claimsOf = (token: string): any =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

/** The event URI of a token. */
export const eventOf = (token: string): string => Object.keys(claimsOf(token).events)[0]!;

/** One poll that answers at once. */
export async function pollNow(
  ask: Ask,
  streamId: string,
  more: Record<string, unknown> = {},
): Promise<{ sets: Record<string, string>; moreAvailable: boolean }> {
  const answer = await ask('POST', `/ssf/streams/${streamId}/poll`, { returnImmediately: true, ...more });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}
