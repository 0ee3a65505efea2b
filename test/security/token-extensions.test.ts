import jwt from 'jsonwebtoken';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CURRENT_SESSION } from '../accounts/account-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN, PASSWORD, REFRESH, SESSION_EXPIRY, type SignedIn } from '../seed.ts';

// Tokens signed with Curfew's own keys, with a critical header or a not-before time.

let app: TestApp;
let me: SignedIn;
let accessKey: string;
let refreshSecret: string;
beforeAll(async () => {
  app = await startApp();
  accessKey = await readFile(join(app.dataDir, 'access-token-key.pem'), 'utf8');
  refreshSecret = app.config.tokens.refreshSecrets![0]!;
});
beforeEach(async () => {
  me = await (await app.seed.account()).owner.login();
});
afterAll(() => app.close());

interface Changes {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
}

function signedAgain(token: string, { header, claims }: Changes): string {
  const { header: head, payload } = jwt.decode(token, { complete: true })!;
  const isAccess = head.alg === 'ES256';
  // As text, which jsonwebtoken signs unchanged.
  return jwt.sign(
    JSON.stringify({ ...(payload as object), ...claims }),
    isAccess ? accessKey : refreshSecret,
    {
      algorithm: isAccess ? 'ES256' : 'HS256',
      header: { ...head, ...header },
    },
  );
}

const seconds = (ahead: number): number => Math.floor(app.clock.now().getTime() / 1000) + ahead;
const refused: [string, () => Changes][] = [
  ['a critical extension', () => ({ header: { crit: ['b64'], b64: true } })],
  ['an unknown critical extension', () => ({ header: { crit: ['https://example.test/x'] } })],
  ['a list of critical extensions that is empty', () => ({ header: { crit: [] } })],
  ['a time ahead before which it is not good', () => ({ claims: { nbf: seconds(600) } })],
  ['such a time that is no number', () => ({ claims: { nbf: 'now' } })],
];
const passes: [string, () => Changes][] = [
  ['nothing of the kind', () => ({})],
  ['such a time that has come', () => ({ claims: { nbf: seconds(0) } })],
];

const useAccess = (token: string) => app.gql(CURRENT_SESSION, {}, { token });
const useRefresh = (refreshToken: string) => app.gql(REFRESH, { input: { refreshToken } });
async function introspect(token: string): Promise<unknown> {
  const { key } = await app.seed.serviceKey(null);
  const response = await fetch(`${app.url}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
  });
  return response.json();
}
const verify = async (headers: Record<string, string>) =>
  (await fetch(`${app.url}/auth/verify`, { headers })).status;

test.each(refused)('no token with %s is accepted anywhere', async (_, changes) => {
  const access = signedAgain(me.accessToken, changes());
  const refresh = signedAgain(me.refreshToken, changes());
  expect((await useAccess(access)).code).toBe('UNAUTHENTICATED');
  expect((await useRefresh(refresh)).code).toBe('INVALID_REFRESH_TOKEN');
  for (const token of [access, refresh]) expect(await introspect(token)).toEqual({ active: false });
  expect(await verify({ authorization: `Bearer ${access}` })).toBe(401);
  expect(await verify({ cookie: `curfew_refresh=${refresh}` })).toBe(401);
  const socket = app.subscribe(SESSION_EXPIRY, { accessToken: access });
  expect(await socket.closed).toMatchObject({ code: 4401 });
  const logout = await app.gql('mutation { logout { ended } }', {}, { cookie: `curfew_refresh=${refresh}` });
  expect(logout.data.logout.ended).toBe(false);
  expect((await useAccess(me.accessToken)).errors).toBeUndefined();
});

test.each(passes)('a token with %s is accepted', async (_, changes) => {
  expect((await useAccess(signedAgain(me.accessToken, changes()))).errors).toBeUndefined();
  expect((await useRefresh(signedAgain(me.refreshToken, changes()))).errors).toBeUndefined();
});

test.each(refused)('a token with %s makes no browser known', async (_, changes) => {
  const limited = await startApp({ env: { LOGIN_FAILURES_PER_EMAIL: '1', TRUST_PROXY: 'true' } });
  const { owner } = await limited.seed.account();
  const at = (n: number, cookie?: string) => ({ headers: { 'x-forwarded-for': `198.51.100.${n}` }, cookie });
  const signedIn = await owner.tryLogin({ transport: 'COOKIE' }, at(1));
  const [, device] = /curfew_device=([^;]+)/.exec(signedIn.deviceCookie!)!;
  await owner.tryLogin({ password: 'wrong password' }, at(2));
  const login = (cookie: string) =>
    limited.gql(LOGIN, { input: { email: owner.email, password: PASSWORD } }, at(3, cookie));
  expect((await login(`curfew_device=${signedAgain(device!, changes())}`)).code).toBe('RATE_LIMITED');
  expect((await login(`curfew_device=${signedAgain(device!, {})}`)).errors).toBeUndefined();
  await limited.close();
});
