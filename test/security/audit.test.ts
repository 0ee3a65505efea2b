import { sql } from 'kysely';
import { auditRows } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { CHANGES, setScene, UNRECORDED, type Change, type Scene } from './audited-changes.ts';
import { ROOT_FIELDS } from './root-fields.ts';

const CHANGED_TABLES = [
  'accounts',
  'users',
  'password_links',
  'sessions',
  'service_keys',
  'event_sources',
  'event_streams',
];
const each = CHANGES.map((change) => [change.name, change] as const);

test('every mutation of the schema is among the changes', () => {
  const mutations = ROOT_FIELDS.filter(({ kind, name }) => kind === 'mutation' && !UNRECORDED.has(name));
  const covered = new Set(CHANGES.map(({ name }) => name.split(' ')[0]));
  expect(mutations.filter(({ name }) => !covered.has(name)).map(({ name }) => name)).toEqual([]);
});

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: { TRUST_PROXY: 'true' } });
  });
  afterAll(() => app.close());

  const execute = (statement: string) => sql.raw(statement).execute(app.database.em().getKysely());

  async function ready(change: Change): Promise<Scene> {
    const scene = await setScene(app);
    await change.prepare?.(scene);
    app.clock.advance(1);
    return scene;
  }

  test.each(each)('%s: exactly one row, with actor, target and origin', async (_, change) => {
    const scene = await ready(change);
    const before = await auditRows(app, scene.account.id);
    const answer = await change.run(scene);
    expect(answer.code).toBe(change.code);

    const added = (await auditRows(app, scene.account.id)).slice(before.length);
    expect(added.map(({ action }) => action).toSorted()).toEqual(change.actions);
    const actors = { owner: scene.account.owner.id, member: scene.member.id };
    for (const row of added) {
      expect(row.actor_id).toBe(change.actor && actors[change.actor]);
      expect(row.actor_name).not.toBe('');
      expect(row.ip_address).toBe('127.0.0.1');
    }
  });

  test.each(each)('%s: no change when the row cannot be written', async (_, change) => {
    const scene = await ready(change);
    const before = await everything();
    await execute(
      `create function no_audit() returns trigger language plpgsql as $$ begin raise 'no audit today'; end $$`,
    );
    await execute(
      `create trigger no_audit before insert on audit_events for each row execute function no_audit()`,
    );
    let answer;
    try {
      answer = await change.run(scene);
    } finally {
      await execute(`drop trigger no_audit on audit_events`);
      await execute(`drop function no_audit`);
    }
    expect(answer.errors).toEqual([
      expect.objectContaining({
        message: 'Internal server error',
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      }),
    ]);
    expect(answer.setCookie).toBeNull();
    expect(await everything()).toEqual(before);
  });

  test.each(each)('%s: no row when the change cannot be committed', async (_, change) => {
    const scene = await ready(change);
    const before = await everything();
    await execute(
      `create function no_commit() returns trigger language plpgsql as $$ begin raise 'no commit today'; end $$`,
    );
    for (const table of CHANGED_TABLES)
      await execute(
        // Not when a key is used, which its row notes.
        `create constraint trigger no_commit after insert or delete or update ${table === 'service_keys' ? 'of revoked_at' : ''}
          on ${table} deferrable initially deferred for each row execute function no_commit()`,
      );
    try {
      await change.run(scene);
    } finally {
      for (const table of CHANGED_TABLES) await execute(`drop trigger no_commit on ${table}`);
      await execute(`drop function no_commit`);
    }
    // A failed sign-in changes nothing but the trail.
    const rows = (await auditRows(app, scene.account.id)).filter(({ action }) => action !== 'login.failed');
    const earlier = (before.audit_events as { row: { account_id: string; action: string } }[]).filter(
      ({ row }) => row.account_id === scene.account.id && row.action !== 'login.failed',
    );
    expect(rows.length).toBe(earlier.length);
  });

  async function everything(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const table of [...CHANGED_TABLES, 'audit_events']) {
      const { rows } = await execute(
        `select to_jsonb(t) - 'last_used_at' as row from ${table} t order by t.id`,
      );
      found[table] = rows;
    }
    return found;
  }

  test('rows can be neither changed nor deleted, one by one or all at once', async () => {
    const { account } = await setScene(app);
    for (const statement of [
      `update audit_events set action = 'nothing.happened' where account_id = '${account.id}'`,
      `delete from audit_events where account_id = '${account.id}'`,
      `truncate audit_events`,
    ]) {
      await expect(execute(statement)).rejects.toThrow(/append-only/);
    }
  });

  test('no row holds a password, a token or a hash of one', async () => {
    const secrets: string[] = [];
    for (const change of CHANGES) {
      const scene = await ready(change);
      const answer = await change.run(scene);
      const { owner, session, linkToken } = scene;
      secrets.push(
        scene.serviceKey,
        scene.sessionToken,
        owner.accessToken,
        owner.refreshToken,
        session.accessToken,
        session.refreshToken,
        linkToken,
      );
      collectSecrets(answer.data, secrets);
    }
    const { rows } = await execute(`select to_jsonb(e)::text as row from audit_events e`);
    const trail = (rows as { row: string }[]).map(({ row }) => row).join('\n');
    expect(trail).not.toMatch(/password"|correct horse|better password|wrong password|argon2|eyJ|#token/);
    for (const secret of secrets) {
      expect(trail).not.toContain(secret);
      expect(trail).not.toContain(secret.split('.').at(-1));
    }
  });
});

function collectSecrets(value: unknown, into: string[]): void {
  if (typeof value === 'string') {
    const token = /^ey|#token=(.*)/.exec(value);
    if (token) into.push(token[1] ?? value);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collectSecrets(inner, into);
  }
}
