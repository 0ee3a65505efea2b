import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { auditRows, INVITE, SET_ACTIVE } from './account-calls.ts';

/** Failures are answered at multiples of this; see password-sign-in.service.ts. */
const STEP_MS = 100;

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let cases: { name: string; input: Record<string, unknown> }[];

  beforeAll(async () => {
    app = await startApp({
      database,
      passwordCost: 'full',
      env: { LOGIN_FAILURES_PER_ADDRESS: '1000' },
    });
    account = await app.seed.account();
    const owner = await account.owner.login();
    const [active, inactive] = [await account.addUser(), await account.addUser()];
    await owner.gql(SET_ACTIVE, { userId: inactive.id, isActive: false });
    const invited = { email: `invited@${database}.example.test`, name: 'Ivy Invited' };
    await owner.gql(INVITE, { input: invited });
    cases = [
      { name: 'wrong password', input: { email: active.email, password: 'wrong password' } },
      { name: 'unknown user', input: { email: `nobody@${database}.example.test` } },
      { name: 'inactive user', input: { email: inactive.email } },
      { name: 'inactive user, wrong password', input: { email: inactive.email, password: 'wrong password' } },
      { name: 'user without a password', input: { email: invited.email } },
      { name: 'user without a password, empty one given', input: { email: invited.email, password: '' } },
      { name: 'e-mail that cannot be stored', input: { email: 'nobody\0@example.test' } },
      { name: 'e-mail that is none', input: { email: '' } },
      { name: 'password of 50,000 characters', input: { email: active.email, password: 'x'.repeat(50_000) } },
    ];
  });
  afterAll(() => app.close());

  test('every refused sign-in has the same answer: status, text, code, cookies', async () => {
    const [first, ...others] = await Promise.all(cases.map(({ input }) => account.owner.tryLogin(input)));
    expect(first).toMatchObject({
      status: 200,
      data: null,
      extensions: { code: 'INVALID_CREDENTIALS' },
      setCookie: null,
    });
    for (const other of others) expect(other).toEqual(first);
  });

  test('a refusal waits for a whole step of time, so its delay does not show what was looked up', async () => {
    for (const { name, input } of cases) {
      const started = performance.now();
      await account.owner.tryLogin(input);
      const elapsed = performance.now() - started;
      // Timers may fire a millisecond early.
      expect({ name, isEarly: elapsed < STEP_MS - 1 }).toEqual({ name, isEarly: false });
    }
  });

  test('the trail records failures of known users only, with user and address, never what was typed', async () => {
    const before = (await auditRows(app, account.id)).filter(
      ({ action }) => action === 'login.failed',
    ).length;
    for (const { input } of cases) await account.owner.tryLogin(input);
    const rows = (await auditRows(app, account.id)).filter(({ action }) => action === 'login.failed');
    expect(rows).toHaveLength(before + 6);
    for (const row of rows) {
      expect(row).toMatchObject({
        actor_id: null,
        resource_type: 'user',
        details: {},
        ip_address: '127.0.0.1',
      });
      expect(JSON.stringify(row)).not.toMatch(/wrong password|xxxx/);
    }
  });
});
