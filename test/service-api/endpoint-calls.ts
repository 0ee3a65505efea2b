import type { TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';

/** The answer of one of the endpoints for other software. */
export interface EndpointAnswer {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON; else the text. */
  body: any;
}

const FORM = 'application/x-www-form-urlencoded';

export async function call(
  app: { url: string },
  path: string,
  init: RequestInit = {},
): Promise<EndpointAnswer> {
  const response = await fetch(`${app.url}${path}`, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Posts a form with a service key as bearer token. */
export const postForm = (
  app: { url: string },
  path: string,
  key: string,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<EndpointAnswer> =>
  call(app, path, {
    method: 'POST',
    headers: { 'content-type': FORM, authorization: `Bearer ${key}`, ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });

export const introspect = async (app: { url: string }, key: string, token: string): Promise<any> =>
  (await postForm(app, '/oauth/introspect', key, { token })).body;

export const basic = (id: string, key: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(key)}`).toString('base64')}`;

const CREATE_SESSION = `mutation Create($input: CreateSessionInput!) {
  createSession(input: $input) { sessionToken session { id idleExpiresAt absoluteExpiresAt authenticatedAt } } }`;

export interface ServiceSession {
  sessionToken: string;
  session: { id: string; idleExpiresAt: string; absoluteExpiresAt: string; authenticatedAt: string };
  key: string;
}

/** A session of the account's owner, started by a trusted back end of that account. */
export async function openServiceSession(app: TestApp, account: SeededAccount): Promise<ServiceSession> {
  const { key } = await app.seed.serviceKey(account.id);
  const { data, errors } = await app.gql(
    CREATE_SESSION,
    { input: { userId: account.owner.id } },
    { token: key },
  );
  if (errors) throw new Error(`createSession failed: ${JSON.stringify(errors)}`);
  return { ...data.createSession, key };
}

/** The session-scoped token of a page: it can follow, touch and end that session, and nothing else. */
export async function sessionScopedTokenOf(
  app: TestApp,
  { sessionToken, key }: ServiceSession,
): Promise<string> {
  const { data } = await app.gql(
    'mutation($token: String!) { issueSessionAccessToken(sessionToken: $token) { accessToken } }',
    { token: sessionToken },
    { token: key },
  );
  return data.issueSessionAccessToken.accessToken;
}

export const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);
