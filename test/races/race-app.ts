import { sql } from 'kysely';
import type { TestDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { hashOfPassword, type Person, type SeededAccount, type SignedIn } from '../seed.ts';

/** A safety net for a busy machine, not an expectation. */
export const RACE_TIMEOUT_MS = 240_000;

/** Failed sign-ins are part of these races, so none of them is throttled. */
export const UNTHROTTLED = {
  LOGIN_FAILURES_PER_PAIR: '1000000',
  LOGIN_FAILURES_PER_EMAIL: '1000000',
  LOGIN_FAILURES_PER_ADDRESS: '1000000',
};

export const startRacingApp = (
  env: Record<string, string> = {},
  sharedDatabase?: TestDatabase,
  revocationBatchSize?: number,
): Promise<TestApp> =>
  startApp({ database: 'postgresql', sharedDatabase, revocationBatchSize, env: { ...UNTHROTTLED, ...env } });

/** Gives the users of an account their first password again. */
export async function resetPasswords(app: Pick<TestApp, 'database'>, accountId: string): Promise<void> {
  const passwordHash = await hashOfPassword('cheap');
  await query(
    app,
    sql`update users set password_hash = ${passwordHash} where account_id = ${accountId} and password_hash is distinct from ${passwordHash}`,
  );
}

/** Rows of one statement, without the application. */
export async function query<Row>(
  app: Pick<TestApp, 'database'>,
  statement: ReturnType<typeof sql<Row>>,
): Promise<Row[]> {
  return (await statement.execute(app.database.em().getKysely())).rows;
}

/** Ids of a user's live sessions. */
export const liveSessionsOf = (app: TestApp, userId: string): Promise<{ id: string }[]> =>
  query(
    app,
    sql<{ id: string }>`select id from sessions where user_id = ${userId} and ended_at is null order by id`,
  );

/** An account with a member. */
export async function accountWithMember(app: TestApp): Promise<{ account: SeededAccount; member: Person }> {
  const account = await app.seed.account();
  const member = await account.addUser();
  return { account, member };
}

/** An owner with a session. */
export async function signedInOwner(app: TestApp): Promise<{ owner: Person; boss: SignedIn }> {
  const { owner } = await app.seed.account();
  return { owner, boss: await owner.login() };
}

export const inParallel = <T>(count: number, start: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => start(index)));

/** Runs `count` rounds on several lanes at once; `prepare` creates the state of each lane. */
export async function inRounds<Lane>(
  count: number,
  lanes: number,
  prepare: () => Promise<Lane>,
  round: (lane: Lane, number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const results = await inParallel(lanes, async () => {
    try {
      const lane = await prepare();
      while (next < count && !hasFailed) await round(lane, (next += 1));
      return null;
    } catch (error) {
      hasFailed = true;
      return { error };
    }
  });
  // Only after all lanes have stopped: an unfinished round would run into the next test.
  const failure = results.find((result) => result !== null);
  if (failure) throw failure.error;
}

/** Repeats `action` on `workers` at once while `event` runs, and once more afterwards. */
export async function during<T, E>(
  event: () => Promise<E>,
  workers: number,
  action: () => Promise<T>,
): Promise<{ answers: T[]; outcome: E }> {
  const answers: T[] = [await action()];
  let isOver = false;
  const repeating = inParallel(workers, async () => {
    while (!isOver) answers.push(await action());
  });
  const outcome = await event().finally(() => (isOver = true));
  await repeating;
  answers.push(await action());
  return { answers, outcome };
}

/** Every answer is either data or one of these codes: no fault, no 5xx, nothing without a code. */
export function expectOnly(answers: Answer[], ...codes: string[]): void {
  const unexpected = answers.filter(
    ({ status, code, errors }) => status !== 200 || (errors && !codes.includes(code ?? 'none')),
  );
  expect(unexpected).toEqual([]);
}
