import { parse } from 'csv-parse/sync';
import { get } from 'node:http';
import { SET_ROLE } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { nodesOf, readPage } from '../policy/lists.ts';
import { savePolicy, startPolicyApp } from '../policy/policy-calls.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { sized } from '../size.ts';
import { waitUntil } from '../wait-until.ts';
import { addEvents, AUDIT, END_ALL_OF, requestExport } from './audit-calls.ts';

/** Some pages. `npm run bench -- export` has a million events, and what memory they take. */
const ROWS = sized(5_000, 50_000);
/** More than the buffers of a connection hold. */
const ROWS_UNREAD = 20_000;

const COLUMNS =
  'id,created_at,action,actor_id,actor_name,subject_id,subject_name,resource_type,resource_id,ip_address,details';

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  beforeEach(async () => {
    account = await app.seed.account();
    app.clock.advance(1000);
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const file = async (query: string, who = owner): Promise<string> => {
    const response = await requestExport(app, who, query);
    expect(response.status).toBe(200);
    return response.text();
  };
  const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });
  const events = async (variables: Record<string, unknown> = {}) =>
    nodesOf(await readPage(owner, AUDIT, { first: 100, ...variables }));

  test('a CSV file has every row of the trail, in its order, with fixed columns', async () => {
    const member = await account.addUser();
    await member.login();
    app.clock.advance(1000);
    await owner.gql(END_ALL_OF, { id: member.id });
    app.clock.advance(1000);
    const response = await requestExport(app, owner, 'format=csv');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="curfew-audit-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(response.headers.get('content-length')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(text.split('\n')[0]).toBe(COLUMNS);
    const expected = (await events()).map((event) => ({
      id: event.id,
      created_at: event.createdAt,
      action: event.action,
      actor_id: event.actor?.id ?? '',
      actor_name: event.actorName,
      subject_id: event.subject?.id ?? '',
      subject_name: event.subjectName ?? '',
      resource_type: event.resourceType,
      resource_id: event.resourceId,
      ip_address: event.ipAddress ?? '',
      details: event.details,
    }));
    expect(rowsOf(text).map((row) => ({ ...row, details: JSON.parse(row.details!) }))).toEqual(expected);
    expect(expected.map(({ action }) => action)).toContain('user.sessions_revoked');
  });

  test('JSON lines have the same rows, and the export is itself one row of the trail', async () => {
    const from = '2026-01-01T01:00:00+01:00';
    const rows = (await file(`format=jsonl&from=${encodeURIComponent(from)}`))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(Object.keys(rows[0]).join(',')).toBe(COLUMNS);
    const [exported] = await events({ action: 'export.created' });
    expect(exported).toMatchObject({
      actor: { id: account.owner.id },
      resourceType: 'account',
      resourceId: account.id,
      details: { export: 'audit', format: 'jsonl', from: '2026-01-01T00:00:00.000Z', to: null },
    });
    expect(await events({ action: 'export.created' })).toHaveLength(1);
    expect(rows.map(({ id }) => id).toSorted()).toEqual((await events()).map(({ id }) => id).toSorted());
  });

  test('from is inclusive and to is exclusive', async () => {
    const moments: string[] = [];
    for (const idleMinutes of [30, 60, 90]) {
      app.clock.advance(60_000);
      moments.push(app.clock.now().toISOString());
      await savePolicy(owner, { idleMinutes });
    }
    app.clock.advance(60_000);
    const times = async (query: string) =>
      rowsOf(await file(`format=csv&${query}`))
        .filter(({ action }) => action === 'account.session_policy_update')
        .map((row) => row.created_at);
    expect(await times(`from=${moments[1]}`)).toEqual([moments[2], moments[1]]);
    expect(await times(`to=${moments[1]}`)).toEqual([moments[0]]);
    expect(await times(`from=${moments[1]}&to=${moments[2]}`)).toEqual([moments[1]]);
    expect(await file(`format=csv&from=${moments[2]}&to=${moments[0]}`)).toBe(`${COLUMNS}\n`);
    expect(await file(`format=jsonl&from=${moments[2]}&to=${moments[0]}`)).toBe('');
  });

  test.each([
    '',
    'format=',
    'format=xml',
    'format=CSV',
    'format=csv&format=csv',
    'format=csv&from=yesterday',
    'format=csv&from=2026-01-01',
    'format=csv&to=2026-02-30T00:00:00Z',
    'format=csv&to=',
    'format=csv&from=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z',
  ])('"%s" is a bad request, and nothing is recorded', async (query) => {
    const response = await requestExport(app, owner, query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(await events({ action: 'export.created' })).toEqual([]);
  });

  test('only the access token of an owner is enough', async () => {
    const refused = async (init: RequestInit, query = 'format=csv') => {
      const response = await requestExport(app, null, query, init);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="curfew"/);
      return response.status;
    };
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    expect(await refused({})).toBe(401);
    expect(await refused(bearer('not.a.token'))).toBe(401);
    expect(await refused(bearer(owner.refreshToken))).toBe(401);
    expect(await refused(bearer((await app.seed.serviceKey(account.id)).key))).toBe(401);
    expect(await refused({ headers: { cookie: `curfew_refresh=${owner.refreshToken}` } })).toBe(401);
    expect(await refused({}, `format=csv&access_token=${owner.accessToken}`)).toBe(401);
    const member = await (await account.addUser()).login();
    expect((await requestExport(app, member, 'format=csv')).status).toBe(403);
    expect((await requestExport(app, member, 'format=xml')).status).toBe(403);
    const another = await account.owner.login();
    await another.gql('mutation { logout { ended } }');
    expect(await refused(bearer(another.accessToken))).toBe(401);
    expect(await events({ action: 'export.created' })).toEqual([]);
    // A HEAD or a POST is no export.
    for (const method of ['HEAD', 'POST'])
      expect((await requestExport(app, owner, 'format=csv', { method })).status).toBe(404);
    const former = await account.addUser('OWNER');
    const session = await former.login();
    await owner.gql(SET_ROLE, { userId: former.id, role: 'MEMBER' });
    expect((await requestExport(app, session, 'format=csv')).status).toBe(403);
    const neighbour = await (await app.seed.account()).owner.login();
    expect(await file('format=csv', neighbour)).not.toContain(account.id);
  });

  test('a cell that begins like a formula has an apostrophe, and every text comes back', async () => {
    const formulas = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'].map(
      (first) => `${first}1,"x"`,
    );
    const others = ['a,b', 'a "b"', 'a\nb', 'a\r\nb', "'a", ' =1', '', 'Zoë'];
    for (const name of [...formulas, ...others])
      await addEvents(app, { accountId: account.id, userId: account.owner.id, name }, 1);
    const names = rowsOf(await file('format=csv'))
      .filter(({ ip_address }) => ip_address === '192.0.2.1')
      .map(({ actor_name }) => actor_name);
    expect(names.toSorted()).toEqual([...formulas.map((text) => `'${text}`), ...others].toSorted());
  });

  test('a long trail is streamed whole, and no cell is a formula', async () => {
    const who = { accountId: account.id, userId: account.owner.id, name: 'Busy Owner' };
    await addEvents(app, who, ROWS);
    const response = await requestExport(app, owner, 'format=csv');
    let [lines, formulas, rest] = [0, 0, ''];
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = parts.pop()!;
      lines += parts.length;
      formulas += parts.filter((line) => /(?:^|,)"?[=+\-@\t\r]/.test(line)).length;
    }
    // The header, the rows, and those of the account, the sign-in and the export.
    expect(lines).toBe(1 + ROWS + 3);
    expect(formulas).toBe(0);
  });

  test('a client that goes ends its export, and one that does not read holds no more than a page', async () => {
    const who = { accountId: account.id, userId: account.owner.id, name: 'Busy Owner' };
    await addEvents(app, who, ROWS_UNREAD);
    let reads = 0;
    const execute = app.database.withTimeout;
    app.database.withTimeout = (read) => {
      reads += 1;
      return execute(read);
    };
    try {
      const request = get(`${app.url}/export/audit?format=jsonl`, {
        headers: { authorization: `Bearer ${owner.accessToken}` },
      });
      const response = await new Promise<NodeJS.ReadableStream & { destroy(): void }>((resolve) =>
        request.on('response', resolve),
      );
      // Nothing is read: the pages stop where the buffers of the connection are full.
      let last = -1;
      await waitUntil(async () => {
        if (reads === last) return true;
        last = reads;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return false;
      });
      // 100 rows each.
      const pages = ROWS_UNREAD / 100;
      expect(reads).toBeGreaterThan(1);
      expect(reads).toBeLessThan(pages);
      response.destroy();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(reads).toBeLessThanOrEqual(last + 1);
      expect((await owner.gql('{ viewer { id } }')).errors).toBeUndefined();
    } finally {
      app.database.withTimeout = execute;
    }
  });
});
