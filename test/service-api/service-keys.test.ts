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

test('a developer reads what is wrong with the key', async () => {
  const account = await app.seed.account();
  const { key } = await app.seed.serviceKey(account.id);
  const ask = (headers: Record<string, string>) =>
    app.gql('{ userSessions(externalId: "customer-1") { id } }', {}, { headers });
  const cases: [headers: Record<string, string>, message: string][] = [
    [{ authorization: `Bearer ${key}x` }, 'This service key is not valid.'],
    [{ authorization: 'Bearer SERVICE_KEY' }, 'This service key is not valid.'],
    [{ authorization: key }, 'Send the service key as `Authorization: Bearer KEY`.'],
    [{}, 'This operation needs a service key.'],
  ];
  for (const [headers, message] of cases) {
    const { code, errors } = await ask(headers);
    expect([code, errors![0]!.message]).toEqual(['UNAUTHENTICATED', message]);
  }
});
