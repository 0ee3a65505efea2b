import WebSocket from 'ws';
import {
  CHANGE_PASSWORD,
  CURRENT_SESSION,
  INVITE,
  REVOKE_ALL,
  REVOKE_SESSION,
  SET_ACTIVE,
  SET_PASSWORD,
} from '../accounts/account-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { LOGIN, REFRESH, SESSION_EXPIRY, type SeededAccount, type SignedIn } from '../seed.ts';

// An attack leaves a log line with action, actor, origin and request, and without secrets.

const MINUTE_MS = 60_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let app: TestApp;
let account: SeededAccount;
let owner: SignedIn;
let member: SignedIn;
let memberId: string;
let address: string;
let addresses = 0;
const log = collectLog();

beforeAll(async () => {
  app = await startApp({
    env: { TRUST_PROXY: 'true', METRICS_TOKEN: 'metrics-token-of-ours', LOGIN_FAILURES_PER_PAIR: '2' },
    logger: log.logger,
  });
  account = await app.seed.account();
  owner = await account.owner.login();
  const person = await account.addUser();
  memberId = person.id;
  member = await person.login();
});
afterAll(() => app.close());
beforeEach(() => {
  address = `198.51.100.${(addresses += 1)}`;
  log.lines.length = 0;
});

const from = () => ({ headers: { 'x-forwarded-for': address } });
const lines = () => log.lines.filter(({ part }) => part === 'security');

/** The only line, without its common fields. */
function theLine(): Record<string, unknown> {
  const [line, ...others] = lines();
  expect(others).toEqual([]);
  const { level, time, part, msg, requestId, address: at, ...rest } = line!;
  expect({ level, part, msg, at }).toEqual({
    level: 40,
    part: 'security',
    msg: 'security event',
    at: address,
  });
  expect(time).toEqual(expect.anything());
  expect(requestId).toMatch(UUID);
  return rest;
}

const ids = (who: SignedIn, userId: string) => ({
  userId,
  accountId: account.id,
  sessionId: who.sessionId,
});

describe('a sign-in', () => {
  const login = (input: Record<string, unknown>) =>
    app.gql(LOGIN, { input: { password: 'wrong password', ...input } }, from());
  const failed = { event: 'sign_in.failed', outcome: 'refused', transport: 'http', field: 'login' };

  test('with a wrong password', async () => {
    await login({ email: account.owner.email });
    expect(theLine()).toEqual({
      ...failed,
      reason: 'PASSWORD_WRONG',
      userId: account.owner.id,
      accountId: account.id,
    });
  });

  test('of an unknown user, without the e-mail', async () => {
    await login({ email: 'nobody.at.all@example.test' });
    expect(theLine()).toEqual({ ...failed, reason: 'USER_UNKNOWN' });
    expect(log.text()).not.toContain('nobody.at.all');
  });

  test('that is throttled', async () => {
    const email = 'throttled@example.test';
    for (let n = 0; n < 2; n += 1) await login({ email });
    log.lines.length = 0;
    expect((await login({ email })).code).toBe('RATE_LIMITED');
    expect(theLine()).toEqual({
      event: 'sign_in.throttled',
      outcome: 'throttled',
      transport: 'http',
      field: 'login',
    });
  });

  test('with an invalid link', async () => {
    await app.gql(SET_PASSWORD, { input: { token: 'x', newPassword: 'a much better password' } }, from());
    expect(theLine()).toEqual({ ...failed, field: 'setPassword', reason: 'LINK_INVALID' });
  });

  test('at a provider, never started', async () => {
    const complete = `mutation { other: completeOAuthLogin(input: {
      callbackUrl: "http://127.0.0.1:1/x?state=s&code=secret-code", flowToken: "secret-flow" }) { serverTime } }`;
    await app.gql(complete, {}, from());
    expect(theLine()).toEqual({ ...failed, field: 'completeOAuthLogin', reason: 'OAUTH_FLOW_INVALID' });
    expect(log.text()).not.toMatch(/secret/);
  });
});

test('a wrong current password', async () => {
  const input = { currentPassword: 'wrong password', newPassword: 'a much better password' };
  await member.gql(CHANGE_PASSWORD, { input }, from());
  expect(theLine()).toEqual({
    event: 'sign_in.failed',
    outcome: 'refused',
    transport: 'http',
    field: 'changePassword',
    reason: 'PASSWORD_WRONG',
    ...ids(member, memberId),
  });
});

test('a field that the role does not allow', async () => {
  await member.gql(REVOKE_ALL, { scope: 'ALL' }, from());
  expect(theLine()).toEqual({
    event: 'access.forbidden',
    outcome: 'refused',
    transport: 'http',
    field: 'revokeSessions',
    ...ids(member, memberId),
  });
});

test('an id of another account', async () => {
  const other = await app.seed.account();
  const theirs = await other.owner.login();
  log.lines.length = 0;
  await owner.gql(SET_ACTIVE, { userId: other.owner.id, isActive: false }, from());
  expect(theLine()).toEqual({
    event: 'access.not_found',
    outcome: 'refused',
    transport: 'http',
    field: 'setUserActive',
    ...ids(owner, account.owner.id),
  });
  log.lines.length = 0;
  await owner.gql(REVOKE_SESSION, { sessionId: theirs.sessionId }, from());
  expect(theLine()).toMatchObject({ event: 'access.not_found', field: 'revokeSession' });
});

describe('a token', () => {
  const refused = { event: 'token.refused', outcome: 'refused', transport: 'http', field: 'currentSession' };

  test('that is invalid', async () => {
    await app.gql(CURRENT_SESSION, {}, { token: 'rubbish-of-mine', ...from() });
    expect(theLine()).toEqual({ ...refused, reason: 'TOKEN_INVALID' });
    expect(log.text()).not.toContain('rubbish');
  });

  test('whose session has ended', async () => {
    const ended = await account.owner.login();
    await owner.gql(REVOKE_SESSION, { sessionId: ended.sessionId });
    log.lines.length = 0;
    await app.gql(CURRENT_SESSION, {}, { token: ended.accessToken, ...from() });
    expect(theLine()).toEqual({ ...refused, reason: 'REVOKED_BY_USER', ...ids(ended, account.owner.id) });
  });

  test('that is missing', async () => {
    await app.gql(CURRENT_SESSION, {}, from());
    expect(theLine()).toEqual({ ...refused, event: 'token.missing' });
  });
});

test('an invented service key', async () => {
  await app.gql(CURRENT_SESSION, {}, { token: `cfk_${'A'.repeat(43)}`, ...from() });
  expect(theLine()).toEqual({
    event: 'service_key.refused',
    outcome: 'refused',
    transport: 'http',
    field: 'currentSession',
    serviceKeyId: 'unknown',
    reason: 'KEY_UNKNOWN',
  });
});

test.each([
  ['/oauth/introspect', 'POST', 'service_key.refused', 'KEY_UNKNOWN'],
  ['/metrics', 'GET', 'metrics.refused', undefined],
  ['/auth/verify', 'GET', 'forward_auth.refused', 'bearer'],
])('a key or token at %s', async (path, method, event, reason) => {
  const headers = { authorization: 'Bearer cfk_not-a-key-of-ours', 'x-forwarded-for': address };
  expect((await fetch(`${app.url}${path}`, { method, headers })).status).toBe(401);
  expect(theLine()).toEqual({ event, outcome: 'refused', transport: 'http', reason });
  expect(log.text()).not.toContain('not-a-key');
});

test('a refresh token: invalid, and presented a second time', async () => {
  await app.gql(REFRESH, { input: { refreshToken: 'rubbish-of-mine' } }, from());
  const refused = {
    event: 'refresh.refused',
    outcome: 'refused',
    transport: 'http',
    field: 'refreshSession',
  };
  expect(theLine()).toEqual({ ...refused, reason: 'TOKEN_INVALID' });
  const stolen = await account.owner.login();
  await stolen.refresh();
  app.clock.advance(MINUTE_MS);
  log.lines.length = 0;
  await app.gql(REFRESH, { input: { refreshToken: stolen.refreshToken } }, from());
  expect(theLine()).toEqual({
    ...refused,
    reason: 'REFRESH_TOKEN_REUSED',
    userId: account.owner.id,
    sessionId: stolen.sessionId,
  });
});

test('an origin that may not call, at the socket and before a request', async () => {
  const headers = { 'x-forwarded-for': address };
  const origin = 'https://evil.example';
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers,
    origin,
  });
  await new Promise((done) => socket.once('error', done));
  expect(theLine()).toEqual({ event: 'origin.refused', outcome: 'refused', transport: 'websocket', origin });
  log.lines.length = 0;
  await fetch(`${app.url}/graphql`, {
    method: 'OPTIONS',
    headers: { ...headers, origin, 'access-control-request-method': 'POST' },
  });
  expect(theLine()).toEqual({ event: 'origin.refused', outcome: 'refused', transport: 'http', origin });
});

test('a token at the socket', async () => {
  const { closed } = app.subscribe(SESSION_EXPIRY, { accessToken: 'rubbish-of-mine' });
  expect(await closed).toMatchObject({ code: 4401 });
  expect(lines()).toMatchObject([
    { event: 'token.refused', transport: 'websocket', reason: 'TOKEN_INVALID', address: '127.0.0.1' },
  ]);
});

test('ordinary use leaves no line', async () => {
  const person = await account.addUser();
  const me = await person.login();
  await me.gql(CURRENT_SESSION, {}, from());
  await me.refresh();
  await owner.gql(INVITE, { input: { email: 'not an address', name: 'X' } }, from());
  await app.gql('{ nothing }', {}, from());
  await fetch(`${app.url}/auth/verify`);
  expect(lines()).toEqual([]);
});

test('a flood leaves ten lines, and later one with the number of those left out', async () => {
  for (let n = 0; n < 25; n += 1)
    await app.gql(CURRENT_SESSION, {}, { headers: { 'x-forwarded-for': `2001:db8::${n}` } });
  expect(lines()).toHaveLength(10);
  app.clock.advance(MINUTE_MS);
  await app.close();
  expect(lines()[10]).toMatchObject({
    event: 'token.missing',
    outcome: 'not logged',
    network: '2001:db8::/64',
    count: 15,
  });
  app = await startApp();
});
