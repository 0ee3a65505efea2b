import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { auditRows, MINUTE, savePolicy, startPolicyApp } from '../policy/policy-calls.ts';
import { rule } from '../policy/rules-calls.ts';
import { restore } from '../policy/version-calls.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const ask = (query: string, who: SignedIn | null = owner, init: RequestInit = {}): Promise<Response> =>
    fetch(`${app.url}/export/policy?${query}`, {
      ...init,
      headers: { ...(who && { authorization: `Bearer ${who.accessToken}` }), ...init.headers },
    });
  const recorded = () => auditRows(app, account.id, 'export.created');

  test('the JSON file has the policy, the verdicts and every version', async () => {
    const owners = rule('OWNER', null, 15, 60);
    await savePolicy(owner, {
      idleMinutes: 15,
      absoluteMinutes: 720,
      maxSessionsPerUser: 2,
      rules: [owners],
    });
    app.clock.advance(MINUTE);
    await savePolicy(owner, { idleMinutes: 60 });
    app.clock.advance(MINUTE);
    await restore(owner, { version: 1 });
    const response = await ask('format=json');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="curfew-policy-\d{4}-\d\d-\d\d\.json"$/,
    );
    expect(response.headers.get('content-length')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
    const file: any = await response.json();
    const rules = [{ role: 'OWNER', app_type: null, idle_minutes: 15, absolute_minutes: 60 }];
    const limits = { idle_minutes: 15, absolute_minutes: 720, max_sessions_per_user: 2, rules };
    const by = { id: account.owner.id, name: owner.payload.user.name };
    expect(file).toMatchObject({
      account_id: account.id,
      policy: { version: 3, ...limits, updated_by_id: by.id, updated_by_name: by.name },
    });
    expect(file.versions).toMatchObject([
      { version: 3, ...limits, restored_from: 1 },
      { version: 2, idle_minutes: 60, absolute_minutes: null, effective_absolute_minutes: 20_160, rules },
      { version: 1, ...limits, created_by_id: by.id, created_by_name: by.name, apply: 'NEXT_LOGIN' },
    ]);
    const high = file.verdicts.find(({ id }: { id: string }) => id === 'FEDRAMP_R5_HIGH');
    expect(high).toMatchObject({
      verdict: 'MEETS',
      checks: [{ limit: 15, actual: 15 }, { limit: 720 }, { limit: 3, actual: 2 }, { limit: 2, actual: 2 }],
    });
    expect(await recorded()).toMatchObject([
      { actor_id: by.id, resource_id: account.id, details: { export: 'policy', format: 'json' } },
    ]);
  });

  test('a policy that no one has saved is exported, too', async () => {
    const file: any = await (await ask('format=json')).json();
    expect(file).toMatchObject({ policy: { version: 0, updated_at: null }, versions: [] });
    expect(file.verdicts).toHaveLength(9);
  });

  test('the CSV file has a row for the policy, each check and each version, and no cell is a formula', async () => {
    const named = await app.seed.account();
    const who = await named.owner.login();
    await who.gql('mutation ($id: ID!) { renameUser(userId: $id, name: "=1+1") { id } }', {
      id: named.owner.id,
    });
    for (const idleMinutes of [30, 60]) await savePolicy(who, { idleMinutes });
    const response = await ask('format=csv', who);
    expect(response.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    const text = await response.text();
    expect(text.split('\n')[0]).toMatch(/^record,version,created_at,/);
    expect(text.split('\n').filter((line) => /(?:^|,)"?[=+\-@\t\r]/.test(line))).toEqual([]);
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows[0]).toMatchObject({
      record: 'policy',
      version: '2',
      idle_minutes: '60',
      created_by_name: "'=1+1",
    });
    expect(rows.filter(({ record }) => record === 'check')).toHaveLength(22);
    expect(rows.filter(({ record }) => record === 'version').map(({ version }) => version)).toEqual([
      '2',
      '1',
    ]);
    expect(rows.find((row) => row.check_clause === '8.2.8')).toMatchObject({
      standard_id: 'PCI_DSS_4_0_1',
      standard_verdict: 'MISSES',
      check_limit: '15',
      check_actual: '60',
      check_verdict: 'MISSES',
    });
  });

  test('many versions are read page by page, in their order', async () => {
    for (let count = 0; count < 3; count += 1) await savePolicy(owner, {});
    const em = app.database.em().getKysely();
    await sql`insert into session_policy_versions (account_id, version, created_at, apply)
      select ${account.id}::uuid, n, now(), 'NEXT_LOGIN' from generate_series(4, 600) n`.execute(em);
    await sql`update accounts set policy_version = 600 where id = ${account.id}`.execute(em);
    const file: any = await (await ask('format=json')).json();
    expect(file.versions.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: 600 }, (_, index) => 600 - index),
    );
  });

  test.each(['', 'format=xml', 'format=jsonl', 'format=json&format=json'])(
    '"%s" is a bad request, and nothing is recorded',
    async (query) => {
      const response = await ask(query);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
      expect(await recorded()).toEqual([]);
    },
  );

  test('only the access token of an owner is enough', async () => {
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const { key } = await app.seed.serviceKey(account.id);
    for (const init of [
      {},
      bearer('not.a.token'),
      bearer(owner.refreshToken),
      bearer(key),
      { headers: { cookie: `curfew_refresh=${owner.refreshToken}` } },
    ])
      expect((await ask('format=json', null, init)).status).toBe(401);
    expect((await ask(`format=json&access_token=${owner.accessToken}`, null)).status).toBe(401);
    const member = await (await account.addUser()).login();
    expect((await ask('format=json', member)).status).toBe(403);
    for (const method of ['HEAD', 'POST'])
      expect((await ask('format=json', owner, { method })).status).toBe(404);
    expect(await recorded()).toEqual([]);
    const neighbour = await (await app.seed.account()).owner.login();
    expect(await (await ask('format=json', neighbour)).text()).not.toContain(account.id);
  });
});
