import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { END_ALL_OF, END_ONE } from '../audit/audit-calls.ts';
import { SET_ROLE } from '../accounts/account-calls.ts';
import { reauthenticated } from '../accounts/reauthenticate-calls.ts';
import { rotate } from '../refresh/refresh-calls.ts';
import { LOGIN, PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import { EXPLAIN, explain as explainTo, kindsOf as kinds } from './explain-calls.ts';
import {
  dataOf,
  HOUR,
  MINUTE,
  restartWith,
  REVOKE_OTHERS,
  savePolicy,
  startPolicyApp,
} from './policy-calls.ts';
import { rule } from './rules-calls.ts';

const TOUCH = 'mutation { touchSession { id } }';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const explain = ({ sessionId }: SignedIn, who = owner): Promise<any> => explainTo(sessionId, who);
  const later = (minutes: number) => app.clock.advance(minutes * MINUTE);
  /** Refreshes a session every 20 minutes. */
  const stayActive = async ({ refreshToken }: SignedIn, minutes: number) => {
    for (let [passed, token] = [0, refreshToken]; passed < minutes; passed += 20) {
      token = await rotate(app, token);
      later(20);
    }
  };

  test('a live session is explained by the version and the rule at its sign-in, from the sign-in to the end', async () => {
    expect(await explain(owner)).toMatchObject({
      policyVersion: 0,
      rule: null,
      endsBecause: "It ends after 3 days without activity: the idle limit of the server's own policy.",
    });
    later(1);
    const members = rule('MEMBER', null, 30, 120);
    await savePolicy(owner, { idleMinutes: 60, absoluteMinutes: 720, rules: [members] });
    later(1);
    const member = await (await account.addUser()).login();
    later(5);
    await savePolicy(owner, { idleMinutes: 20 });
    later(5);
    await member.gql(TOUCH);
    const explained = await explain(member);
    expect(explained).toMatchObject({
      policyVersion: 1,
      rule: members,
      endsBecause:
        'It ends after 30 minutes without activity: the idle limit of version 1 of the policy, rule for members.',
    });
    expect(kinds(explained)).toEqual(['SIGNED_IN', 'POLICY_SAVED', 'LAST_ACTIVITY', 'WARNING', 'ENDS']);
    const times = explained.timeline.map(({ at }: any) => at);
    expect(times).toEqual(times.toSorted());
    expect(explained.timeline[0].at).toBe(member.payload.session.authenticatedAt);
    expect(explained.timeline.at(-1)).toMatchObject({
      at: new Date(app.clock.now().getTime() + 30 * MINUTE).toISOString(),
      text: explained.endsBecause,
    });
    // Saved after the sign-in of the owner, and not for live sessions.
    expect(await explain(owner)).toMatchObject({ policyVersion: 0 });
  });

  test('a version that is applied explains a session where it made a limit shorter', async () => {
    const member = await (await account.addUser()).login();
    later(1);
    await savePolicy(owner, { idleMinutes: 60, absoluteMinutes: 720, apply: 'ACTIVE_SESSIONS' });
    later(1);
    await savePolicy(owner, { idleMinutes: 90, absoluteMinutes: 900, apply: 'ACTIVE_SESSIONS' });
    const explained = await explain(member);
    expect(explained).toMatchObject({ policyVersion: 1 });
    expect(explained.endsBecause).toMatch(/^It ends after 1 hour without activity/);
    expect(kinds(explained)).toEqual(['SIGNED_IN', 'POLICY_APPLIED', 'POLICY_APPLIED', 'WARNING', 'ENDS']);
    expect(explained.timeline.map(({ policyVersion }: any) => policyVersion)).toEqual([
      null,
      1,
      2,
      null,
      null,
    ]);
  });

  test('each limit is explained by the version that it is from', async () => {
    await savePolicy(owner, { idleMinutes: 30, absoluteMinutes: 720 });
    later(1);
    const member = await (await account.addUser()).login();
    later(1);
    const members = rule('MEMBER', null, 60, 240);
    await savePolicy(owner, {
      idleMinutes: 60,
      absoluteMinutes: 720,
      rules: [members],
      apply: 'ACTIVE_SESSIONS',
    });
    expect(await explain(member)).toMatchObject({
      policyVersion: 2,
      rule: members,
      idleLimitSource: { policyVersion: 1, rule: null },
      absoluteLimitSource: { policyVersion: 2, rule: members },
      endsBecause: 'It ends after 30 minutes without activity: the idle limit of version 1 of the policy.',
    });
    await stayActive(member, 240);
    expect((await explain(member, await account.owner.login())).endsBecause).toMatch(
      /^It ended 4 hours after the sign-in, .*: the absolute limit of version 2 of the policy, rule for members\.$/,
    );
  });

  test('sessions that a policy ended were past the limits of that policy', async () => {
    await savePolicy(owner, { idleMinutes: 30, absoluteMinutes: 720 });
    later(1);
    const member = await (await account.addUser()).login();
    await stayActive(member, 100);
    const another = await account.owner.login();
    await savePolicy(another, { idleMinutes: 60, absoluteMinutes: 90, apply: 'ACTIVE_SESSIONS' });
    expect(await explain(member, another)).toMatchObject({
      session: { endReason: 'POLICY_CHANGED' },
      policyVersion: 2,
      endsBecause: expect.stringMatching(
        /past the limits of version 2 of the policy: 1 hour without activity, 1 hour 30 minutes at most\.$/,
      ),
    });
  });

  test('a change of role explains it, too', async () => {
    await savePolicy(owner, { rules: [rule('OWNER', null, 15, 60)] });
    later(1);
    const person = await account.addUser();
    const session = await person.login();
    later(1);
    await dataOf(await owner.gql(SET_ROLE, { userId: person.id, role: 'OWNER' }));
    const explained = await explain(session);
    expect(explained).toMatchObject({ policyVersion: 1, rule: { role: 'OWNER', idleMinutes: 15 } });
    expect(kinds(explained)).toContain('ROLE_CHANGED');
    expect(explained.endsBecause).toMatch(/15 minutes.*rule for owners/);
  });

  test('an ended session says which limit it reached, or who ended it', async () => {
    const person = await account.addUser();
    const name = (await person.login()).payload.user.name;
    const ownerName = owner.payload.user.name;
    const ends: [(session: SignedIn) => Promise<unknown>, string | RegExp][] = [
      [({ gql }) => gql('mutation { logout { ended } }'), `${name} signed out.`],
      [({ sessionId }) => owner.gql(END_ONE, { id: sessionId }), `${ownerName}, an owner, ended it.`],
      [() => owner.gql(END_ALL_OF, { id: person.id }), `${ownerName}, an owner, ended it.`],
      [() => owner.gql(REVOKE_OTHERS), `${ownerName}, an owner, signed out the account.`],
      [
        async () => {
          later(30);
          await savePolicy(owner, { idleMinutes: 10, absoluteMinutes: 30, apply: 'ACTIVE_SESSIONS' });
        },
        new RegExp(`^${ownerName} applied a new policy, and it was already past .*10 minutes`),
      ],
    ];
    for (const [end, because] of ends) {
      later(1);
      const session = await person.login();
      later(1);
      await end(session);
      const explained = await explain(session, await account.owner.login());
      expect(explained.endsBecause).toEqual(
        typeof because === 'string' ? because : expect.stringMatching(because),
      );
      expect(explained.timeline.at(-1)).toMatchObject({ kind: 'ENDED', text: explained.endsBecause });
    }
  });

  test('a session past a deadline is explained before and after it is swept', async () => {
    await savePolicy(owner, { idleMinutes: 30, absoluteMinutes: 60 });
    later(1);
    const member = await (await account.addUser()).login();
    later(30);
    const expired = await explain(member);
    expect(expired.endsBecause).toMatch(/^It ended after 30 minutes without activity: the idle limit/);
    expect(kinds(expired)).toEqual(['SIGNED_IN', 'WARNING', 'ENDED']);
    expect(expired.session.endReason).toBe('IDLE_TIMEOUT');
    const busy = await (await account.addUser()).login();
    for (let count = 0; count < 3; count += 1) {
      later(20);
      await busy.gql(TOUCH);
    }
    const over = await explain(busy);
    expect(over.endsBecause).toMatch(
      /^It ended 1 hour after the sign-in, also with activity: the absolute limit/,
    );
  });

  test('authenticating again begins again, under the version of that moment', async () => {
    later(1);
    await savePolicy(owner, { idleMinutes: 60, absoluteMinutes: 720 });
    later(1);
    await reauthenticated(owner);
    const explained = await explain(owner);
    expect(explained).toMatchObject({ policyVersion: 1 });
    expect(kinds(explained).slice(0, 3)).toEqual(['SIGNED_IN', 'POLICY_SAVED', 'REAUTHENTICATED']);
  });

  test("a session keeps the limits of its sign-in, in words too, when the server's own have changed", async () => {
    const member = await (await account.addUser()).login();
    const restarted = await restartWith(app, {
      SESSION_IDLE_MINUTES_DEFAULT: '60',
      SESSION_ABSOLUTE_MINUTES_DEFAULT: '600',
    });
    try {
      const input = { email: account.owner.email, password: PASSWORD };
      const token = dataOf(await restarted.gql(LOGIN, { input })).login.accessToken;
      const again: SignedIn = {
        ...owner,
        gql: (query, variables) => restarted.gql(query, variables, { token }),
      };
      const explained = await explain(member, again);
      expect(explained).toMatchObject({
        policyVersion: 0,
        endsBecause: "It ends after 3 days without activity: the idle limit of the server's own policy.",
      });
      expect(explained.timeline[0].text).toMatch(/: 3 days without activity, 14 days at most\.$/);
      later(1);
      await savePolicy(again, { idleMinutes: 90, absoluteMinutes: 20_000, apply: 'ACTIVE_SESSIONS' });
      expect(await explain(member, again)).toMatchObject({
        policyVersion: 1,
        endsBecause:
          'It ends after 1 hour 30 minutes without activity: the idle limit of version 1 of the policy.',
      });
    } finally {
      await restarted.close();
    }
  });

  test('a session names its own limits where the version that it began under is not known any more', async () => {
    await savePolicy(owner, { idleMinutes: 100, absoluteMinutes: 2000 });
    later(1);
    const member = await (await account.addUser()).login();
    later(1);
    await savePolicy(owner, { idleMinutes: 30, absoluteMinutes: 300 });
    const run = (statement: ReturnType<typeof sql>) => statement.execute(app.database.em().getKysely());
    await run(sql`delete from session_policy_versions where account_id = ${account.id} and version = 1`);
    await run(sql`alter table audit_events disable trigger user`);
    await run(sql`delete from audit_events where account_id = ${account.id}`);
    await run(sql`alter table audit_events enable trigger user`);
    expect(await explain(member)).toMatchObject({
      policyVersion: 1,
      endsBecause:
        'It ends after 1 hour 40 minutes without activity: the idle limit of version 1 of the policy.',
    });
  });

  test('a session of an application names it, and the moment that it set', async () => {
    const { key } = await app.seed.serviceKey(account.id, { name: 'Shop' });
    const create = async (input: Record<string, unknown>) =>
      dataOf(
        await app.gql(
          `mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { id } } }`,
          { input: { externalId: 'kim', email: 'kim@example.test', name: 'Kim', ...input } },
          { token: key },
        ),
      ).createSession.session.id;
    const absoluteExpiresAt = new Date(app.clock.now().getTime() + HOUR).toISOString();
    const id = await create({ absoluteExpiresAt });
    const { explainSession } = dataOf(await owner.gql(EXPLAIN, { id }));
    expect(explainSession.endsBecause).toMatch(
      /^It ends at the moment that the application set for it, before the absolute limit of 14 days/,
    );
    expect(explainSession.timeline[0].text).toMatch(/^The application Shop created the session of Kim\./);
    expect(explainSession.timeline.at(-1).at).toBe(absoluteExpiresAt);
  });

  test('is for owners of the account and for the user of the session', async () => {
    const person = await account.addUser();
    const member = await person.login();
    expect((await explain(member, member)).session.id).toBe(member.sessionId);
    const refused = async (who: SignedIn, id: string) => (await who.gql(EXPLAIN, { id })).code;
    expect(await refused(member, owner.sessionId)).toBe('NOT_FOUND');
    expect(await refused(owner, 'unknown')).toBe('NOT_FOUND');
    expect(await refused(owner, 'a\0b')).toBe('NOT_FOUND');
    const neighbour = await (await app.seed.account()).owner.login();
    expect(await refused(neighbour, owner.sessionId)).toBe('NOT_FOUND');
    expect((await app.gql(EXPLAIN, { id: owner.sessionId })).code).toBe('UNAUTHENTICATED');
    expect(
      (
        await app.gql(
          EXPLAIN,
          { id: owner.sessionId },
          { token: (await app.seed.serviceKey(account.id)).key },
        )
      ).code,
    ).toBe('FORBIDDEN');
  });
});
