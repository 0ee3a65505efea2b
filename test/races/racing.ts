import { hash } from '@node-rs/argon2';
import { sql } from 'kysely';
import type { TestDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';

/** A safety net for a busy machine, not an expectation. */
export const PATIENCE_MS = 240_000;

/** Failed sign-ins are part of these races, so none of them is throttled. */
const UNTHROTTLED = {
  LOGIN_FAILURES_PER_PAIR: '1000000',
  LOGIN_FAILURES_PER_EMAIL: '1000000',
  LOGIN_FAILURES_PER_ADDRESS: '1000000',
};

export const startRacingApp = (
  env: Record<string, string> = {},
  sharedDatabase?: TestDatabase,
  markingBatch?: number,
): Promise<TestApp> =>
  startApp({ database: 'postgresql', sharedDatabase, markingBatch, env: { ...UNTHROTTLED, ...env } });

const ARGON2ID = 2;
let cheapHash: Promise<string> | undefined;

/** An account's standard passwords, hashed so that checking them costs nothing: a race is about rows, not about argon2. */
export async function cheapenPasswords(app: Pick<TestApp, 'database'>, accountId: string): Promise<void> {
  cheapHash ??= hash(PASSWORD, { algorithm: ARGON2ID, memoryCost: 8, timeCost: 1, parallelism: 1 });
  await query(
    app,
    sql`update users set password_hash = ${await cheapHash} where account_id = ${accountId} and password_hash is distinct from ${await cheapHash}`,
  );
}

/** Rows of one statement, read past the application. */
export async function query<Row>(
  app: Pick<TestApp, 'database'>,
  statement: ReturnType<typeof sql<Row>>,
): Promise<Row[]> {
  return (await statement.execute(app.database.em().getKysely())).rows;
}

export const together = <T>(count: number, start: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => start(index)));

/** Runs `count` rounds on several lanes at once; each lane has what `prepare` made for it. */
export async function inRounds<Lane>(
  count: number,
  lanes: number,
  prepare: () => Promise<Lane>,
  round: (lane: Lane, number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const results = await together(lanes, async () => {
    try {
      const lane = await prepare();
      while (next < count && !hasFailed) await round(lane, (next += 1));
      return null;
    } catch (error) {
      hasFailed = true;
      return { error };
    }
  });
  // Only when nothing is under way any more: an unfinished round would go on behind the next test.
  const failure = results.find((result) => result !== null);
  if (failure) throw failure.error;
}

/** Repeats `action` on `workers` at once for as long as `event` is under way, and once more when it is over. */
export async function during<T, E>(
  event: () => Promise<E>,
  workers: number,
  action: () => Promise<T>,
): Promise<{ answers: T[]; outcome: E }> {
  const answers: T[] = [await action()];
  let isOver = false;
  const repeating = together(workers, async () => {
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
