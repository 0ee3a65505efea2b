import { Agent, fetch as send } from 'undici';
import type { Random } from './random.ts';
import type { Target } from './target.ts';

/** The outcome of one token at one entry point. */
export interface Outcome {
  isAccepted: boolean;
  /** Set when the answer is one that no input may cause. */
  fault: string | null;
}

type WayIn = (target: Target, token: string) => Promise<Outcome>;

/** Kept-alive connections, like those of a serious client. */
const dispatcher = new Agent({ connections: 32, pipelining: 1 });

const refused: Outcome = { isAccepted: false, fault: null };
const accepted: Outcome = { isAccepted: true, fault: null };
const faulty = (fault: string): Outcome => ({ isAccepted: false, fault });

/** A header holds no line break, NUL or character beyond Latin-1; such a token never reaches the server. */
const fitsHeader = (text: string): boolean => /^[\x20-\x7e\x80-\xff]*$/.test(text);

async function post(
  target: Target,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; body: any }> {
  const response = await send(`${target.url}${path}`, { method: 'POST', headers, body, dispatcher });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

async function graphql(
  target: Target,
  query: string,
  variables: Record<string, unknown>,
  headers: Record<string, string>,
  refusals: readonly string[],
): Promise<Outcome> {
  const json = { 'content-type': 'application/json', ...headers };
  const { status, body } = await post(target, '/graphql', json, JSON.stringify({ query, variables }));
  if (status >= 500) return faulty(`status ${status}`);
  const code = body?.errors?.[0]?.extensions?.code;
  if (code === undefined) return accepted;
  return refusals.includes(code) ? refused : faulty(`code ${code}`);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export const WAYS_IN: Record<string, WayIn> = {
  'access token': (target, token) =>
    fitsHeader(token)
      ? graphql(target, '{ currentSession { id } }', {}, bearer(token), ['UNAUTHENTICATED'])
      : Promise.resolve(refused),
  'service key': (target, token) =>
    fitsHeader(token)
      ? graphql(
          target,
          'mutation ($input: ValidateSessionInput!) { validateSession(input: $input) { valid } }',
          { input: { sessionToken: 'none' } },
          bearer(token),
          ['UNAUTHENTICATED'],
        )
      : Promise.resolve(refused),
  'refresh token': (target, token) =>
    graphql(
      target,
      'mutation ($input: RefreshSessionInput) { refreshSession(input: $input) { accessToken } }',
      { input: { refreshToken: token } },
      {},
      ['INVALID_REFRESH_TOKEN', 'BAD_USER_INPUT'],
    ),
  'refresh cookie': async (target, token) => {
    if (!/^[\w.-]*$/.test(token)) return refused;
    const cookie = { cookie: `curfew_refresh=${token}` };
    const query = 'mutation { refreshSession { accessToken } }';
    return graphql(target, query, {}, cookie, ['INVALID_REFRESH_TOKEN', 'BAD_USER_INPUT']);
  },
  'session token': async (target, token) => {
    const query = `mutation ($input: ValidateSessionInput!) { validateSession(input: $input) { valid } }`;
    const { status, body } = await post(
      target,
      '/graphql',
      { 'content-type': 'application/json', ...bearer(target.serviceKey) },
      JSON.stringify({ query, variables: { input: { sessionToken: token } } }),
    );
    if (status >= 500) return faulty(`status ${status}`);
    if (body?.data?.validateSession?.valid === false) return refused;
    if (body?.data?.validateSession?.valid === true) return accepted;
    const code = body?.errors?.[0]?.extensions?.code;
    return code === 'BAD_USER_INPUT' ? refused : faulty(`code ${code}`);
  },
  introspection: async (target, token) => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', ...bearer(target.serviceKey) };
    const { status, body } = await post(
      target,
      '/oauth/introspect',
      form,
      new URLSearchParams({ token }).toString(),
    );
    if (status >= 500) return faulty(`status ${status}`);
    if (token === '') return status === 400 ? refused : faulty(`status ${status}`);
    return body.active === false ? refused : accepted;
  },
  gateway: async (target, token) => {
    if (!fitsHeader(token)) return refused;
    const response = await send(`${target.url}/auth/verify`, { headers: bearer(token), dispatcher });
    await response.text();
    if (response.status >= 500) return faulty(`status ${response.status}`);
    return response.status === 401 ? refused : accepted;
  },
};

export const anyWayIn = (random: Random): string => random.pick(Object.keys(WAYS_IN));
