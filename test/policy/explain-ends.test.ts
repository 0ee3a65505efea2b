import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { createAudit, SYSTEM } from '../../server/audit/audit.ts';
import { createSessionRevoker } from '../../server/sessions/revoke.ts';
import { readStory } from '../../server/policies/session-story.sql.ts';
import { findSession } from '../../server/sessions/session-queries.ts';
import {
  CHANGE_PASSWORD,
  LOGOUT,
  RENAME,
  REVOKE_SELECTED,
  REVOKE_SESSION,
  REVOKE_USER,
  SET_ACTIVE,
  SET_ROLE,
} from '../accounts/account-calls.ts';
import { reauthenticated } from '../accounts/reauthenticate-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { DELETE_USER } from '../deletion/deletion-calls.ts';
import type { TestApp } from '../harness.ts';
import { importSession } from '../refresh/session-rows.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd, END_USER_SESSIONS, stranger } from '../service-api/service-calls.ts';
import { expectWholeTimeline, explain, kindsOf } from './explain-calls.ts';
import {
  dataOf,
  HOUR,
  MINUTE,
  REVOKE_ALL,
  REVOKE_OTHERS,
  savePolicy,
  startPolicyApp,
} from './policy-calls.ts';
import { rule } from './rules-calls.ts';

const NEW_PASSWORD = 'another good passphrase';

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let person: Person;
  let member: SignedIn;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
    person = await account.addUser();
    later();
    member = await person.login();
    later();
  });
  afterAll(() => app.close());

  const later = (minutes = 1) => app.clock.advance(minutes * MINUTE);
  const nameOf = ({ payload }: SignedIn): string => payload.user.name;
  /** As a new session of the owner sees it. */
  async function because({ sessionId }: { sessionId: string }): Promise<string> {
    later();
    const explained = await explain(sessionId, await account.owner.login());
    expectWholeTimeline(explained);
    return explained.endsBecause;
  }
  const run = (statement: ReturnType<typeof sql>) => statement.execute(app.database.em().getKysely());
  const applied = (limits: Record<string, unknown>) =>
    savePolicy(owner, { ...limits, apply: 'ACTIVE_SESSIONS' });

  describe('who ended it', () => {
    test('its user, here or from another session', async () => {
      const other = await person.login();
      dataOf(await other.gql(REVOKE_SESSION, { sessionId: member.sessionId }));
      expect(await because(member)).toBe(`${nameOf(member)} ended it from another session.`);
      dataOf(await other.gql(LOGOUT));
      expect(await because(other)).toBe(`${nameOf(member)} signed out.`);
    });

    test.each([
      ['one session', () => owner.gql(REVOKE_SESSION, { sessionId: member.sessionId })],
      ['chosen sessions', () => owner.gql(REVOKE_SELECTED, { sessionIds: [member.sessionId] })],
      ['all of a user', () => owner.gql(REVOKE_USER, { userId: person.id })],
    ])('an owner, %s', async (_, end) => {
      dataOf(await end());
      expect(await because(member)).toBe(`${nameOf(owner)}, an owner, ended it.`);
    });

    test.each([REVOKE_ALL, REVOKE_OTHERS])('an owner, the account by %s', async (revoke) => {
      dataOf(await owner.gql(revoke));
      expect(await because(member)).toBe(`${nameOf(owner)}, an owner, signed out the account.`);
    });

    test('a change of the password', async () => {
      const other = await person.login();
      const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      dataOf(await other.gql(CHANGE_PASSWORD, { input }));
      expect(await because(member)).toBe(`${nameOf(member)} changed their password.`);
    });

    test('an owner who deactivated or deleted the user', async () => {
      dataOf(await owner.gql(SET_ACTIVE, { userId: person.id, isActive: false }));
      expect(await because(member)).toBe(
        `${nameOf(owner)} decided that ${nameOf(member)} may no longer sign in.`,
      );
      const another = await account.addUser();
      const gone = await another.login();
      dataOf(await owner.gql(DELETE_USER, { userId: another.id }));
      expect(await because(gone)).toBe(`${nameOf(owner)} decided that Deleted user may no longer sign in.`);
    });

    test('an application, which gives its reason', async () => {
      const { key } = await app.seed.serviceKey(account.id, { name: 'Shop' });
      const shop = backEnd(app, key);
      const kim = { ...stranger(), name: 'Kim' };
      const ends = [
        ['REVOKED_BY_SERVICE', 'The application Shop ended it.'],
        ['LOGOUT', 'The application Shop ended it: Kim signed out.'],
        ['PASSWORD_CHANGED', 'The application Shop ended it: Kim changed their password.'],
        ['USER_DEACTIVATED', 'The application Shop decided that Kim may no longer sign in.'],
      ] as const;
      for (const [reason, sentence] of ends) {
        const one = await shop.create(kim);
        await shop.end(one.sessionToken, reason);
        expect(await because({ sessionId: one.session.id })).toBe(sentence);
        const all = await shop.create(kim);
        const input = { externalId: kim.externalId, reason };
        dataOf(await shop.gql(END_USER_SESSIONS, { input }));
        expect(await because({ sessionId: all.session.id })).toBe(sentence);
      }
    });

    test("an operator's command, of one session or the account", async () => {
      const end = (action: string, resource: { type: 'session' | 'account'; id: string }) =>
        app.database.transaction(async (em) => {
          const now = app.clock.now();
          await sql`update sessions set ended_at = ${now}, end_reason = 'REVOKED_BY_SERVICE'
            where id = ${member.sessionId}`.execute(em.getKysely());
          const details = resource.type === 'session' ? { user_id: person.id } : {};
          const entry = { accountId: account.id, action, actor: SYSTEM, resource, details, ipAddress: null };
          await createAudit({ retentionDays: 1 }).record(em, entry as never, now);
        });
      await end('account.sessions_revoked_bulk', { type: 'account', id: account.id });
      expect(await because(member)).toBe('An operator of this server ended it.');
    });

    test('Curfew, because of a reused token or a security event, which names its source', async () => {
      const first = dataOf(await member.refresh()).refreshSession;
      app.clock.advance(20_000);
      expect((await member.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
      expect(first.refreshToken).not.toBe(member.refreshToken);
      expect(await because(member)).toBe(
        'Curfew ended it: a refresh token that had been replaced was used again, so someone may have a copy.',
      );
      for (const [actor, from] of [
        [SYSTEM, ''],
        [{ id: null, name: 'Acme Okta' }, ' from Acme Okta'],
      ] as const) {
        later();
        const session = await person.login();
        later();
        const { clock } = app;
        const bus = { publish: () => {} } as never;
        const revoker = createSessionRevoker({ audit: createAudit({ retentionDays: 1 }), bus, clock });
        await app.database.transaction(async (em) => {
          const found = (await findSession(em, session.sessionId))!;
          await revoker.revokeOne(em, found, 'SECURITY_EVENT', { actor, ipAddress: null });
        });
        expect(await because(session)).toBe(
          `Curfew ended it because of a security event${from} about ${nameOf(member)}.`,
        );
      }
    });

    test('a sign-in in the same browser, of the user or of someone else', async () => {
      const cookieOf = async (options = {}) =>
        (await person.tryLogin({ transport: 'COOKIE' }, options)) as { cookie: string; data: any };
      const browser = await cookieOf();
      const again = await cookieOf({ cookie: browser.cookie });
      expect(await because({ sessionId: browser.data.login.session.id })).toBe(
        `${nameOf(member)} signed in again in the same browser.`,
      );
      await account.owner.tryLogin({ transport: 'COOKIE' }, { cookie: again.cookie });
      expect(await because({ sessionId: again.data.login.session.id })).toBe(
        `${nameOf(owner)} signed in in the same browser, in place of ${nameOf(member)}.`,
      );
      const third = await cookieOf();
      const neighbour = await app.seed.account();
      await neighbour.owner.tryLogin({ transport: 'COOKIE' }, { cookie: third.cookie });
      expect(await because({ sessionId: third.data.login.session.id })).toBe(
        `${nameOf(member)} signed in again in the same browser.`,
      );
    });

    test('the maximum of sessions, with its number', async () => {
      await savePolicy(owner, { maxSessionsPerUser: 1, sessionLimitAction: 'END_OLDEST' });
      later();
      await person.login();
      expect(await because(member)).toBe(
        `${nameOf(member)} signed in elsewhere, and the policy allows one session at once.`,
      );
      await savePolicy(await account.owner.login(), {
        maxSessionsPerUser: 2,
        sessionLimitAction: 'END_OLDEST',
      });
      const shop = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Shop' })).key);
      const kim = { ...stranger(), name: 'Kim' };
      const first = await shop.create(kim);
      for (let count = 0; count < 2; count += 1) {
        later();
        await shop.create(kim);
      }
      expect(await because({ sessionId: first.session.id })).toBe(
        'The application Shop created another session of Kim, and the policy allows 2 sessions at once.',
      );
    });

    test('an applied policy, with who applied it, its version and its limits', async () => {
      await savePolicy(owner, { idleMinutes: 600 });
      later(90);
      await applied({ idleMinutes: 60, absoluteMinutes: 600 });
      const explained = await explain(member.sessionId, await account.owner.login());
      expectWholeTimeline(explained);
      expect(explained).toMatchObject({
        policyVersion: 2,
        endsBecause: `${nameOf(owner)} applied a new policy, and it was already past the limits of version 2 of the policy: 1 hour without activity, 10 hours at most.`,
      });
      expect(kindsOf(explained)).toEqual(['SIGNED_IN', 'POLICY_SAVED', 'POLICY_APPLIED', 'ENDED']);
      // What is saved after the end is no part of it.
      later();
      const after = await account.owner.login();
      await savePolicy(after, { idleMinutes: 20, apply: 'ACTIVE_SESSIONS' });
      expect(await explain(member.sessionId, after)).toEqual(explained);
    });

    test('a change of the role, under the rule of the new one', async () => {
      await savePolicy(owner, { rules: [rule('OWNER', null, 30, 600)] });
      later(40);
      dataOf(await owner.gql(SET_ROLE, { userId: person.id, role: 'OWNER' }));
      const explained = await explain(member.sessionId, await account.owner.login());
      expect(explained).toMatchObject({
        policyVersion: 1,
        rule: { role: 'OWNER', appType: null, idleMinutes: 30, absoluteMinutes: 600 },
        endsBecause: `${nameOf(owner)} applied a new role, and it was already past the limits of version 1 of the policy, rule for owners: 30 minutes without activity, 10 hours at most.`,
      });
      expectWholeTimeline(explained);
    });
  });

  describe('which limit ends it', () => {
    test('a cap of the application, or of the identity provider', async () => {
      const shop = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Shop' })).key);
      const absoluteExpiresAt = new Date(app.clock.now().getTime() + HOUR).toISOString();
      const { session } = await shop.create({ ...stranger(), name: 'Kim', absoluteExpiresAt });
      const ofShop = await explain(session.id, owner);
      expectWholeTimeline(ofShop);
      expect(ofShop.endsBecause).toBe(
        "It ends at the moment that the application set for it, before the absolute limit of 14 days (the server's own policy).",
      );
      await run(sql`update sessions set absolute_expires_at = ${absoluteExpiresAt}, idle_expires_at = ${absoluteExpiresAt},
        ends_by = ${absoluteExpiresAt}, authentication_method = 'OIDC' where id = ${member.sessionId}`);
      const ofProvider = await explain(member.sessionId, owner);
      expect(ofProvider.endsBecause).toMatch(/^It ends at the moment that the identity provider set for it/);
      expect(ofProvider.timeline[0].text).toMatch(/ signed in at an identity provider\. Limits of /);
      later(61);
      expect((await explain(member.sessionId, owner)).endsBecause).toMatch(
        /^It ended at the moment that the identity provider set for it/,
      );
    });

    test('an applied policy that shortened it, also where another was applied later', async () => {
      await applied({ idleMinutes: 60, absoluteMinutes: 600, rules: [rule('MEMBER', null, 45, 300)] });
      later();
      await applied({ idleMinutes: 90, absoluteMinutes: 900, rules: null });
      const explained = await explain(member.sessionId, owner);
      expectWholeTimeline(explained);
      expect(explained).toMatchObject({
        policyVersion: 1,
        rule: { role: 'MEMBER', idleMinutes: 45, absoluteMinutes: 300 },
        endsBecause:
          'It ends after 45 minutes without activity: the idle limit of version 1 of the policy, rule for members.',
      });
      expect(explained.timeline.map(({ text }: any) => text)).toEqual([
        expect.stringMatching(/signed in with a password\. Limits of the server's own policy: 3 days/),
        'Version 1 was applied to live sessions: 45 minutes without activity, 5 hours at most from then on.',
        'Version 2 was applied to live sessions. Nothing became shorter.',
        'The warning is due: 5 minutes before the idle deadline.',
        explained.endsBecause,
      ]);
    });

    test('the policy at the latest authentication, and the time line begins with the first', async () => {
      later();
      await applied({ idleMinutes: 600 });
      later();
      await savePolicy(owner, { idleMinutes: 60, absoluteMinutes: 720 });
      later();
      await reauthenticated(member);
      later();
      await savePolicy(owner, { idleMinutes: 30 });
      const explained = await explain(member.sessionId, owner);
      expectWholeTimeline(explained);
      expect(kindsOf(explained)).toEqual([
        'SIGNED_IN',
        'POLICY_APPLIED',
        'POLICY_SAVED',
        'REAUTHENTICATED',
        'POLICY_SAVED',
        'WARNING',
        'ENDS',
      ]);
      expect(explained.timeline[0].text).toMatch(/ Limits: 3 days without activity, 14 days at most\.$/);
      expect(explained.timeline[3].text).toMatch(/ Limits of version 2 of the policy: 1 hour without/);
      expect(explained).toMatchObject({ policyVersion: 2 });
    });

    test('an imported session ends with its token, then by what is applied to it', async () => {
      const jti = randomUUID();
      const until = new Date(app.clock.now().getTime() + 100 * HOUR);
      await importSession(app, person, jti, until);
      later();
      await savePolicy(owner, { idleMinutes: 60 });
      const imported = await explain(jti, owner);
      expectWholeTimeline(imported);
      expect(imported).toMatchObject({
        policyVersion: 0,
        rule: null,
        endsBecause: 'It ends with the token that it was imported from: no policy has taken its place yet.',
      });
      expect(imported.timeline.at(-1).at).toBe(until.toISOString());
      // Longer than the token, then shorter.
      await applied({ idleMinutes: 10_000, absoluteMinutes: 10_000 });
      expect(await explain(jti, owner)).toMatchObject({
        policyVersion: 0,
        endsBecause: imported.endsBecause,
      });
      later();
      await applied({ idleMinutes: 120, absoluteMinutes: 600 });
      const shortened = await explain(jti, owner);
      expectWholeTimeline(shortened);
      expect(shortened).toMatchObject({
        policyVersion: 3,
        endsBecause: 'It ends after 2 hours without activity: the idle limit of version 3 of the policy.',
      });
      later(60);
      await applied({ idleMinutes: 30, absoluteMinutes: 30 });
      expect(await because({ sessionId: jti })).toMatch(
        /applied a new policy, and it was already past the limits of version 4 .*: 30 minutes without activity/,
      );
    });
  });

  describe('what is not shown', () => {
    test('a member sees who did something to them, and of the whole account that an owner did', async () => {
      const again = async () => {
        later();
        const session = await person.login();
        later();
        return session;
      };
      dataOf(await owner.gql(REVOKE_SESSION, { sessionId: member.sessionId }));
      const second = await again();
      expect((await explain(member.sessionId, second)).endsBecause).toBe(
        `${nameOf(owner)}, an owner, ended it.`,
      );
      dataOf(await owner.gql(REVOKE_OTHERS));
      const third = await again();
      expect((await explain(second.sessionId, third)).endsBecause).toBe('An owner signed out the account.');
      later(600);
      await applied({ idleMinutes: 60 });
      const fourth = await again();
      const explained = await explain(third.sessionId, fourth);
      expect(explained.endsBecause).toMatch(
        /^An owner applied a new policy, .* version 1 .*: 1 hour without/,
      );
      expect(JSON.stringify(explained)).not.toContain(nameOf(owner));
    });

    test('the name of a deleted user, before the trail is erased and after', async () => {
      const second = await account.addUser('OWNER');
      const session = await second.login();
      later();
      dataOf(await session.gql(REVOKE_SESSION, { sessionId: member.sessionId }));
      const name = nameOf(session);
      expect(await because(member)).toBe(`${name}, an owner, ended it.`);
      dataOf(await owner.gql(DELETE_USER, { userId: second.id }));
      expect(await because(member)).toBe('Deleted user, an owner, ended it.');
      const own = await explain(session.sessionId, await account.owner.login());
      expect(JSON.stringify(own)).not.toContain(name);
    });

    test('a renamed user has their present name', async () => {
      dataOf(await owner.gql(RENAME, { userId: person.id, name: 'Noa Berg' }));
      dataOf(await member.gql(LOGOUT));
      expect(await because(member)).toBe('Noa Berg signed out.');
    });

    test('what the trail no longer has is left out, and the explanation stays whole', async () => {
      dataOf(await owner.gql(REVOKE_SESSION, { sessionId: member.sessionId }));
      await run(sql`alter table audit_events disable trigger user`);
      await run(sql`delete from audit_events where account_id = ${account.id}`);
      await run(sql`alter table audit_events enable trigger user`);
      expect(await because(member)).toBe('An owner ended it.');
    });
  });

  test('a story reads little of a long trail, before the session and during it', async () => {
    dataOf(await owner.gql(SET_ROLE, { userId: person.id, role: 'OWNER' }));
    later(60);
    await run(sql`
      insert into audit_events (id, account_id, action, actor_id, actor_name, resource_type, resource_id, details, created_at,
        retain_until)
      select gen_random_uuid(), ${account.id}::uuid, 'session.started', ${person.id}::uuid, 'x', 'session', 'other-' || n, '{}',
        ${app.clock.now()}::timestamptz - interval '1 second' * n, now() + interval '1 year'
      from generate_series(1, 20000) n`);
    await run(sql`analyze audit_events`);
    dataOf(await member.gql(LOGOUT));
    const { story, rows } = await app.database.transaction(async (em) => {
      const session = (await findSession(em, member.sessionId))!;
      const read = sql<{ rows: number }>`
        select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as rows
        from pg_stat_xact_user_tables where relname = 'audit_events'`;
      const readSoFar = async () => (await read.execute(em.getKysely())).rows[0]!.rows;
      const before = await readSoFar();
      const story = await readStory(em, session, session.endedAt);
      return { story, rows: (await readSoFar()) - before };
    });
    expect(story.map(({ action }) => action)).toEqual([
      'session.started',
      'user.role_changed',
      'session.ended',
    ]);
    expect(rows).toBeLessThan(50);
  });
});
