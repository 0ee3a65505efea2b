import { sql } from 'kysely';
import pg from 'pg';
import { SET_ROLE } from '../accounts/account-calls.ts';
import { onPostgres } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import { rule, saveRules } from '../policy/rules-calls.ts';
import { holdLock, sessionLock, waitForBlockedStatement, whileLocked } from '../row-locks.ts';
import { LOGIN, PASSWORD, type Person, type SignedIn } from '../seed.ts';
import { backEnd, CREATE_SESSION, END_USER_SESSIONS } from '../service-api/service-calls.ts';
import { sized, timeLimit } from '../size.ts';
import { expectOnly, inParallel, query, UNTHROTTLED } from './race-app.ts';
import { startTwoNodes, type TwoNodes } from './two-nodes.ts';

// The maximum of sessions holds on two nodes that hear nothing of each other but what is in the database.

const SIGN_INS = 50;
const ROUNDS = sized(4, 200);

onPostgres(() => {
  let both: TwoNodes;
  let nodes: TestApp[];
  let app: TestApp;
  beforeAll(async () => {
    both = await startTwoNodes({
      env: UNTHROTTLED,
      hashQueue: { slots: 8, waiting: 1000, waitingPerNetwork: 1000 },
    });
    ({ app } = both);
    nodes = [app, both.other];
  });
  afterAll(() => both.close());

  async function seedLimited(maxSessionsPerUser: number, sessionLimitAction: string) {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    await saveRules(owner, { maxSessionsPerUser, sessionLimitAction });
    const { key } = await app.seed.serviceKey(account.id);
    return { account, owner, key, person: await account.addUser() };
  }

  const countLive = async (client: pg.Client, { id }: Person): Promise<number> => {
    const { rows } = await client.query(
      'select count(*)::int as live from sessions where user_id = $1 and ended_at is null',
      [id],
    );
    return rows[0].live;
  };

  /** Runs `play` and returns the most live sessions that the user had at any moment of it. */
  async function mostDuring<T>(person: Person, play: () => Promise<T>): Promise<{ result: T; most: number }> {
    const client = new pg.Client({ connectionString: both.databaseUrl });
    await client.connect();
    let isOver = false;
    let most = 0;
    const watching = (async () => {
      while (!isOver) most = Math.max(most, await countLive(client, person));
      most = Math.max(most, await countLive(client, person));
    })();
    const result = await play().finally(() => (isOver = true));
    await watching.finally(() => client.end());
    return { result, most };
  }

  /** Every fifth is one of a back end. */
  function signInSomehow({ person, key }: { person: Person; key: string }, index: number): Promise<Answer> {
    const node = nodes[index % nodes.length]!;
    return index % 5 === 4
      ? backEnd(node, key).gql(CREATE_SESSION, { input: { userId: person.id } })
      : node.gql(LOGIN, { input: { email: person.email, password: PASSWORD } });
  }
  const succeeded = (answers: readonly Answer[]) => answers.filter(({ errors }) => !errors).length;
  const endsOf = (person: Person) =>
    query(
      app,
      sql<{ reason: string | null; count: number; audited: number }>`
      select s.end_reason as reason, count(*)::int as count,
        sum((select count(*) from audit_events e where e.resource_id = s.id and e.action = 'session.ended'))::int as audited
      from sessions s where s.user_id = ${person.id} group by 1 order by 1 nulls last`,
    );

  test(
    'DENY: of fifty sign-ins at once as many begin as there is room for',
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const max = 1 + (round % 5);
        const before = round % max;
        const limited = await seedLimited(max, round % 3 === 0 ? 'ASK' : 'DENY');
        for (let n = 0; n < before; n += 1) await limited.person.login();
        const { result, most } = await mostDuring(limited.person, () =>
          inParallel(SIGN_INS, (index) => signInSomehow(limited, index)),
        );
        expectOnly(result, 'SESSION_LIMIT_REACHED');
        expect(succeeded(result)).toBe(max - before);
        expect(most).toBe(max);
        expect(await endsOf(limited.person)).toEqual([{ reason: null, count: max, audited: 0 }]);
      }
    },
    timeLimit,
  );

  test(
    'END_OLDEST: all fifty sign in, there are never more than the maximum, and each end is recorded once',
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const max = 1 + (round % 5);
        const limited = await seedLimited(max, 'END_OLDEST');
        const { result, most } = await mostDuring(limited.person, () =>
          inParallel(SIGN_INS, (index) => signInSomehow(limited, index)),
        );
        expectOnly(result);
        expect(most).toBe(max);
        const ended = SIGN_INS - max;
        expect(await endsOf(limited.person)).toEqual([
          { reason: 'SESSION_LIMIT', count: ended, audited: ended },
          { reason: null, count: max, audited: 0 },
        ]);
      }
    },
    timeLimit,
  );

  test(
    'sign-ins that replace sessions, changes of role and policy, and ends of a user, all at once: none fails',
    async () => {
      for (let round = 0; round < sized(2, 40); round += 1) {
        const limited = await seedLimited(2, 'END_OLDEST');
        const { account, owner, key, person } = limited;
        const colleague = await account.addUser();
        const cookies = await inParallel(4, async (index) => {
          const who = index % 2 === 0 ? person : colleague;
          return (await who.tryLogin({ transport: 'COOKIE' })).cookie!;
        });
        // Each browser signs in as the other user, so that two users' sessions end in one transaction.
        const replace = (index: number) =>
          nodes[index % 2]!.gql(
            LOGIN,
            {
              input: {
                email: index % 4 < 2 ? person.email : colleague.email,
                password: PASSWORD,
                transport: 'COOKIE',
              },
            },
            { cookie: cookies[index % cookies.length] },
          );
        const rules = [rule('OWNER', null, 60, 600), rule('MEMBER', null, 30, 600)];
        const { result, most } = await mostDuring(person, () =>
          inParallel(40, (index): Promise<Answer> => {
            switch (index % 8) {
              case 0:
                return owner.gql(SET_ROLE, {
                  userId: person.id,
                  role: index % 16 === 0 ? 'OWNER' : 'MEMBER',
                });
              case 1:
                return saveRules(owner, {
                  rules,
                  maxSessionsPerUser: 2,
                  apply: index % 16 === 1 ? 'ACTIVE_SESSIONS' : 'NEXT_LOGIN',
                }).then(() => ({ status: 200 }) as Answer);
              case 2:
                return backEnd(nodes[index % 2]!, key).gql(END_USER_SESSIONS, {
                  input: { userId: person.id },
                });
              case 3:
                return signInSomehow({ person: colleague, key }, index);
              default:
                return replace(index);
            }
          }),
        );
        expectOnly(result);
        expect(most).toBeLessThanOrEqual(2);
      }
    },
    timeLimit,
  );

  test('the sessions that end, of two users, are locked in the order of their ids', async () => {
    const limited = await seedLimited(1, 'END_OLDEST');
    const colleague = await limited.account.addUser();
    const replaced = await colleague.tryLogin({ transport: 'COOKIE' });
    const replacedId: string = replaced.data.login.session.id;
    // One that the sign-in ends for room, with the higher id: until such a one has come.
    const { sessionId } = await untilHigher(replacedId, () => limited.person.login());
    const answer = await whileLocked(
      both.databaseUrl,
      sessionLock(replacedId),
      () => limited.person.tryLogin({ transport: 'COOKIE' }, { cookie: replaced.cookie! }),
      // It waits for the first of the two and does not hold the second.
      (client) => client.query('select 1 from sessions where id = $1 for update nowait', [sessionId]),
    );
    expect(answer.errors).toBeUndefined();
    const rows = await query(
      app,
      sql<{
        reason: string;
      }>`select end_reason as reason from sessions where id in (${replacedId}, ${sessionId}) order by id`,
    );
    expect(rows.map(({ reason }) => reason)).toEqual(['REPLACED', 'SESSION_LIMIT']);
  });

  test('activity that is written after the deadline of its session, beside a sign-in: one of the two, not both', async () => {
    const limited = await seedLimited(1, 'DENY');
    const service = backEnd(app, limited.key);
    const { sessionToken, session } = await service.create({ userId: limited.person.id });
    app.clock.advance(Date.parse(session.idleExpiresAt) - app.clock.now().getTime() - 1);
    const { text, values } = sessionLock(session.id);
    const lock = await holdLock(both.databaseUrl, text, values);
    const validation = service.validate(sessionToken);
    await waitForBlockedStatement(both.databaseUrl, 'as given (id, first_at, last_at)');
    app.clock.advance(1);
    const signIn = nodes[1]!.gql(LOGIN, { input: { email: limited.person.email, password: PASSWORD } });
    // Without both in the queue of the row, the one that comes after the release may go first.
    await waitForBlockedStatement(both.databaseUrl, 's.user_id = $2 and s.ended_at is null');
    await lock.release();
    expect(await validation).toMatchObject({ valid: true });
    expect((await signIn).extensions).toMatchObject({ code: 'SESSION_LIMIT_REACHED' });
    expect(await service.validate(sessionToken)).toMatchObject({ valid: true });
  });

  async function untilHigher(id: string, signIn: () => Promise<SignedIn>): Promise<SignedIn> {
    for (;;) {
      const signedIn = await signIn();
      if (signedIn.sessionId > id) return signedIn;
    }
  }
});
