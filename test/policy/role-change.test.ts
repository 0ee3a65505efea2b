import { randomUUID } from 'node:crypto';
import { INVITE, SET_PASSWORD, SET_ROLE, tokenOf } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { untilGauge } from '../expiry/raw-socket.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { auditRows, dataOf, HOUR, MINUTE, sessionRows, startPolicyApp } from './policy-calls.ts';
import { nextWith, rule, saveRules, untilBegun } from './rules-calls.ts';

const RULES = [
  rule('OWNER', null, 30, 120),
  rule('MEMBER', 'CONTROL_PANEL', 60, 600),
  rule('MEMBER', 'TENANT_APP', 15, 600),
];

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  afterAll(() => app.close());

  async function seedMember(rules = RULES) {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    await saveRules(owner, { rules });
    const person = await account.addUser();
    const rowOf = async ({ sessionId }: SignedIn) =>
      (await sessionRows(app, account.id)).find(({ id }) => id === sessionId)!;
    const setRole = async (role: string, userId = person.id) =>
      dataOf(await owner.gql(SET_ROLE, { userId, role })).setUserRole;
    return { account, owner, person, rowOf, setRole };
  }
  const roleChanges = async (accountId: string) =>
    (await auditRows(app, accountId, 'user.role_changed')).map(({ details }) => details);

  test('gives live sessions the limits of the new role: shorter ones at once, told, and never longer', async () => {
    const { account, owner, person, rowOf, setRole } = await seedMember();
    const signedInAt = app.clock.now();
    const panel = await person.login();
    const heard = panel.expiry();
    await untilBegun([heard], (time) =>
      saveRules(owner, { rules: [rule('MEMBER', null, 60 - time, 600)], apply: 'ACTIVE_SESSIONS' }),
    );
    await saveRules(owner, { rules: RULES });
    const inApp = await person.login({ appType: 'TENANT_APP' });
    const colleague = await (await account.addUser()).login();
    app.clock.advance(10 * MINUTE);
    await setRole('OWNER');
    const at = (minutes: number) => new Date(signedInAt.getTime() + minutes * MINUTE);
    expect(await rowOf(panel)).toMatchObject({
      idle_seconds: 1800,
      absolute_seconds: 7200,
      idle_expires_at: at(30),
      absolute_expires_at: at(120),
      ended_at: null,
    });
    // Its idle limit was shorter already.
    expect(await rowOf(inApp)).toMatchObject({
      idle_seconds: 900,
      idle_expires_at: at(15),
      absolute_expires_at: at(120),
    });
    expect(await rowOf(colleague)).toMatchObject({ idle_seconds: 3600, absolute_seconds: 36_000 });
    expect(await nextWith(heard, at(30))).toMatchObject({ kind: 'SHORTENED' });
    await heard.stop();
    expect(await roleChanges(account.id)).toEqual([
      { old: 'MEMBER', new: 'OWNER', ended_count: 0, shortened_count: 2 },
    ]);
    // Back again: the longer limits do not come back.
    await setRole('MEMBER');
    expect(await rowOf(panel)).toMatchObject({ idle_seconds: 1800, absolute_seconds: 7200 });
    expect((await person.login()).payload.session).toMatchObject({ idleMinutes: 60, absoluteMinutes: 600 });
  });

  test('ends those past the limits of the new role, a deadline equal to now included', async () => {
    const { account, person, rowOf, setRole } = await seedMember();
    const past = await person.login();
    const heard = past.expiry();
    await untilGauge(app, 'curfew_watched_sessions', 1);
    app.clock.advance(1);
    const almost = await person.login();
    app.clock.advance(30 * MINUTE - 1);
    await setRole('OWNER');
    expect(await rowOf(past)).toMatchObject({ end_reason: 'POLICY_CHANGED', ended_at: app.clock.now() });
    expect(await rowOf(almost)).toMatchObject({ end_reason: null, idle_seconds: 1800 });
    expect(await heard.next()).toMatchObject({ kind: 'REVOKED', endReason: 'POLICY_CHANGED' });
    expect((await past.gql('{ currentSession { id } }')).extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      endReason: 'POLICY_CHANGED',
    });
    expect(await roleChanges(account.id)).toEqual([
      { old: 'MEMBER', new: 'OWNER', ended_count: 1, shortened_count: 1 },
    ]);
  });

  test('counts as an applied policy also without rules, and not where the role stays the same', async () => {
    const { account, owner, person, rowOf, setRole } = await seedMember([]);
    const before = await person.login();
    const colleague = await (await account.addUser()).login();
    await saveRules(owner, { idleMinutes: 120, absoluteMinutes: 240 });
    await setRole('MEMBER');
    expect(await rowOf(before)).toMatchObject({ idle_seconds: 4320 * 60 });
    await setRole('OWNER');
    expect(await rowOf(before)).toMatchObject({ idle_seconds: 7200, absolute_seconds: 14_400 });
    expect(await rowOf(colleague)).toMatchObject({ idle_seconds: 4320 * 60 });
    expect(await roleChanges(account.id)).toHaveLength(1);
  });

  test('an owner who becomes a member by their own change keeps to the limits of a member', async () => {
    const { account, rowOf } = await seedMember();
    const other = await account.addUser('OWNER');
    const self = await other.login({ appType: 'TENANT_APP' });
    dataOf(await self.gql(SET_ROLE, { userId: other.id, role: 'MEMBER' }));
    expect(await rowOf(self)).toMatchObject({ idle_seconds: 900, end_reason: null });
  });

  test('a role that comes with a link: every live session ends with the password, and the new one is of the role', async () => {
    const { account, owner, rowOf } = await seedMember();
    const { user } = dataOf(
      await owner.gql(INVITE, {
        input: { email: `${randomUUID()}@example.test`, name: 'Ida', role: 'MEMBER' },
      }),
    ).inviteUser;
    const again = { userId: user.id, role: 'OWNER' };
    const { setPasswordUrl } = dataOf(await owner.gql(INVITE, { input: again })).inviteUser;
    app.clock.advance(HOUR / 4);
    const input = { token: tokenOf(setPasswordUrl), newPassword: 'a much better password' };
    const { session } = dataOf(await app.gql(SET_PASSWORD, { input })).setPassword;
    expect(await rowOf({ sessionId: session.id } as SignedIn)).toMatchObject({ idle_seconds: 1800 });
    expect(await roleChanges(account.id)).toEqual([
      { old: 'MEMBER', new: 'OWNER', ended_count: 0, shortened_count: 0 },
    ]);
  });
});
