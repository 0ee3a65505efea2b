import jwt from 'jsonwebtoken';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { User } from '../../server/accounts/user.entity.ts';
import { insertPlanned, planImport } from '../../server/cli/import-sessions.ts';
import { LOGOUT, SET_ACTIVE, sessionEnd } from '../accounts/account-calls.ts';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { countOf, rowOf } from '../refresh/session-rows.ts';
import { REFRESH, type Person, type SeededAccount } from '../seed.ts';
import { runCommand } from './admin-commands.ts';
import { waitForBlockedStatement } from '../row-locks.ts';

const HOUR = 3_600_000;

onUsualDatabase((kind) => {
  let app: TestApp;
  let folder: string;
  let account: SeededAccount;
  beforeAll(async () => {
    app = await startApp({ database: kind });
    folder = await mkdtemp(join(tmpdir(), 'curfew-import-'));
    account = await app.seed.account();
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  const after = (milliseconds: number): string =>
    new Date(app.clock.now().getTime() + milliseconds).toISOString();
  const line = (jti: string, user: string, issued = after(-HOUR), expires = after(HOUR)): string =>
    [jti, user, issued, expires].map((cell) => `"${cell}"`).join(',');

  /** The output of the command, or its refusal. */
  async function importLines(lines: readonly string[], ...flags: string[]): Promise<string> {
    const path = join(folder, `${randomUUID()}.csv`);
    await writeFile(path, ['jti,user,issued,expires', ...lines].join('\n'));
    return runCommand(app, 'import-tokens', path, ...flags).catch((error: Error) => error.message);
  }

  const change = (person: Person, changes: Partial<User>): Promise<unknown> =>
    app.database.em().nativeUpdate(User, { id: person.id }, changes);

  test('an imported row follows the contract: no snapshot, generation 0, the token’s exp as both deadlines', async () => {
    const jti = randomUUID();
    const [issued, expires] = [after(-HOUR), after(HOUR)];
    expect(await importLines([line(jti, account.owner.id)])).toBe(
      'imported: 1, already there: 0, bad lines: 0',
    );
    const row = await rowOf(app, jti);
    expect(row).toMatchObject({
      account_id: account.id,
      user_id: account.owner.id,
      generation: 0,
      idle_seconds: null,
      absolute_seconds: null,
      is_imported: true,
      imported_subject: account.owner.id,
      token_hash: null,
      ended_at: null,
    });
    const instants = (...columns: string[]) => columns.map((column) => new Date(row[column]).toISOString());
    expect(instants('authenticated_at', 'last_activity_at')).toEqual([issued, issued]);
    expect(instants('idle_expires_at', 'absolute_expires_at', 'next_check_at')).toEqual([
      expires,
      expires,
      expires,
    ]);
    expect(row.token_secret).toMatch(/^\\x[0-9a-f]{64}$/);
  });

  test('a user is found by id, else by external id, else by sign-in e-mail', async () => {
    const [ana, ben, cem] = [await account.addUser(), await account.addUser(), await account.addUser()];
    // Its external id looks like the id of one user and the e-mail of another.
    await change(ben, { externalId: cem.email });
    const jtis = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const subjects = [ana.id.toUpperCase(), cem.email, ` ${cem.email.toUpperCase()}`, ben.email];
    expect(await importLines(jtis.map((jti, index) => line(jti, subjects[index]!)))).toMatch(/^imported: 4/);
    const users = await Promise.all(jtis.map(async (jti) => (await rowOf(app, jti)).user_id));
    expect(users).toEqual([ana.id, ben.id, cem.id, ben.id]);
    const decoy = await account.addUser();
    await change(decoy, { externalId: ana.id });
    const byId = randomUUID();
    await importLines([line(byId, ana.id)]);
    expect((await rowOf(app, byId)).user_id).toBe(ana.id);
  });

  test('every bad line is listed with its reason, and nothing is imported until all are good', async () => {
    const other = await app.seed.account();
    const [here, there, gone] = [await account.addUser(), await other.addUser(), await account.addUser()];
    const shared = `shared-${randomUUID()}`;
    await change(here, { externalId: shared });
    await change(there, { externalId: shared });
    await change(gone, { isActive: false });
    const label = await account.addUser();
    await change(label, { signInEmail: null });
    const session = await account.owner.login();

    const before = await countOf(app, 'sessions');
    const good = randomUUID();
    const lines = [
      line(good, here.id),
      line('unknown-jti-of-nobody', 'nobody'),
      line('no-uuid-of-anybody', randomUUID()),
      line('label-is-no-sign-in', label.email),
      line('ambiguous-subject', shared),
      line('inactive-user-here', gone.id),
      line('past', here.id, after(-HOUR), after(0)),
      line('future-of-all', here.id, after(HOUR), after(2 * HOUR)),
      line(session.sessionId, account.owner.id),
      'short',
      line(good, there.id),
    ];
    const answer = await importLines(lines);
    expect(answer.split('\n')).toEqual([
      'line 3 (jti unknown-...): no user has this id, external id or sign-in e-mail',
      'line 4 (jti no-uuid-...): no user has this id, external id or sign-in e-mail',
      'line 5 (jti label-is...): no user has this id, external id or sign-in e-mail',
      'line 6 (jti ambiguou...): users of several accounts have this external id',
      'line 7 (jti inactive...): its user is inactive',
      'line 8 (jti past...): expired',
      'line 9 (jti future-o...): issued is in the future',
      `line 10 (jti ${session.sessionId.slice(0, 8)}...): its jti was imported with other values, or is the id of another session`,
      'line 11 (jti short...): the header has 4 values and this line 1',
      `line 12 (jti ${good.slice(0, 8)}...): its jti repeats that of line 2`,
      'Nothing was imported: 10 bad lines. Use --skip-bad to leave them out.',
    ]);
    expect(await countOf(app, 'sessions')).toBe(before);

    const skipped = await importLines(lines, '--skip-bad');
    expect(skipped).toMatch(/imported: 1, already there: 0, bad lines: 10$/);
    expect(await countOf(app, 'sessions')).toBe(before + 1);
    expect((await rowOf(app, session.sessionId)).is_imported).toBe(false);
  });

  test('a repeated import is counted, and a different line under that jti is a bad line', async () => {
    const jti = randomUUID();
    const other = await account.addUser();
    const [issued, expires] = [after(-HOUR), after(HOUR)];
    await importLines([line(jti, account.owner.id, issued, expires)]);
    const row = await rowOf(app, jti);
    expect(await importLines([line(jti, account.owner.id, issued, expires)])).toMatch(/already there: 1/);
    for (const different of [
      line(jti, other.id, issued, expires),
      line(jti, account.owner.email, issued, expires),
      line(jti, account.owner.id, after(-2 * HOUR), expires),
      line(jti, account.owner.id, issued, after(2 * HOUR)),
    ])
      expect(await importLines([different])).toMatch(/imported with other values/);
    expect(await rowOf(app, jti)).toEqual(row);
  });

  test('a session that has rotated or ended counts as present and is left unchanged', async () => {
    const jti = randomUUID();
    const exp = Math.floor((app.clock.now().getTime() + HOUR) / 1_000);
    const lines = [line(jti, account.owner.email, after(-HOUR), String(exp))];
    await importLines(lines);
    const secret = app.config.tokens.refreshSecrets![0]!;
    const token = jwt.sign({ sub: account.owner.email, jti, type: 'refresh', exp }, secret, {
      noTimestamp: true,
    });
    const { data } = await app.gql(REFRESH, { input: { refreshToken: token } });
    for (const change of [undefined, LOGOUT]) {
      if (change) await app.gql(change, {}, { token: data.refreshSession.accessToken });
      const row = await rowOf(app, jti);
      expect(row).toMatchObject({ generation: 1, end_reason: change ? 'LOGOUT' : null });
      expect(await importLines(lines)).toBe('imported: 0, already there: 1, bad lines: 0');
      expect(await rowOf(app, jti)).toEqual(row);
    }
  });

  test('twelve thousand lines are one transaction', async () => {
    const lines = Array.from({ length: 12_000 }, (_, index) => line(`many-${index}`, account.owner.email));
    const before = await countOf(app, 'sessions');
    expect(await importLines([...lines, line('last', 'nobody')])).toMatch(/^line 12002 .*\nNothing/);
    expect(await countOf(app, 'sessions')).toBe(before);
    expect(await importLines(lines)).toMatch(/^imported: 12000,/);
    expect(await importLines(lines)).toMatch(/already there: 12000,/);
  }, 60_000);
});

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: 'postgresql' });
  });
  afterAll(() => app.close());

  test('deactivating a user during an import ends the imported sessions, or stops the import', async () => {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const member = await account.addUser();
    const now = app.clock.now();
    const token = (jti: string) => ({
      jti,
      subject: member.id,
      issuedAt: now,
      expiresAt: new Date(now.getTime() + HOUR),
    });
    const setActive = (isActive: boolean) => owner.gql(SET_ACTIVE, { userId: member.id, isActive });

    // The deactivation waits for the import's commit, and then finds the session.
    let deactivated: Promise<unknown> | undefined;
    const [late, early] = [randomUUID(), randomUUID()];
    await app.database.transaction(async (em) => {
      await insertPlanned(em, await planImport(em, [token(late)], now));
      deactivated = setActive(false);
      await waitForBlockedStatement(app.testDatabase.url!, 'from accounts where id = $1 for no key update');
    });
    await deactivated;
    expect((await sessionEnd(app, late)).end_reason).toBe('USER_DEACTIVATED');

    await setActive(true);
    const importing = app.database.transaction(async (em) => {
      const plan = await planImport(em, [token(early)], now);
      await setActive(false);
      await insertPlanned(em, plan);
    });
    await expect(importing).rejects.toMatchObject({ code: 'CONFLICT' });
    const { rows } = await sql`select 1 from sessions where id = ${early}`.execute(
      app.database.em().getKysely(),
    );
    expect(rows).toEqual([]);
  });
});
