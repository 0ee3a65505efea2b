import { onEachDatabase } from './databases.ts';
import { startApp, type TestApp } from './harness.ts';

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database });
  });
  afterAll(() => app.close());

  test('a socket that follows its session is told of a revocation from another client, and closed', async () => {
    const account = await app.seed.account();
    const here = await account.owner.login();
    const elsewhere = await account.owner.login();
    const expiry = here.expiry();
    await expiry.connected;
    await elsewhere.gql(`mutation { revokeSessions(scope: ALL) { revokedCount } }`);
    expect(await expiry.next()).toMatchObject({
      kind: 'REVOKED',
      endReason: 'REVOKED_BY_OWNER',
      secondsRemaining: 0,
    });
    await expiry.completed;
    expect(await expiry.closed).toEqual({ code: 4401, reason: 'REVOKED_BY_OWNER' });
  });
});
