import { sql } from 'kysely';
import { auditRows, REVOKE_USER, type AuditRow } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import { stranger } from '../service-api/service-calls.ts';
import { OPEN_TO_ALL, ROOT_FIELDS, SERVICE_ONLY, UNKNOWN_ID } from './root-fields.ts';
import { waitUntil } from '../wait-until.ts';

const OF_PEOPLE = ROOT_FIELDS.filter(
  ({ kind, name }) => kind === 'mutation' && !OPEN_TO_ALL.has(name) && !SERVICE_ONLY.has(name),
);
const isPasswordChange = ({ action }: AuditRow): boolean => action === 'user.password_changed';

/** After another field of the same document. */
const after = (first: string, document: string): string => document.replace('{', `{ first: ${first} `);

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let member: Person;
  let theirs: SignedIn;

  beforeAll(async () => {
    app = await startApp({
      database,
      revocationBatchSize: 1,
      env: { ACCESS_TOKEN_TTL_SECONDS: '1000000', SENSITIVE_ACTION_MAX_AGE_SECONDS: '0' },
    });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
    member = await account.addUser();
    theirs = await member.login();
  });
  afterAll(() => app.close());

  /** Everything of the account that a mutation could change, except the end of the owner's own session. */
  async function state(): Promise<unknown> {
    const kysely = app.database.em().getKysely();
    const rows = async (query: ReturnType<typeof sql>) => (await query.execute(kysely)).rows;
    return {
      account: await rows(sql`select * from accounts where id = ${account.id}`),
      users: await rows(sql`select * from users where account_id = ${account.id} order by id`),
      links: await rows(sql`select l.id, l.used_at from password_links l join users u on u.id = l.user_id
        where u.account_id = ${account.id} order by l.id`),
      sessions: await rows(sql`select id, ended_at, idle_expires_at, generation from sessions
        where account_id = ${account.id} and id <> ${owner.sessionId} order by id`),
      trail: await rows(
        sql`select id from audit_events where account_id = ${account.id} and action <> 'session.ended' order by id`,
      ),
    };
  }

  /** A working call: of an existing user, with the right password. */
  function variablesOf(name: string, variables: Record<string, unknown>): Record<string, unknown> {
    const text = JSON.stringify(variables).replaceAll(
      UNKNOWN_ID,
      name === 'revokeSession' ? theirs.sessionId : member.id,
    );
    const known = JSON.parse(text) as Record<string, any>;
    if (name === 'changePassword') known.input.currentPassword = PASSWORD;
    if (name === 'deleteAccount') known.confirmName = account.name;
    if (name === 'setUserRole') known.role = 'OWNER';
    if (name === 'inviteUser') known.input = { email: `guest-of-${member.email}`, name: 'Gus Guest' };
    return known;
  }

  test.each(OF_PEOPLE.map((field) => [field.name, field] as const))(
    '%s after the logout of its own document is unauthenticated and changes nothing',
    async (name, { document, variables }) => {
      const before = await state();
      const answer = await owner.gql(after('logout { ended }', document), variablesOf(name, variables));
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors![0]!.path).toEqual([name]);
      expect(answer.extensions).toEqual({
        code: 'UNAUTHENTICATED',
        endReason: 'LOGOUT',
        endedAt: app.clock.now().toISOString(),
      });
      expect(await state()).toEqual(before);
    },
  );

  test.each([
    ['a member who may not', 'mutation { first: logout { ended } revokeSessions { revokedCount } }'],
    [
      'an input out of bounds',
      'mutation { first: logout { ended } updateSessionPolicy(input: { idleMinutes: 1 }) { sessionPolicy { version } } }',
    ],
    [
      'an id that does not exist',
      'mutation { first: logout { ended } revokeSession(sessionId: "x") { revokedCount } }',
    ],
  ])('the end of the session is checked before everything else: %s', async (who, document) => {
    const caller = who.startsWith('a member') ? theirs : owner;
    expect((await caller.gql(document)).extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      endReason: 'LOGOUT',
    });
  });

  test.each([
    ['revokeSessions', 'revokeSessions { revokedCount }', 'REVOKED_BY_OWNER'],
    ['revokeUserSessions of the own', 'revokeUserSessions(userId: "ME") { revokedCount }', 'REVOKED_BY_USER'],
    ['revokeSession of the own', 'revokeSession(sessionId: "THIS") { revokedCount }', 'REVOKED_BY_USER'],
    [
      'a policy that ends it',
      'updateSessionPolicy(input: { idleMinutes: 10, absoluteMinutes: 30, apply: ACTIVE_SESSIONS }) { sessionPolicy { version } }',
      'POLICY_CHANGED',
    ],
  ])('nothing happens after %s', async (_, first, endReason) => {
    app.clock.advance(60 * 60_000);
    const document = after(
      first.replace('ME', account.owner.id).replace('THIS', owner.sessionId),
      `mutation { inviteUser(input: { email: "guest-of-${member.email}", name: "Gus" }) { user { id } } }`,
    );
    const answer = await owner.gql(document);
    expect(answer.errors).toHaveLength(1);
    expect(answer.extensions).toMatchObject({ code: 'UNAUTHENTICATED', endReason });
    const { rows } = await sql`select 1 from users where email = ${`guest-of-${member.email}`}`.execute(
      app.database.em().getKysely(),
    );
    expect(rows).toEqual([]);
  });

  test('a second logout of the same document is no error', async () => {
    const answer = await owner.gql('mutation { a: logout { ended } b: logout { ended } }');
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({ a: { ended: true }, b: { ended: false } });
  });

  test('a session survives its own changePassword and its own revokeSessions of others', async () => {
    const input = `{ currentPassword: "${PASSWORD}", newPassword: "a much better password" }`;
    const answer = await owner.gql(`mutation {
      a: changePassword(input: ${input}) { endedSessions }
      b: revokeSessions(scope: OTHERS) { revokedCount }
      c: touchSession { id } }`);
    expect(answer.errors).toBeUndefined();
    expect(answer.data.c.id).toBe(owner.sessionId);
  });

  test('an owner who steps down acts as a member in the rest of the document', async () => {
    await account.addUser('OWNER');
    const document = `mutation ($userId: ID!, $role: Role!, $sessionId: ID!) {
      a: setUserRole(userId: $userId, role: $role) { id }
      b: revokeSession(sessionId: $sessionId) { revokedCount } }`;
    const variables = { userId: account.owner.id, role: 'MEMBER', sessionId: theirs.sessionId };
    expect((await owner.gql(document, variables)).extensions).toEqual({ code: 'NOT_FOUND' });
    expect((await theirs.gql('{ currentSession { id } }')).errors).toBeUndefined();
  });

  test('fields after a revocation by another owner change nothing, however long the document runs', async () => {
    const other = await (await account.addUser('OWNER')).login();
    const NEXT = 'a much better password';
    const change = (index: number): string => {
      const [currentPassword, newPassword] = index % 2 === 0 ? [PASSWORD, NEXT] : [NEXT, PASSWORD];
      const input = `{ currentPassword: "${currentPassword}", newPassword: "${newPassword}" }`;
      return `slow${index}: changePassword(input: ${input}) { endedSessions }`;
    };
    const slow = Array.from({ length: 13 }, (_, index) => change(index));
    const running = owner.gql(
      `mutation { ${slow.join(' ')} last: updateSessionPolicy(input: {}) { sessionPolicy { version } } }`,
    );
    // The first of them is done, and hashing takes a second for the rest.
    await waitUntil(async () => (await auditRows(app, account.id)).some(isPasswordChange));
    const revoked = await other.gql(REVOKE_USER, { userId: account.owner.id });
    expect(revoked.data.revokeUserSessions.revokedCount).toBe(1);
    const changes = (await auditRows(app, account.id)).filter(isPasswordChange);
    const { extensions } = await running;
    expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', endReason: 'REVOKED_BY_OWNER' });
    expect((await auditRows(app, account.id)).filter(isPasswordChange)).toEqual(changes);
    const { data } = await other.gql('{ sessionPolicy { version } }');
    expect(data.sessionPolicy.version).toBe(0);
  });

  describe('with a service key', () => {
    const sessionsOf = async (accountId: string): Promise<number> => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from sessions where account_id = ${accountId}`.execute(
        app.database.em().getKysely(),
      );
      return rows[0]!.count;
    };

    test.each([
      ['revoked', sql`update service_keys set revoked_at = now() where id = `],
      ['past its day', sql`update service_keys set expires_at = created_at where id = `],
    ])('fields after the moment at which the key is %s change nothing', async (_, end) => {
      const { id, key } = await app.seed.serviceKey(account.id);
      const before = await sessionsOf(account.id);
      const slow = Array.from({ length: 15 }, (_, index) => {
        const { externalId, email, name } = stranger();
        return `slow${index}: createSession(input: { externalId: "${externalId}", email: "${email}", name: "${name}" }) { session { id } }`;
      });
      const running = app.gql(`mutation { ${slow.join(' ')} }`, {}, { token: key });
      await waitUntil(async () => (await sessionsOf(account.id)) > before);
      await sql`${end}${id}`.execute(app.database.em().getKysely());
      const after = await sessionsOf(account.id);
      expect((await running).code).toBe('UNAUTHENTICATED');
      expect(await sessionsOf(account.id)).toBe(after);
    });
  });

  test('an unusable token is refused by every query', async () => {
    await owner.gql('mutation { logout { ended } }');
    for (const { kind, document, variables } of ROOT_FIELDS) {
      if (kind !== 'query') continue;
      const answer: Answer = await owner.gql(document, variables);
      expect(answer.extensions).toMatchObject({ code: 'UNAUTHENTICATED', endReason: 'LOGOUT' });
    }
  });

  test('the changes of a document before the end of its session stay', async () => {
    const document = `mutation ($sessionId: ID!, $userId: ID!, $role: Role!) {
      a: setUserRole(userId: $userId, role: $role) { role }
      b: revokeSession(sessionId: $sessionId) { revokedCount }
      c: setUserRole(userId: $userId, role: MEMBER) { role } }`;
    const variables = { sessionId: owner.sessionId, userId: member.id, role: 'OWNER' };
    const answer = await owner.gql(document, variables);
    expect(answer.extensions).toMatchObject({ code: 'UNAUTHENTICATED', endReason: 'REVOKED_BY_USER' });
    expect((await theirs.gql('{ viewer { role } }')).data.viewer.role).toBe('OWNER');
  });
});
