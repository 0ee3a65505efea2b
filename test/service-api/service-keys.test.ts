import { createServiceKey } from '../../server/service-api/service-keys.ts';
import { startApp, type TestApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test('a service key is not a user', async () => {
  const account = await app.seed.account();
  const { key } = await createServiceKey(
    app.database.em(),
    { accountId: account.id, name: 'billing', expiresAt: null },
    app.clock.now(),
  );
  expect((await app.gql('{ currentSession { id } }', {}, { token: key })).code).toBe('FORBIDDEN');
  expect((await app.gql('{ currentSession { id } }', {}, { token: `${key}x` })).code).toBe('UNAUTHENTICATED');
});
