import { onUsualDatabase } from '../databases.ts';
import {
  followWarned,
  loginWarned,
  startShort,
  SET_POLICY,
  WARNING_MS,
} from '../expiry/session-subscriptions.ts';
import type { TestApp } from '../harness.ts';
import { backEnd, VALIDATE_MANY } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import { growth, scrape, type Scrape } from './scrape.ts';

const ended = (reason: string) => `curfew_sessions_ended_total{reason="${reason}"}`;
const refreshes = (outcome: string) => `curfew_refreshes_total{outcome="${outcome}"}`;
const validations = (outcome: string) => `curfew_validations_total{outcome="${outcome}"}`;
const signIns = (outcome: string) => `curfew_sign_ins_total{method="password",outcome="${outcome}"}`;
const started = (appType: string, method: string) =>
  `curfew_sessions_started_total{app_type="${appType}",method="${method}"}`;

onUsualDatabase((database) => {
  let app: TestApp;
  let before: Scrape;
  beforeAll(async () => {
    app = await startShort(database, { env: { SESSION_SWEEP_SECONDS: '15' } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    before = await scrape(app);
  });

  test('a sign-in counts as one that succeeded, and as a session that started', async () => {
    const { owner } = await app.seed.account();
    await owner.login();
    await owner.login({ appType: 'TENANT_APP' });
    await owner.tryLogin({ password: 'not the password at all' });
    expect(
      await growth(app, before, [
        signIns('succeeded'),
        signIns('refused'),
        signIns('throttled'),
        started('CONTROL_PANEL', 'password'),
        started('TENANT_APP', 'password'),
        started('CONTROL_PANEL', 'service'),
      ]),
    ).toEqual({
      [signIns('succeeded')]: 2,
      [signIns('refused')]: 1,
      [signIns('throttled')]: 0,
      [started('CONTROL_PANEL', 'password')]: 1,
      [started('TENANT_APP', 'password')]: 1,
      [started('CONTROL_PANEL', 'service')]: 0,
    });
  });

  test('each refresh counts once, by what was decided', async () => {
    const { owner } = await app.seed.account();
    const who = await owner.login();
    const refresh = async (refreshToken: string) =>
      (await who.refresh({ refreshToken })).data?.refreshSession?.refreshToken as string;
    const second = await refresh(who.refreshToken);
    await refresh(who.refreshToken);
    await refresh(second);
    // The grandparent, within the grace of its own replacement: tabs that raced.
    await refresh(who.refreshToken);
    await refresh('no token at all');
    // The sign-in page asks so whether the browser has kept its cookie.
    await who.refresh({ refreshToken: second, notAfter: '1970-01-01T00:00:00Z' });
    // Past the grace of everything: a copy is in use.
    app.clock.advance(60_000);
    await refresh(who.refreshToken);
    await refresh(second);
    const idle = await owner.login();
    app.clock.advance(61 * 60_000);
    await idle.refresh();
    const outcomes = ['rotated', 'replayed', 'raced', 'expired', 'refused', 'reuse'].map(refreshes);
    expect(await growth(app, before, [...outcomes, ended('REFRESH_TOKEN_REUSED')])).toEqual({
      [refreshes('rotated')]: 2,
      [refreshes('replayed')]: 1,
      [refreshes('raced')]: 1,
      [refreshes('expired')]: 1,
      [refreshes('refused')]: 2,
      [refreshes('reuse')]: 1,
      [ended('REFRESH_TOKEN_REUSED')]: 1,
    });
  });

  test('each end counts once, alone, in bulk, replaced and at a deadline', async () => {
    const { owner, addUser } = await app.seed.account();
    const member = await addUser();
    const browser = await owner.tryLogin({ transport: 'COOKIE' });
    await owner.tryLogin({ transport: 'COOKIE' }, { cookie: browser.cookie! });
    const who = await owner.login();
    const other = await owner.login();
    await member.login();
    await member.login();
    await other.gql('mutation { logout { ended } }');
    await other.gql('mutation { logout { ended } }');
    await who.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
    await who.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
    app.clock.advance(61 * 60_000);
    app.clock.advance(16_000);
    const timeouts = async () => (await growth(app, before, [ended('IDLE_TIMEOUT')]))[ended('IDLE_TIMEOUT')]!;
    await waitUntil(async () => (await timeouts()) >= 2);
    const { [ended('IDLE_TIMEOUT')]: _, ...others } = await growth(app, before, [
      ended('REPLACED'),
      ended('LOGOUT'),
      ended('REVOKED_BY_OWNER'),
      ended('ABSOLUTE_TIMEOUT'),
      ended('IDLE_TIMEOUT'),
    ]);
    expect(others).toEqual({
      [ended('REPLACED')]: 1,
      [ended('LOGOUT')]: 1,
      [ended('REVOKED_BY_OWNER')]: 2,
      [ended('ABSOLUTE_TIMEOUT')]: 0,
    });
  });

  test('every session checked for a back end, a gateway or an API counts', async () => {
    const account = await app.seed.account();
    const shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    const [one, two] = [await shop.create(), await shop.create()];
    await shop.end(two.sessionToken);
    await shop.validate(one.sessionToken);
    const input = [one, two, { sessionToken: 'x'.repeat(43) }].map(({ sessionToken }) => ({ sessionToken }));
    await shop.gql(VALIDATE_MANY, { input });
    const verify = (token: string) =>
      fetch(`${app.url}/auth/verify`, { headers: { 'x-session-token': token } });
    expect((await verify(one.sessionToken)).status).toBe(204);
    expect((await verify(two.sessionToken)).status).toBe(401);
    // Without a credential no session is checked.
    await fetch(`${app.url}/auth/verify`);
    await fetch(`${app.url}/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.key}` },
      body: new URLSearchParams({ token: one.sessionToken }),
    });
    const outcomes = ['valid', 'revoked', 'not_found', 'refused'].map(validations);
    expect(await growth(app, before, [...outcomes, started('TENANT_APP', 'service')])).toEqual({
      [validations('valid')]: 4,
      [validations('revoked')]: 1,
      [validations('not_found')]: 1,
      [validations('refused')]: 1,
      [started('TENANT_APP', 'service')]: 2,
    });
  });

  test('a warning and an end count with their delay, and a late subscriber is not warned late', async () => {
    const { owner } = await app.seed.account();
    const who = await loginWarned(app, owner, WARNING_MS / 2);
    const expiry = await followWarned(app, who);
    app.clock.advance(1_500);
    await who.gql('mutation { logout { ended } }');
    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED' });
    const idle = 'curfew_warnings_sent_total{deadline="idle"}';
    expect(
      await growth(app, before, [
        idle,
        'curfew_warnings_sent_total{deadline="absolute"}',
        'curfew_warning_delay_seconds_count',
        'curfew_warning_delay_seconds_sum',
        'curfew_end_push_delay_seconds_count',
        'curfew_end_push_delay_seconds_sum',
      ]),
    ).toEqual({
      [idle]: 1,
      'curfew_warnings_sent_total{deadline="absolute"}': 0,
      curfew_warning_delay_seconds_count: 1,
      curfew_warning_delay_seconds_sum: 0,
      curfew_end_push_delay_seconds_count: 1,
      curfew_end_push_delay_seconds_sum: 0,
    });
  });

  test('live sessions are counted in the database, without those that have ended or are past a deadline', async () => {
    const { owner } = await app.seed.account();
    app.clock.advance(24 * 60 * 60_000);
    const [first] = [await owner.login(), await owner.login(), await owner.login()];
    await first!.gql('mutation { logout { ended } }');
    await waitUntil(async () => (await scrape(app)).value('curfew_live_sessions') === 2);
    expect((await scrape(app)).value('curfew_database_up')).toBe(1);
  }, 30_000);
});

onUsualDatabase((database) => {
  test('the ends of a whole account that are written later count once, with their own reason', async () => {
    const app = await startShort(database, { revocationBatchSize: 2 });
    const { owner, addUser } = await app.seed.account();
    const members = await Promise.all(Array.from({ length: 3 }, () => addUser()));
    for (const member of [...members, ...members]) await member.login();
    const before = await scrape(app);
    const who = await owner.login();
    await who.gql(SET_POLICY, { input: { idleMinutes: 30, absoluteMinutes: 60 } });
    await who.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
    const reason = ended('REVOKED_BY_OWNER');
    await waitUntil(async () => (await growth(app, before, [reason]))[reason] === 6);
    expect(await growth(app, before, [reason, ended('POLICY_CHANGED')])).toEqual({
      [reason]: 6,
      [ended('POLICY_CHANGED')]: 0,
    });
    await app.close();
  });
});
