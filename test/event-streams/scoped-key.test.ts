import { sql } from 'kysely';
import { createHash } from 'node:crypto';
import { UsageError } from '../../server/cli/arguments.ts';
import { auditRows } from '../accounts/account-calls.ts';
import { openSocket } from '../expiry/raw-socket.ts';
import { startApp, type TestApp } from '../harness.ts';
import { prepareCommand, runCommand } from '../operations/admin-commands.ts';
import { OPEN_TO_ALL, ROOT_FIELDS } from '../security/root-fields.ts';
import type { SeededAccount } from '../seed.ts';
import { basic, call, introspect, openServiceSession, postForm } from '../service-api/endpoint-calls.ts';
import { createKey, listKeys } from '../service-api/owner-key-calls.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let app: TestApp;
let account: SeededAccount;
let key: string;
let keyId: string;

beforeAll(async () => {
  app = await startApp();
  account = await app.seed.account();
  ({ key, id: keyId } = await app.seed.serviceKey(account.id, { name: 'Receiver', scope: 'SSF' }));
});
afterAll(() => app.close());

test('the command creates a key of one account, and both lists show its scope', async () => {
  const { id } = await app.seed.account();
  const printed = await runCommand(
    app,
    ...['create-service-key', '--account', id, '--scope', 'ssf', '--name', 'Receiver'],
  );
  expect(printed).toMatch(/^service key: cfk_ssf_[\w-]{43}$/m);
  const row = (await runCommand(app, 'list-service-keys')).split('\n').find((line) => line.includes(id));
  expect(row).toMatch(/\)  ssf  /);
  const created = (await auditRows(app, id)).find(({ action }) => action === 'service_key.created')!;
  expect(created.details).toEqual({ name: 'Receiver', expires_at: null, scope: 'SSF' });
  for (const wrong of [
    ['--all-accounts', '--scope', 'ssf'],
    ['--account', UNKNOWN, '--scope', 'all'],
  ])
    expect(() => prepareCommand(['create-service-key', '--name', 'A', ...wrong])).toThrow(UsageError);
});

test('an owner creates one, too', async () => {
  const owner = await account.owner.login();
  const { key, serviceKey } = await createKey(owner, { name: 'Shop', scope: 'SSF' });
  expect([key.slice(0, 8), serviceKey.scope]).toEqual(['cfk_ssf_', 'SSF']);
  await createKey(owner, { name: 'Back end' });
  const scopes = (await listKeys(owner)).map(({ name, scope }) => [name, scope]);
  expect(Object.fromEntries(scopes)).toEqual({ Receiver: 'SSF', Shop: 'SSF', 'Back end': null });
});

test.each(ROOT_FIELDS.filter(({ name }) => !OPEN_TO_ALL.has(name)).map((field) => [field.name, field]))(
  '%s is refused',
  async (_, { document, variables }) => {
    expect((await app.gql(document, variables, { token: key })).code).toBe('FORBIDDEN');
  },
);

test('no other endpoint takes it', async () => {
  const { sessionToken, key: fullKey } = await openServiceSession(app, account);
  for (const path of ['/oauth/introspect', '/oauth/revoke'])
    for (const authorization of [`Bearer ${key}`, basic(keyId, key)]) {
      const answer = await postForm(app, path, key, { token: sessionToken }, { authorization });
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    }
  expect(await introspect(app, fullKey, sessionToken)).toMatchObject({ active: true });
  const headers = { authorization: `Bearer ${key}` };
  for (const path of ['/export/audit?format=csv', '/export/policy?format=csv', '/auth/verify'])
    expect((await call(app, path, { headers })).status).toBe(401);
});

test('no socket is opened with it', async () => {
  const socket = openSocket(app);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { serviceKey: key } });
  expect(await socket.closed).toMatchObject({ code: 4401, reason: 'FORBIDDEN' });
});

test('its requests are as small as those of anybody', async () => {
  const query = `{ serverTime } # ${'x'.repeat(110_000)}`;
  const answer = await call(app, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  });
  expect(answer.status).toBe(413);
});

test('a node of the version before, which knows no scope, does not find it', async () => {
  const found = async (text: string): Promise<number> => {
    const { rows } = await sql`
      select 1 from service_keys where key_hash = ${createHash('sha256').update(text).digest()}`.execute(
      app.database.em().getKysely(),
    );
    return rows.length;
  };
  const { key: full } = await app.seed.serviceKey(account.id);
  expect([await found(full), await found(key)]).toEqual([1, 0]);
});
