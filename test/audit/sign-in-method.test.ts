import { sql } from 'kysely';
import { RESET_PASSWORD, SET_PASSWORD, tokenOf } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { setStage, type Stage } from '../oidc/flows.ts';
import { nodesOf, readPage } from '../policy/lists.ts';
import { backEnd } from '../service-api/service-calls.ts';

const SESSIONS = `query ($userId: ID, $status: SessionStatus) { sessions(userId: $userId, status: $status) {
  edges { node { id authenticationMethod authenticationProvider } } } }`;

onUsualDatabase((database) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ app: { database } });
  });
  afterAll(() => stage.close());

  test('a session says how its user signed in', async () => {
    const { app } = stage;
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const member = await account.addUser();
    const methods = async (userId: string) =>
      nodesOf(await readPage(owner, SESSIONS, { userId })).map(
        ({ authenticationMethod, authenticationProvider }) => [authenticationMethod, authenticationProvider],
      );
    await member.login();
    expect(await methods(member.id)).toEqual([['PASSWORD', null]]);

    const { data } = await owner.gql(RESET_PASSWORD, { userId: member.id });
    const token = tokenOf(data.resetUserPassword.setPasswordUrl);
    await app.gql(SET_PASSWORD, { input: { token, newPassword: 'a much better password' } });
    expect(await methods(member.id)).toEqual([['PASSWORD_LINK', null]]);

    const shop = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Shop' })).key);
    const { session } = await shop.create();
    expect(await methods(session.user.id)).toEqual([['SERVICE', null]]);
  });

  test('a session of an identity provider names it; one from before, or of a later version, has no method', async () => {
    const { app } = stage;
    const user = await stage.invite();
    const { data } = await stage.signIn(user.email);
    const { accessToken, session } = data.completeOAuthLogin;
    const CURRENT = '{ currentSession { authenticationMethod authenticationProvider } }';
    const read = async () => (await app.gql(CURRENT, {}, { token: accessToken })).data.currentSession;
    expect(await read()).toEqual({ authenticationMethod: 'OIDC', authenticationProvider: 'The provider' });
    const store = (method: string | null, provider: string | null) =>
      sql`update sessions set authentication_method = ${method}::text, authentication_provider = ${provider}::text
        where id = ${session.id}`.execute(app.database.em().getKysely());
    await store('OIDC', 'gone');
    expect(await read()).toEqual({ authenticationMethod: 'OIDC', authenticationProvider: 'gone' });
    for (const method of [null, 'PASSKEY_OF_LATER']) {
      await store(method, null);
      expect(await read()).toEqual({ authenticationMethod: null, authenticationProvider: null });
    }
  });
});
