import jwt from 'jsonwebtoken';
import { randomUUID } from 'node:crypto';
import { onUsualDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { importSession, LIMITS, MINUTE, SECOND } from '../refresh/session-rows.ts';
import { claimsOf, PASSWORD, REFRESH, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { LOGOUT } from './account-calls.ts';
import { reauthenticate, REAUTHENTICATE, reauthenticated, withTokens } from './reauthenticate-calls.ts';

const TOUCH = `mutation { touchSession { id } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let who: SignedIn;
  beforeAll(async () => {
    app = await startApp({ database, env: { ...LIMITS, ACCESS_TOKEN_TTL_SECONDS: '1000000' } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    who = await (await account.addUser()).login();
  });

  const refusal = ({ code, extensions, data }: Answer) => ({
    code,
    endReason: extensions.endReason,
    data: data && Object.values(data)[0],
  });
  const refused = (code: string, endReason?: string) => ({ code, endReason, data: null });

  describe('of a session that is over', () => {
    test('past the idle deadline answers like a refresh, however often', async () => {
      app.clock.advance(30 * MINUTE);
      for (let n = 0; n < 2; n += 1)
        expect((await reauthenticate(who)).extensions).toMatchObject({
          code: 'SESSION_EXPIRED_IDLE',
          expiredAt: who.payload.idleExpiresAt,
        });
    });

    test('past the absolute deadline consumes the token, like a refresh', async () => {
      app.clock.advance(29 * MINUTE);
      await who.gql(TOUCH);
      app.clock.advance(31 * MINUTE);
      expect((await reauthenticate(who)).extensions).toMatchObject({
        code: 'SESSION_EXPIRED_ABSOLUTE',
        expiredAt: who.payload.absoluteExpiresAt,
      });
      expect(refusal(await reauthenticate(who))).toEqual(
        refused('INVALID_REFRESH_TOKEN', 'ABSOLUTE_TIMEOUT'),
      );
    });

    test('that was ended says how', async () => {
      await who.gql(LOGOUT);
      expect(refusal(await reauthenticate(who))).toEqual(refused('INVALID_REFRESH_TOKEN', 'LOGOUT'));
    });

    test('with the token of another one says only that the caller is signed out', async () => {
      const elsewhere = await (await account.addUser()).login();
      await who.gql(LOGOUT);
      for (const refreshToken of [elsewhere.refreshToken, 'not.a.token', null]) {
        const answer = await reauthenticate(who, { refreshToken });
        expect(refusal(answer)).toEqual(refused('UNAUTHENTICATED', 'LOGOUT'));
      }
      expect((await elsewhere.refresh()).errors).toBeUndefined();
    });
  });

  test('an imported session can be authenticated again once it has its own tokens', async () => {
    const member = await account.addUser();
    const jti = randomUUID();
    const exp = Math.floor(app.clock.now().getTime() / SECOND) + 300;
    const secret = app.config.tokens.refreshSecrets![0]!;
    const token = jwt.sign({ sub: member.id, jti, type: 'refresh', exp }, secret, { noTimestamp: true });
    await importSession(app, member, jti, new Date(exp * SECOND));
    const listed = `{ sessions(first: 100) { edges { node { id canReauthenticate } } } }`;
    const owner = await account.owner.login();
    const canReauthenticate = async () =>
      (await owner.gql(listed)).data.sessions.edges.find(({ node }: any) => node.id === jti).node
        .canReauthenticate;
    expect(await canReauthenticate()).toBe(false);
    const { data } = await app.gql(REFRESH, { input: { refreshToken: token } });
    expect(await canReauthenticate()).toBe(true);
    const imported = withTokens(app, who, data.refreshSession);
    expect((await reauthenticated(imported)).session).toMatchObject({
      id: jti,
      authenticationMethod: 'PASSWORD',
    });
  });
});

describe('callers', () => {
  let app: TestApp;
  let account: SeededAccount;
  let who: SignedIn;
  beforeAll(async () => {
    app = await startApp({ env: { ...LIMITS, ACCESS_TOKEN_AUDIENCES: 'shop' } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    who = await account.owner.login();
  });

  const call = (token?: string, input: Record<string, unknown> = {}) =>
    app.gql(
      REAUTHENTICATE,
      { input: { password: PASSWORD, refreshToken: who.refreshToken, ...input } },
      { token },
    );

  test('need a good access token, also where the refresh token is good', async () => {
    for (const token of [undefined, 'not.a.token', who.refreshToken])
      expect((await call(token)).code).toBe('UNAUTHENTICATED');
    app.clock.advance(6 * MINUTE);
    expect((await call(who.accessToken)).code).toBe('UNAUTHENTICATED');
    expect((await who.refresh()).errors).toBeUndefined();
  });

  test('are no service keys and no session-scoped tokens', async () => {
    const shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    expect((await call(shop.key)).code).toBe('FORBIDDEN');
    const scoped = await shop.issue((await shop.create()).sessionToken);
    expect((await call(scoped)).code).toBe('FORBIDDEN');
  });

  test('may ask for a configured audience, and for no other', async () => {
    const answer = await call(who.accessToken, { audience: 'elsewhere' });
    expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'audience' });
    const good = await call(who.accessToken, { audience: 'shop' });
    expect(claimsOf(good.data.reauthenticate.accessToken).aud).toBe('shop');
  });
});
