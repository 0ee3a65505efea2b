import { LOGOUT, REVOKE_USER } from '../accounts/account-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import {
  advanceUntil,
  createStream,
  listDeliveries,
  PRIVATE,
  ROTATE_SECRET,
  SEND_TEST,
} from './stream-calls.ts';
import { LOGOUT_TOKEN, startTokenReceiver, type TokenReceiver } from './token-receiver.ts';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const AUDIENCE = 'client-of-the-shop';

let app: TestApp;
let relyingParty: TokenReceiver;
let account: SeededAccount;
let owner: SignedIn;
let member: Person;
let streamId: string;

beforeAll(async () => {
  app = await startApp({ env: PRIVATE });
});
beforeEach(async () => {
  relyingParty = await startTokenReceiver(LOGOUT_TOKEN, { issuer: app.url });
  account = await app.seed.account();
  member = await account.addUser();
  owner = await account.owner.login();
  const input = { kind: 'BACK_CHANNEL_LOGOUT', url: relyingParty.url, audience: AUDIENCE };
  const { stream, secret } = await createStream(owner, input);
  expect(secret).toBeNull();
  expect(stream.eventTypes).toEqual(['session.ended']);
  streamId = stream.id;
});
afterEach(async () => {
  expect(relyingParty.problems).toEqual([]);
  await relyingParty.close();
});
afterAll(() => app.close());

const until = (count: number) =>
  advanceUntil(app, () => relyingParty.received.length >= count, `${count} logout tokens`);

test('the end of a session is a logout token, as a relying party checks it', async () => {
  const session = await member.login();
  await session.gql(LOGOUT);
  await until(1);
  const [logout] = relyingParty.received;
  const { iat, exp, ...claims } = logout!.claims;
  // Section 2.4, and all of it: no nonce, nothing about the user but the id.
  expect(claims).toEqual({
    iss: app.url,
    aud: AUDIENCE,
    sub: member.id,
    sid: session.sessionId,
    jti: expect.any(String),
    events: { [LOGOUT_EVENT]: {} },
  });
  expect(exp! - iat!).toBe(120);
  expect(logout!.header).toEqual({ alg: 'ES256', typ: 'logout+jwt', kid: expect.any(String) });
  expect(logout!.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    'cache-control': 'no-store',
  });
  expect([...new URLSearchParams(logout!.text).keys()]).toEqual(['logout_token']);
});

test('each session that ends at once has its token', async () => {
  const sessions = [await member.login(), await member.login(), await member.login()];
  await owner.gql(REVOKE_USER, { userId: member.id });
  await until(3);
  const ids = relyingParty.received.map(({ claims }) => claims.sid as string);
  expect(ids.toSorted()).toEqual(sessions.map(({ sessionId }) => sessionId).toSorted());
});

test('400 is a failure; the next attempt has a token of its own, and 204 takes it', async () => {
  relyingParty.answer((response) => response.writeHead(400).end('{"error":"invalid_request"}'));
  const session = await member.login();
  await session.gql(LOGOUT);
  const delivery = async () => (await listDeliveries(owner, streamId))[0];
  await advanceUntil(app, async () => (await delivery())?.lastError != null, 'an answer');
  expect(await delivery()).toMatchObject({ status: 'PENDING', lastError: 'The receiver answered 400.' });
  relyingParty.answer((response) => response.writeHead(204).end());
  await advanceUntil(app, async () => (await delivery()).status === 'DELIVERED', 'delivered');
  const tokens = relyingParty.received.map(({ claims }) => claims);
  expect(new Set(tokens.map(({ jti }) => jti)).size).toBe(tokens.length);
  expect(new Set(tokens.map(({ sid }) => sid))).toEqual(new Set([session.sessionId]));
});

test('a logout token lets no one in', async () => {
  await (await member.login()).gql(LOGOUT);
  await until(1);
  const answer = await app.gql('{ viewer { id } }', {}, { token: relyingParty.received[0]!.token });
  expect(answer.code).toBe('UNAUTHENTICATED');
});

test.each([
  ['a test', SEND_TEST, 'NOT_AVAILABLE'],
  ['a secret', ROTATE_SECRET, 'NOT_ALLOWED'],
])('it has not %s', async (_, document, reason) => {
  expect(await owner.gql(document, { streamId })).toMatchObject({
    code: 'BAD_USER_INPUT',
    extensions: { reason },
  });
});
