import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { dataOf, HOUR, savePolicy, startPolicyApp } from '../policy/policy-calls.ts';
import { rule } from '../policy/rules-calls.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';

const POLICY_AT = `query ($at: DateTime!) { sessionPolicyAt(at: $at) {
  at effectiveIdleMinutes effectiveAbsoluteMinutes isCustomised since setBy { id } setByName
  rules { role appType idleMinutes absoluteMinutes } maxSessionsPerUser sessionLimitAction } }`;

onUsualDatabase((database) => {
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

  const policyAt = async (at: Date): Promise<any> =>
    dataOf(await owner.gql(POLICY_AT, { at })).sessionPolicyAt;
  /** Removes a change from the trail, as after its retention. */
  async function purge(moment: Date) {
    const em = app.database.em().getKysely();
    await sql`alter table audit_events disable trigger user`.execute(em);
    await sql`delete from audit_events where account_id = ${account.id} and created_at = ${moment}`.execute(
      em,
    );
    await sql`alter table audit_events enable trigger user`.execute(em);
  }
  async function saveLater(input: Record<string, unknown>): Promise<Date> {
    app.clock.advance(HOUR);
    await savePolicy(owner, input);
    return app.clock.now();
  }
  const before = (moment: Date) => new Date(moment.getTime() - 1);

  test('each moment has the limits of the last change before it', async () => {
    const created = app.clock.now();
    const first = await saveLater({ idleMinutes: 60, absoluteMinutes: 240 });
    const second = await saveLater({ idleMinutes: 30, absoluteMinutes: null });
    const third = await saveLater({});
    app.clock.advance(HOUR);
    const defaults = { effectiveIdleMinutes: 4320, effectiveAbsoluteMinutes: 20_160, isCustomised: false };
    const who = { setBy: { id: account.owner.id }, setByName: owner.payload.user.name };
    const unset = { since: null, setBy: null, setByName: null };
    const settings = { rules: [], maxSessionsPerUser: null, sessionLimitAction: 'DENY' };
    expect(await policyAt(created)).toEqual({
      at: created.toISOString(),
      ...defaults,
      ...unset,
      ...settings,
    });
    expect(await policyAt(before(first))).toMatchObject({ ...defaults, ...unset });
    const sixty = {
      effectiveIdleMinutes: 60,
      effectiveAbsoluteMinutes: 240,
      isCustomised: true,
      since: first.toISOString(),
      ...who,
    };
    expect(await policyAt(first)).toMatchObject(sixty);
    expect(await policyAt(before(second))).toMatchObject(sixty);
    expect(await policyAt(second)).toMatchObject({
      effectiveIdleMinutes: 30,
      effectiveAbsoluteMinutes: 20_160,
      isCustomised: true,
      since: second.toISOString(),
    });
    expect(await policyAt(app.clock.now())).toMatchObject({
      ...defaults,
      since: third.toISOString(),
      ...who,
    });
  });

  test('a change whose row is past its retention is known by the next one, or by the policy itself', async () => {
    const first = await saveLater({ idleMinutes: 60, absoluteMinutes: 240 });
    const second = await saveLater({ idleMinutes: 30, absoluteMinutes: 120 });
    await purge(first);
    expect(await policyAt(before(second))).toMatchObject({
      effectiveIdleMinutes: 60,
      effectiveAbsoluteMinutes: 240,
      isCustomised: true,
      since: null,
      setByName: null,
    });
    await purge(second);
    expect(await policyAt(app.clock.now())).toMatchObject({
      effectiveIdleMinutes: 30,
      effectiveAbsoluteMinutes: 120,
      since: second.toISOString(),
      setBy: { id: account.owner.id },
      setByName: owner.payload.user.name,
    });
    expect((await owner.gql(POLICY_AT, { at: before(second) })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'at',
      reason: 'OUT_OF_BOUNDS',
    });
  });

  test('each moment has its rules and its maximum of sessions, also where later changes left them alone', async () => {
    const created = app.clock.now();
    const owners = rule('OWNER', 'CONTROL_PANEL', 15, 60);
    const members = rule('MEMBER', null, 30, 120);
    const ruled = await saveLater({ rules: [owners] });
    const limited = await saveLater({ maxSessionsPerUser: 3, sessionLimitAction: 'ASK' });
    const other = await saveLater({ idleMinutes: 60, absoluteMinutes: 240 });
    const both = await saveLater({ rules: [members, owners], maxSessionsPerUser: 2 });
    const cleared = await saveLater({ rules: null, maxSessionsPerUser: null, sessionLimitAction: null });
    const none = { rules: [], maxSessionsPerUser: null, sessionLimitAction: 'DENY' };
    const one = { rules: [owners], maxSessionsPerUser: 3, sessionLimitAction: 'ASK' };

    expect(await policyAt(created)).toMatchObject(none);
    expect(await policyAt(before(ruled))).toMatchObject(none);
    expect(await policyAt(ruled)).toMatchObject({ ...none, rules: [owners], since: ruled.toISOString() });
    expect(await policyAt(limited)).toMatchObject(one);
    expect(await policyAt(other)).toMatchObject({ ...one, effectiveIdleMinutes: 60 });
    expect(await policyAt(both)).toMatchObject({ ...one, rules: [members, owners], maxSessionsPerUser: 2 });
    expect(await policyAt(cleared)).toMatchObject(none);

    // What the trail no longer has of one side, the other side says.
    await purge(ruled);
    await purge(limited);
    expect(await policyAt(before(other))).toMatchObject(one);
  });

  test('rules of which the trail has no change any more are those of now', async () => {
    const owners = rule('OWNER', null, 15, 60);
    const ruled = await saveLater({ rules: [owners], maxSessionsPerUser: 4 });
    await purge(ruled);
    const settings = { rules: [owners], maxSessionsPerUser: 4, sessionLimitAction: 'DENY' };
    expect(await policyAt(app.clock.now())).toMatchObject(settings);
    await saveLater({ idleMinutes: 60, absoluteMinutes: 240 });
    expect(await policyAt(app.clock.now())).toMatchObject(settings);
  });

  test('a moment in the future or before the account is BAD_USER_INPUT', async () => {
    const created = app.clock.now();
    app.clock.advance(HOUR);
    for (const at of [new Date(app.clock.now().getTime() + 60_001), before(created), new Date(0)])
      expect((await owner.gql(POLICY_AT, { at })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'at',
        reason: 'OUT_OF_BOUNDS',
      });
    // A clock that is a little ahead means now.
    const ahead = new Date(app.clock.now().getTime() + 60_000);
    expect((await policyAt(ahead)).at).toBe(app.clock.now().toISOString());
    expect((await owner.gql(POLICY_AT, { at: 'yesterday' })).code).toBe('BAD_USER_INPUT');
  });

  test('is for owners only, and of their own account', async () => {
    const member = await (await account.addUser()).login();
    const at = app.clock.now();
    expect((await member.gql(POLICY_AT, { at })).code).toBe('FORBIDDEN');
    expect((await app.gql(POLICY_AT, { at })).code).toBe('UNAUTHENTICATED');
    const neighbour = await (await app.seed.account()).owner.login();
    await savePolicy(neighbour, { idleMinutes: 15, absoluteMinutes: 60 });
    expect(await policyAt(app.clock.now())).toMatchObject({ isCustomised: false });
  });
});
