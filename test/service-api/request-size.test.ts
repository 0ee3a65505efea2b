import { sql } from 'kysely';
import { startApp, type TestApp } from '../harness.ts';
import type { CreatedServiceKey } from '../../server/service-api/service-keys.ts';
import { backEnd, VALIDATE_MANY } from './service-calls.ts';

let app: TestApp;
let key: CreatedServiceKey;
beforeAll(async () => {
  app = await startApp();
  key = await app.seed.serviceKey((await app.seed.account()).id);
});
afterAll(() => app.close());

const KB = 1024;
const bodyOf = (bytes: number): string => {
  const body = (padding: string) => JSON.stringify({ query: '{ serverTime }', variables: { padding } });
  return body('x'.repeat(bytes - body('').length));
};

const headersOf = (token: string | null) => ({
  'content-type': 'application/json',
  ...(token === null ? {} : { authorization: `Bearer ${token}` }),
});
const declared = (token: string | null, body: string) =>
  fetch(`${app.url}/graphql`, { method: 'POST', headers: headersOf(token), body });
const chunked = (token: string | null, body: string) =>
  fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: headersOf(token),
    body: new Blob([body]).stream(),
    duplex: 'half',
  } as RequestInit);

describe.each([
  ['with its length', declared],
  ['in chunks', chunked],
])('a body that comes %s', (_, send) => {
  test('of 1 MB is read for a service key, and no byte more', async () => {
    const fits = await send(key.key, bodyOf(1024 * KB));
    expect(fits.status).toBe(200);
    expect(((await fits.json()) as any).data.serverTime).toBeTruthy();
    expect((await send(key.key, bodyOf(1024 * KB + 1))).status).toBe(413);
  });

  test('of 100 KB is read for every caller, and no byte more', async () => {
    const person = await (await app.seed.account()).owner.login();
    const revoked = await app.seed.serviceKey(null);
    await sql`update service_keys set revoked_at = ${app.clock.now()} where id = ${revoked.id}`.execute(
      app.database.em().getKysely(),
    );
    for (const token of [null, person.accessToken, revoked.key, `cfk_${'A'.repeat(43)}`, 'rubbish']) {
      expect((await send(token, bodyOf(100 * KB))).status).toBe(200);
      const refused = await send(token, bodyOf(100 * KB + 1));
      expect(refused.status).toBe(413);
      expect(((await refused.json()) as any).errors[0].extensions.code).toBe('BAD_REQUEST');
    }
  });
});

test('a thousand tokens fit', async () => {
  const input = Array.from({ length: 1_000 }, (_, n) => ({
    sessionToken: `${n}`.padStart(43, 'A'),
    touch: false,
  }));
  const { data } = await backEnd(app, key.key).gql(VALIDATE_MANY, { input });
  expect(data.validateSessions).toHaveLength(1_000);
});
