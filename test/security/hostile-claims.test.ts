import jwt from 'jsonwebtoken';
import { randomBytes } from 'node:crypto';
import { generateAccessKey } from '../../server/tokens/signing-keys.ts';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { REFRESH, type SeededAccount } from '../seed.ts';
import { call, introspect } from '../service-api/endpoint-calls.ts';

// Tokens with a valid signature and claims that Curfew never writes, as a stolen key would allow.

const ACCESS_KEY = generateAccessKey();
const REFRESH_KEY = randomBytes(32).toString('base64url');
const ODD: [string, unknown][] = [
  ['a NUL', '\0'],
  ['text with a NUL', 'a\0b'],
  ['half a surrogate pair', '\ud800'],
  ['the other half', 'a\udfff'],
  ['nothing', ''],
  ['very much', 'x'.repeat(3_000)],
  ['a number', 7],
  ['a list', ['x']],
  ['an object', { toString: 'x' }],
  ['null', null],
  ['SQL', "' or true --"],
  ['a backslash', '\\u0000'],
  ['an array of PostgreSQL', '{"a","b"}'],
];

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let good: { accessToken: string; refreshToken: string };
  let key: string;
  beforeAll(async () => {
    app = await startApp({
      database,
      env: { ACCESS_TOKEN_PRIVATE_KEY: ACCESS_KEY, REFRESH_TOKEN_SECRET: REFRESH_KEY },
    });
    account = await app.seed.account();
    const { accessToken, payload } = await account.owner.login();
    good = { accessToken, refreshToken: payload.refreshToken };
    key = (await app.seed.serviceKey(account.id)).key;
  });
  afterAll(() => app.close());

  const forged = (token: string, changes: object): string => {
    const { header, payload } = jwt.decode(token, { complete: true })!;
    const isAccess = header.alg === 'ES256';
    return jwt.sign({ ...(payload as object), ...changes }, isAccess ? ACCESS_KEY : REFRESH_KEY, {
      algorithm: isAccess ? 'ES256' : 'HS256',
      header,
      noTimestamp: true,
    });
  };
  const viewer = async (token: string): Promise<unknown> => {
    const { data, code } = await app.gql('{ viewer { id } }', {}, { token });
    return code ?? data.viewer.id;
  };
  const verify = async (token: string): Promise<number> =>
    (await call(app, '/auth/verify', { headers: { authorization: `Bearer ${token}` } })).status;

  test('a forged token with valid claims is accepted: the forgery itself works', async () => {
    expect(await viewer(forged(good.accessToken, {}))).toBe(account.owner.id);
  });

  describe.each(['sid', 'sub', 'jti', 'account_id', 'role'])('%s of an access token', (claim) => {
    test.each(ODD)('%s: no fault, and other tokens of the same read are unaffected', async (_, value) => {
      const token = forged(good.accessToken, { [claim]: value });
      const answers = await Promise.all([
        ...Array.from({ length: 5 }, () => viewer(good.accessToken)),
        ...Array.from({ length: 5 }, () => verify(good.accessToken)),
        viewer(token),
        verify(token),
        introspect(app, key, token),
      ]);
      const [odd, verified, introspected] = answers.splice(-3) as [unknown, number, { active: boolean }];
      expect(answers).toEqual([...Array(5).fill(account.owner.id), ...Array(5).fill(204)]);
      if (claim === 'sid' || claim === 'sub') {
        expect([odd, verified]).toEqual(['UNAUTHENTICATED', 401]);
        expect(introspected).toEqual({ active: false });
      } else expect([account.owner.id, 'UNAUTHENTICATED']).toContain(odd);
    });
  });

  describe.each(['sid', 'sub', 'jti', 'gen'])('%s of a refresh token', (claim) => {
    test.each(ODD)('%s: INVALID_REFRESH_TOKEN', async (_, value) => {
      const token = forged(good.refreshToken, { [claim]: value });
      const [answer, beside, introspected, cookie] = await Promise.all([
        app.gql(REFRESH, { input: { refreshToken: token } }),
        viewer(good.accessToken),
        introspect(app, key, token),
        call(app, '/auth/verify', { headers: { cookie: `curfew_refresh=${token}` } }),
      ]);
      expect([answer.code, beside, introspected, cookie.status]).toEqual([
        'INVALID_REFRESH_TOKEN',
        account.owner.id,
        { active: false },
        401,
      ]);
    });
  });

  test.each(ODD)('the jti of an imported token is %s: INVALID_REFRESH_TOKEN', async (_, jti) => {
    const claims = { sub: 'someone', jti, type: 'refresh', exp: 4_000_000_000 };
    const refreshToken = jwt.sign(JSON.parse(JSON.stringify(claims)), REFRESH_KEY, { noTimestamp: true });
    const answer = await app.gql(REFRESH, { input: { refreshToken } });
    expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
  });
});
