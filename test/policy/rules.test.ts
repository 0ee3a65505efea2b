import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { INVITE, SET_PASSWORD, tokenOf } from '../accounts/account-calls.ts';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { present } from '../refresh/refresh-calls.ts';
import { importSession } from '../refresh/session-rows.ts';
import { claimsOf, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import {
  auditRows,
  accountRow,
  HOUR,
  MINUTE,
  POLICY_UPDATE,
  restartWith,
  savePolicy,
  sessionRows,
  startPolicyApp,
} from './policy-calls.ts';
import {
  IMPACT_BY_RULE,
  nextWith,
  readImpactByRule,
  readRules,
  rule,
  SAVE_RULES,
  saveRules,
  type Rule,
  untilBegun,
} from './rules-calls.ts';

const OWNERS_HERE = rule('OWNER', 'CONTROL_PANEL', 15, 60);
const OWNERS = rule('OWNER', null, 30, 120);
const APPLICATIONS = rule(null, 'TENANT_APP', 45, 180);
const PAIR = { idleMinutes: 600, absoluteMinutes: 6000 };
const RULES = [APPLICATIONS, OWNERS, OWNERS_HERE];

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  afterAll(() => app.close());

  const limitsOf = ({ payload: { session } }: SignedIn) => [session.idleMinutes, session.absoluteMinutes];

  describe('a new session takes the most specific rule that fits', () => {
    let account: SeededAccount;
    let owner: SignedIn;
    beforeAll(async () => {
      account = await app.seed.account();
      owner = await account.owner.login();
      await saveRules(owner, { ...PAIR, rules: RULES });
    });

    test('at a sign-in with a password: in its deadlines and in its refresh token', async () => {
      const member = await account.addUser();
      const inApp = { appType: 'TENANT_APP' };
      const here = await account.owner.login();
      expect(limitsOf(here)).toEqual([15, 60]);
      expect(limitsOf(await account.owner.login(inApp))).toEqual([30, 120]);
      expect(limitsOf(await member.login(inApp))).toEqual([45, 180]);
      expect(limitsOf(await member.login())).toEqual([600, 6000]);
      expect(claimsOf(here.refreshToken)).toMatchObject({ idle_max: 900, abs_max: 3600 });
      expect(here.payload.absoluteExpiresAt).toBe(new Date(app.clock.now().getTime() + HOUR).toISOString());
    });

    test('at a sign-in of a service', async () => {
      const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
      const member = await account.addUser();
      const limits = async (input: Record<string, unknown>) => {
        const { session } = await service.create(input);
        return [session.idleMinutes, session.absoluteMinutes];
      };
      expect(await limits({ userId: account.owner.id })).toEqual([30, 120]);
      expect(await limits({ userId: account.owner.id, appType: 'CONTROL_PANEL' })).toEqual([15, 60]);
      expect(await limits({ userId: member.id })).toEqual([45, 180]);
      const fresh = { externalId: randomUUID(), email: 'fresh@example.test', name: 'Fresh' };
      expect(await limits(fresh)).toEqual([45, 180]);
    });

    test('with a link that gives a role, by that role', async () => {
      const input = { email: `${randomUUID()}@example.test`, name: 'New Owner', role: 'OWNER' };
      const { data } = await owner.gql(INVITE, { input });
      const token = tokenOf(data.inviteUser.setPasswordUrl);
      const used = await app.gql(SET_PASSWORD, { input: { token, newPassword: 'a much better password' } });
      const row = (await sessionRows(app, account.id)).find(
        ({ id }) => id === used.data.setPassword.session.id,
      );
      expect(row).toMatchObject({ idle_seconds: 900, absolute_seconds: 3600 });
    });

    test('when an imported session is upgraded, by its application type', async () => {
      const member = await account.addUser();
      const jti = randomUUID();
      const exp = Math.floor(app.clock.now().getTime() / 1000) + 300;
      await importSession(app, member, jti, new Date(exp * 1000));
      const secret = app.config.tokens.refreshSecrets![0]!;
      const token = jwt.sign({ sub: member.id, jti, type: 'refresh', exp }, secret, { noTimestamp: true });
      expect((await present(app, token)).data.refreshSession.session).toMatchObject({
        id: jti,
        idleMinutes: 45,
        absoluteMinutes: 180,
      });
    });

    test('clamped to bounds that have become tighter, like the two limits; the rule stays as it was set', async () => {
      const tight = await restartWith(app, {
        SESSION_IDLE_MINUTES_DEFAULT: '20',
        SESSION_IDLE_MINUTES_MIN: '20',
        SESSION_IDLE_MINUTES_MAX: '25',
        SESSION_ABSOLUTE_MINUTES_DEFAULT: '90',
        SESSION_ABSOLUTE_MINUTES_MIN: '90',
        SESSION_ABSOLUTE_MINUTES_MAX: '100',
      });
      const input = { email: account.owner.email, password: 'correct horse battery staple' };
      const login = `mutation ($input: LoginInput!) { login(input: $input) { accessToken session { idleMinutes absoluteMinutes } } }`;
      const { data } = await tight.gql(login, { input });
      expect(data.login.session).toEqual({ idleMinutes: 20, absoluteMinutes: 90 });
      // Rules that stay are not refused for what bounds came after them.
      const saved = await tight.gql(
        SAVE_RULES,
        { input: { maxSessionsPerUser: 50 } },
        { token: data.login.accessToken },
      );
      expect(saved.data.updateSessionPolicy.sessionPolicy).toMatchObject({ rules: RULES });
      await tight.close();
      await saveRules(await account.owner.login(), { ...PAIR, maxSessionsPerUser: null });
    });
  });

  describe('updateSessionPolicy', () => {
    const FULL = { ...PAIR, rules: RULES, maxSessionsPerUser: 5, sessionLimitAction: 'ASK' };

    test('keeps what is absent, clears with null, and always replaces the two limits', async () => {
      const owner = await (await app.seed.account()).owner.login();
      expect(await readRules(owner)).toMatchObject({
        rules: [],
        maxSessionsPerUser: null,
        sessionLimitAction: 'DENY',
      });
      expect((await saveRules(owner, FULL)).sessionPolicy).toMatchObject({ ...FULL, version: 1 });
      expect((await saveRules(owner, {})).sessionPolicy).toMatchObject({
        ...FULL,
        idleMinutes: null,
        absoluteMinutes: null,
        preset: 'STRICT',
        version: 2,
      });
      expect((await saveRules(owner, { rules: [OWNERS] })).sessionPolicy.rules).toEqual([OWNERS]);
      expect((await saveRules(owner, { rules: [] })).sessionPolicy).toMatchObject({
        rules: [],
        maxSessionsPerUser: 5,
        sessionLimitAction: 'ASK',
      });
      await saveRules(owner, FULL);
      const none = { rules: null, maxSessionsPerUser: null, sessionLimitAction: null };
      expect((await saveRules(owner, none)).sessionPolicy).toMatchObject({
        rules: [],
        maxSessionsPerUser: null,
        sessionLimitAction: 'DENY',
      });
    });

    test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
      [
        'a rule out of bounds',
        { rules: [OWNERS, rule('MEMBER', null, 9, 60)] },
        { field: 'rules.1.idleMinutes', reason: 'OUT_OF_BOUNDS', min: 10, max: 43_200 },
      ],
      [
        'a rule whose limits contradict',
        { rules: [rule('MEMBER', null, 61, 60)] },
        { field: 'rules.0.idleMinutes', reason: 'IDLE_EXCEEDS_ABSOLUTE', min: 10, max: 60 },
      ],
      [
        'two rules for the same',
        { rules: [OWNERS, APPLICATIONS, { ...OWNERS, idleMinutes: 10 }] },
        { field: 'rules.2', reason: 'DUPLICATE' },
      ],
      [
        'a rule for nothing',
        { rules: [{ idleMinutes: 10, absoluteMinutes: 60 }] },
        { field: 'rules.0', reason: 'REQUIRED' },
      ],
      [
        'a maximum of none',
        { maxSessionsPerUser: 0 },
        { field: 'maxSessionsPerUser', reason: 'OUT_OF_BOUNDS', min: 1, max: 100 },
      ],
      [
        'a maximum of 101',
        { maxSessionsPerUser: 101 },
        { field: 'maxSessionsPerUser', reason: 'OUT_OF_BOUNDS', min: 1, max: 100 },
      ],
      [
        'the two limits first',
        { idleMinutes: 9, rules: [rule('MEMBER', null, 9, 60)], maxSessionsPerUser: 0 },
        { field: 'idleMinutes', reason: 'OUT_OF_BOUNDS', min: 10, max: 43_200 },
      ],
      [
        'the rules before the maximum',
        { rules: [OWNERS, OWNERS], maxSessionsPerUser: 0 },
        { field: 'rules.1', reason: 'DUPLICATE' },
      ],
    ])('refuses %s, as its dry run does, and writes nothing', async (_, input, extensions) => {
      const account = await app.seed.account();
      const owner = await account.owner.login();
      const refused = { code: 'BAD_USER_INPUT', ...extensions };
      for (const document of [SAVE_RULES, IMPACT_BY_RULE])
        expect((await owner.gql(document, { input })).extensions).toEqual(refused);
      expect(await accountRow(app, account.id)).toMatchObject({ policy_version: 0 });
      expect(await auditRows(app, account.id, POLICY_UPDATE)).toEqual([]);
    });

    test('its audit row names rules and maximum only where they changed', async () => {
      const account = await app.seed.account();
      const owner = await account.owner.login();
      const changes = [
        FULL,
        { ...FULL, idleMinutes: 300 },
        { ...PAIR, rules: [OWNERS], maxSessionsPerUser: 4 },
      ];
      for (const input of changes) {
        app.clock.advance(1);
        await saveRules(owner, input);
      }
      const rows = await auditRows(app, account.id, POLICY_UPDATE);
      const limits = (idle_minutes: number | null, absolute_minutes: number | null) => ({
        idle_minutes,
        absolute_minutes,
      });
      const stored = ({ role, appType, idleMinutes, absoluteMinutes }: Rule) => ({
        role,
        app_type: appType,
        ...limits(idleMinutes, absoluteMinutes),
      });
      expect(rows.map(({ details }) => [details.old, details.new])).toEqual([
        [
          {
            ...limits(null, null),
            rules: [],
            max_sessions_per_user: null,
            session_limit_action: 'DENY',
          },
          {
            ...limits(600, 6000),
            rules: RULES.map(stored),
            max_sessions_per_user: 5,
            session_limit_action: 'ASK',
          },
        ],
        [limits(600, 6000), limits(300, 6000)],
        [
          { ...limits(300, 6000), rules: RULES.map(stored), max_sessions_per_user: 5 },
          { ...limits(600, 6000), rules: [stored(OWNERS)], max_sessions_per_user: 4 },
        ],
      ]);
      expect(rows[0].details).toMatchObject({
        effective_old: limits(4320, 20_160),
        effective_new: limits(600, 6000),
      });
      const policyAt = `query ($at: DateTime!) { sessionPolicyAt(at: $at) { effectiveIdleMinutes effectiveAbsoluteMinutes isCustomised } }`;
      const { data } = await owner.gql(policyAt, { at: new Date(app.clock.now().getTime() - 1) });
      expect(data.sessionPolicyAt).toEqual({
        effectiveIdleMinutes: 300,
        effectiveAbsoluteMinutes: 6000,
        isCustomised: true,
      });
    });
  });

  describe.each([
    ['written at once', 10_000],
    ['pending', 1],
  ])('a policy with rules for live sessions, %s', (_, batchSize) => {
    let crowded: TestApp;
    beforeAll(async () => {
      crowded = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' }, batchSize);
    });
    afterAll(() => crowded.close());

    /** An owner and a member, each in the control panel and in an application. */
    async function seedKinds() {
      const account = await crowded.seed.account();
      const person = await account.addUser();
      const inApp = { appType: 'TENANT_APP' };
      const sessions = {
        owner: await account.owner.login(),
        ownerInApp: await account.owner.login(inApp),
        member: await person.login(),
        memberInApp: await person.login(inApp),
      };
      const rowOf = async ({ sessionId }: SignedIn) =>
        (await sessionRows(crowded, account.id, 'effective_sessions')).find(({ id }) => id === sessionId)!;
      return { account, ...sessions, rowOf };
    }

    const APPLY = { ...PAIR, rules: RULES, apply: 'ACTIVE_SESSIONS' };

    test('shortens each session to the limits of its own rule', async () => {
      const { owner, ownerInApp, member, memberInApp, rowOf } = await seedKinds();
      const heard = [ownerInApp, member].map((who) =>
        crowded.subscribe('subscription { sessionExpiry { kind expiresAt } }', {
          accessToken: who.accessToken,
        }),
      );
      await untilBegun(heard, (time) =>
        saveRules(owner, { idleMinutes: 4320 - time, rules: [], apply: 'ACTIVE_SESSIONS' }),
      );
      const signedInAt = crowded.clock.now();
      crowded.clock.advance(10 * MINUTE);
      expect(await saveRules(owner, APPLY)).toMatchObject({ endedSessions: 0, shortenedSessions: 4 });
      const after = (minutes: number) => new Date(signedInAt.getTime() + minutes * MINUTE);
      const limits = (idle: number, absolute: number) => ({
        idle_seconds: idle * 60,
        absolute_seconds: absolute * 60,
        idle_expires_at: after(idle),
        absolute_expires_at: after(absolute),
        ended_at: null,
      });
      expect(await rowOf(owner)).toMatchObject(limits(15, 60));
      expect(await rowOf(ownerInApp)).toMatchObject(limits(30, 120));
      expect(await rowOf(memberInApp)).toMatchObject(limits(45, 180));
      expect(await rowOf(member)).toMatchObject(limits(600, 6000));
      expect(await nextWith(heard[0]!, after(30))).toMatchObject({ kind: 'SHORTENED' });
      expect(await nextWith(heard[1]!, after(600))).toMatchObject({ kind: 'SHORTENED' });
      for (const each of heard) await each.stop();

      const current = '{ currentSession { idleMinutes absoluteMinutes idleExpiresAt } }';
      expect((await memberInApp.gql(current)).data.currentSession).toEqual({
        idleMinutes: 45,
        absoluteMinutes: 180,
        idleExpiresAt: after(45).toISOString(),
      });
      const { data } = await owner.gql(
        '{ sessions { edges { node { id idleMinutes absoluteExpiresAt } } } }',
      );
      expect(data.sessions.edges.map(({ node }: any) => [node.id, node.idleMinutes]).toSorted()).toEqual(
        [
          [owner.sessionId, 15],
          [ownerInApp.sessionId, 30],
          [memberInApp.sessionId, 45],
          [member.sessionId, 600],
        ].toSorted(),
      );
    });

    test('ends those past the limits of their rule, to the millisecond, and only those', async () => {
      const { account, owner, ownerInApp, member, memberInApp, rowOf } = await seedKinds();
      crowded.clock.advance(30 * MINUTE);
      const caller = await account.owner.login();
      const counted = await readImpactByRule(caller, { ...PAIR, rules: RULES });
      expect(await saveRules(caller, APPLY)).toMatchObject({
        endedSessions: counted.endNow,
        shortenedSessions: counted.shortened,
      });
      for (const ended of [owner, ownerInApp])
        expect(await rowOf(ended)).toMatchObject({
          end_reason: 'POLICY_CHANGED',
          ended_at: crowded.clock.now(),
        });
      for (const live of [member, memberInApp, caller])
        expect(await rowOf(live)).toMatchObject({ end_reason: null });
      // A millisecond earlier the second one would have lived on.
      const other = await seedKinds();
      crowded.clock.advance(30 * MINUTE - 1);
      await saveRules(await other.account.owner.login(), APPLY);
      expect(await other.rowOf(other.ownerInApp)).toMatchObject({ end_reason: null });
      expect(await other.rowOf(other.owner)).toMatchObject({ end_reason: 'POLICY_CHANGED' });
    });

    test('its preview counts by rule what applying it does', async () => {
      const { account, owner, memberInApp } = await seedKinds();
      crowded.clock.advance(30 * MINUTE);
      const caller = await account.owner.login();
      const late = await account.owner.login({ appType: 'TENANT_APP' });
      const impact = await readImpactByRule(caller, { ...PAIR, rules: RULES });
      expect(impact).toEqual({
        activeSessions: 6,
        endNow: 2,
        shortened: 4,
        endsViewerSession: false,
        shortensViewerSession: true,
        byRule: [
          { rule: APPLICATIONS, activeSessions: 1, endNow: 0, shortened: 1 },
          { rule: OWNERS, activeSessions: 2, endNow: 1, shortened: 1 },
          { rule: OWNERS_HERE, activeSessions: 2, endNow: 1, shortened: 1 },
          { rule: null, activeSessions: 1, endNow: 0, shortened: 1 },
        ],
      });
      expect(await readImpactByRule(owner, {})).toMatchObject({
        activeSessions: 6,
        byRule: [{ rule: null, activeSessions: 6, endNow: 0, shortened: 0 }],
      });
      // Once they are stored, a dry run without rules is one with these.
      await saveRules(caller, { ...PAIR, rules: RULES });
      expect(await readImpactByRule(caller, PAIR)).toEqual(impact);
      expect((await readImpactByRule(caller, { ...PAIR, rules: null })).byRule).toHaveLength(1);
      expect(await saveRules(caller, { ...PAIR, apply: 'ACTIVE_SESSIONS' })).toMatchObject({
        endedSessions: 2,
        shortenedSessions: 4,
      });
      // With the pending policy taken into account, nothing is left to do.
      expect(await readImpactByRule(caller, PAIR)).toMatchObject({
        activeSessions: 4,
        endNow: 0,
        shortened: 0,
        byRule: [{ activeSessions: 1 }, { activeSessions: 1 }, { activeSessions: 1 }, { activeSessions: 1 }],
      });
      expect(late.sessionId).not.toBe(memberInApp.sessionId);
    });

    test('never lengthens a session, and a rule that is longer than the two limits leaves them as they are', async () => {
      const { owner, member, rowOf } = await seedKinds();
      const before = await rowOf(member);
      const longer = [rule('MEMBER', null, 43_200, 129_600)];
      expect(
        await saveRules(owner, {
          idleMinutes: 60,
          absoluteMinutes: 600,
          rules: longer,
          apply: 'ACTIVE_SESSIONS',
        }),
      ).toMatchObject({ shortenedSessions: 2 });
      expect(await rowOf(member)).toEqual(before);
    });
  });

  test('two dry runs at once that differ in their rules only are not one', async () => {
    const owner = await (await app.seed.account()).owner.login();
    app.clock.advance(13 * MINUTE);
    const inputs = Array.from({ length: 6 }, (_, n) => ({ rules: [rule('OWNER', null, 10 + n, 600)] }));
    const impacts = await Promise.all(inputs.map((input) => readImpactByRule(owner, input)));
    expect(impacts.map(({ endNow }) => endNow)).toEqual([1, 1, 1, 1, 0, 0]);
  });

  test('the two limits alone name the preset', async () => {
    const owner = await (await app.seed.account()).owner.login();
    await saveRules(owner, { idleMinutes: 60, absoluteMinutes: 1440, rules: RULES });
    expect(await readRules(owner)).toMatchObject({ preset: 'NIST_AAL2' });
    await savePolicy(owner, {});
    expect(await readRules(owner)).toMatchObject({ preset: 'STRICT', rules: RULES });
  });
});
