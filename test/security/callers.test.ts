import { sql } from 'kysely';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import {
  LOGOUT,
  REVOKE_ALL,
  REVOKE_SELECTED,
  REVOKE_SESSION,
  REVOKE_USER,
  SET_ACTIVE,
} from '../accounts/account-calls.ts';
import {
  OPEN_TO_ALL,
  OPEN_WITHOUT_TOKEN,
  OWNER_ONLY,
  OWNER_OR_SERVICE,
  ROOT_FIELDS,
  SERVICE_ONLY,
} from './root-fields.ts';
import { waitForBlockedStatement } from '../row-locks.ts';

const guarded = ROOT_FIELDS.filter(({ name }) => !OPEN_TO_ALL.has(name));
const serviceOnly = ROOT_FIELDS.filter(({ name }) => SERVICE_ONLY.has(name));
const ownerOnly = ROOT_FIELDS.filter(({ name }) => OWNER_ONLY.has(name));
const closedToMembers = ROOT_FIELDS.filter(({ name }) => OWNER_ONLY.has(name) || OWNER_OR_SERVICE.has(name));

test('every field that the contract reserves for owners or for service keys exists', () => {
  expect(ownerOnly.map(({ name }) => name).toSorted()).toEqual([...OWNER_ONLY].toSorted());
  expect(serviceOnly.map(({ name }) => name).toSorted()).toEqual([...SERVICE_ONLY].toSorted());
});

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  beforeAll(async () => {
    app = await startApp({ database });
    account = await app.seed.account();
  });
  afterAll(() => app.close());

  describe('an unusable token', () => {
    const tokens: [string, (someone: Person, owner: SignedIn) => Promise<string>][] = [
      [
        'is of a session that was signed out',
        async (someone) => {
          const me = await someone.login();
          await me.gql(LOGOUT);
          return me.accessToken;
        },
      ],
      [
        'is of a user who was deactivated',
        async (someone, owner) => {
          const me = await someone.login();
          await owner.gql(SET_ACTIVE, { userId: someone.id, isActive: false });
          return me.accessToken;
        },
      ],
      ['is a refresh token', async (someone) => (await someone.login()).refreshToken],
      ['is rubbish', async () => 'rubbish'],
      [
        'is the session token of a service session',
        async (someone) => {
          const { key } = await app.seed.serviceKey(account.id);
          return (await backEnd(app, key).create({ userId: someone.id })).sessionToken;
        },
      ],
      ['is an unknown service key', async () => `cfk_${'A'.repeat(43)}`],
      [
        'is a service key that was revoked',
        async () => {
          const { id, key } = await app.seed.serviceKey(null);
          await sql`update service_keys set revoked_at = ${app.clock.now()} where id = ${id}`.execute(
            app.database.em().getKysely(),
          );
          return key;
        },
      ],
      [
        'is a service key past its day',
        async () => {
          const { key } = await app.seed.serviceKey(null, {
            expiresAt: new Date(app.clock.now().getTime() + 1_000),
          });
          expect((await backEnd(app, key).validate('rubbish')).reason).toBe('NOT_FOUND');
          app.clock.advance(1_000);
          return key;
        },
      ],
      [
        'has expired',
        async (someone) => {
          const me = await someone.login();
          app.clock.advance(300_000);
          return me.accessToken;
        },
      ],
    ];

    test.each(tokens)(
      '%s: refused by every operation except sign-in, refresh and sign-out',
      async (_, make) => {
        const owner = await account.owner.login();
        const token = await make(await account.addUser('OWNER'), owner);
        for (const { name, document, variables } of guarded) {
          const answer = await app.gql(document, variables, { token });
          expect({ name, status: answer.status, code: answer.code }).toEqual({
            name,
            status: 200,
            code: 'UNAUTHENTICATED',
          });
          expect(answer.data?.[name] ?? null).toBeNull();
        }
        for (const { name, document, variables } of ROOT_FIELDS.filter((field) =>
          OPEN_TO_ALL.has(field.name),
        )) {
          const { code } = await app.gql(document, variables, { token });
          expect({ name, isRefused: code === 'UNAUTHENTICATED' }).toEqual({ name, isRefused: false });
        }
      },
    );
  });

  test('without a token only viewer, public fields, sign-in, refresh and sign-out are allowed', async () => {
    for (const { name, document, variables } of guarded) {
      const { code } = await app.gql(document, variables);
      const isOpen = name === 'viewer' || OPEN_WITHOUT_TOKEN.has(name);
      expect({ name, code }).toEqual({ name, code: isOpen ? undefined : 'UNAUTHENTICATED' });
    }
  });

  test('a member is forbidden every field that is for owners', async () => {
    const me = await (await account.addUser()).login();
    for (const { name, document, variables } of closedToMembers) {
      const answer = await me.gql(document, variables);
      expect({ name, status: answer.status, extensions: answer.extensions }).toEqual({
        name,
        status: 200,
        extensions: { code: 'FORBIDDEN' },
      });
    }
    const feed = me.accountSessions();
    expect((await feed.next()).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await feed.completed;
    await feed.stop();
  });

  test('a user is forbidden every field that is for service keys', async () => {
    for (const me of [await account.owner.login(), await (await account.addUser()).login()])
      for (const { name, document, variables } of serviceOnly) {
        const { status, extensions } = await me.gql(document, variables);
        expect({ name, status, extensions }).toEqual({
          name,
          status: 200,
          extensions: { code: 'FORBIDDEN' },
        });
      }
  });

  test.each([
    ['one account', (): string => account.id],
    ['all accounts', (): null => null],
  ] as const)('a service key for %s is forbidden every field that is for users', async (_, accountIdOf) => {
    const { key } = await app.seed.serviceKey(accountIdOf());
    for (const { name, document, variables } of guarded) {
      const { status, code } = await app.gql(document, variables, { token: key });
      const isForThem = SERVICE_ONLY.has(name) && !(name === 'createAccount' && accountIdOf() !== null);
      const isOpen = isForThem || OWNER_OR_SERVICE.has(name) || OPEN_WITHOUT_TOKEN.has(name);
      expect({ name, status, isForbidden: code === 'FORBIDDEN' }).toEqual({
        name,
        status: 200,
        isForbidden: !isOpen,
      });
      expect(code).not.toBe('INTERNAL_SERVER_ERROR');
    }
  });

  test('the last use of a key is recorded to the minute', async () => {
    const { id, key } = await app.seed.serviceKey(account.id);
    const lastUsedAt = async (): Promise<string | null> =>
      (
        await sql<{
          last_used_at: string | null;
        }>`select last_used_at from service_keys where id = ${id}`.execute(app.database.em().getKysely())
      ).rows[0]!.last_used_at;
    expect(await lastUsedAt()).toBeNull();
    const first = app.clock.now();
    await backEnd(app, key).validate('rubbish');
    app.clock.advance(59_000);
    await backEnd(app, key).validate('rubbish');
    expect(new Date((await lastUsedAt())!)).toEqual(first);
    app.clock.advance(1_000);
    await backEnd(app, key).validate('rubbish');
    expect(new Date((await lastUsedAt())!)).toEqual(app.clock.now());
  });

  test('an owner is forbidden no field for owners', async () => {
    const me = await (await account.addUser('OWNER')).login();
    for (const { name, document, variables } of ownerOnly) {
      const { code } = await me.gql(document, variables);
      expect({ name, isRefused: code === 'FORBIDDEN' || code === 'UNAUTHENTICATED' }).toEqual({
        name,
        isRefused: false,
      });
      if (name === 'revokeSessions') break;
    }
  });
});

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: 'postgresql' });
  });
  afterAll(() => app.close());

  /** Takes the caller's role away while their operation, already authorised, waits for the account. */
  async function demotedWhileWaiting(
    call: (me: SignedIn, colleague: { id: string; sessionId: string }) => Promise<Answer>,
  ): Promise<{ answer: Answer; colleague: SignedIn }> {
    const account = await app.seed.account();
    const [second, third] = [await account.addUser('OWNER'), await account.addUser()];
    const [me, colleague] = [await second.login(), await third.login()];
    const { promise: calling, resolve: called } = Promise.withResolvers<Promise<Answer>[]>();
    await app.database.transaction(async (em) => {
      await sql`select 1 from accounts where id = ${account.id} for update`.execute(em.getKysely());
      // In an array, so that the transaction does not wait for the answer.
      called([call(me, { id: third.id, sessionId: colleague.sessionId })]);
      await waitForBlockedStatement(app.testDatabase.url!, 'from accounts where id = $1 for no key update');
      await sql`update users set role = 'MEMBER' where id = ${second.id}`.execute(em.getKysely());
    });
    return { answer: await (await calling)[0]!, colleague };
  }

  const writes = ownerOnly.filter(({ kind }) => kind === 'mutation');

  test.each(writes.map((field) => [field.name, field] as const))(
    '%s reads the role again in the transaction that uses it',
    async (_, { document, variables }) => {
      const { answer, colleague } = await demotedWhileWaiting((me) => me.gql(document, variables));
      expect(answer.extensions).toEqual({ code: 'FORBIDDEN' });
      expect((await colleague.gql(`{ currentSession { id } }`)).errors).toBeUndefined();
    },
  );

  test.each([
    ['revokeSession', REVOKE_SESSION],
    ['revokeSelectedSessions', REVOKE_SELECTED],
    ['revokeUserSessions', REVOKE_USER],
    ['revokeSessions', REVOKE_ALL],
  ])("%s by a user who has just lost the role ends no colleague's session", async (_, document) => {
    const { answer, colleague } = await demotedWhileWaiting((me, { id, sessionId }) =>
      me.gql(document, { userId: id, sessionId, sessionIds: [sessionId], scope: 'ALL' }),
    );
    expect(['FORBIDDEN', 'NOT_FOUND']).toContain(answer.code);
    expect((await colleague.gql(`{ currentSession { id } }`)).errors).toBeUndefined();
  });
});
