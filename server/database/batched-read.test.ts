import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBatchedRead } from './batched-read.ts';

/** A read whose answers the test gives, oldest first. */
function controlledRead() {
  const begun: { keys: readonly string[]; answer(): void; fail(): void }[] = [];
  const read = createBatchedRead<string, string>(
    (keys) =>
      new Promise((resolve, reject) => {
        const answer = () => resolve(new Map(keys.map((key) => [key, `row of ${key}`])));
        begun.push({ keys, answer, fail: () => reject(new Error('the database is away')) });
      }),
  );
  return { read, begun };
}

test('the calls of one turn share one read, and each gets its own row', async () => {
  const { read, begun } = controlledRead();
  const answers = Promise.all([read('a'), read('b'), read('a')]);
  await nextTurn();
  expect(begun.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  begun[0]!.answer();
  expect(await answers).toEqual(['row of a', 'row of b', 'row of a']);
});

test('a call never joins a read that has begun', async () => {
  const { read, begun } = controlledRead();
  const first = read('a');
  await nextTurn();
  const second = read('a');
  begun[0]!.answer();
  expect(await first).toBe('row of a');
  await nextTurn();
  expect(begun.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
  begun[1]!.answer();
  expect(await second).toBe('row of a');
});

test('while a read is under way the calls of many turns share the next one', async () => {
  const { read, begun } = controlledRead();
  const answers = [read('a')];
  await nextTurn();
  for (const key of ['b', 'c', 'd']) {
    answers.push(read(key));
    await nextTurn();
  }
  expect(begun.map(({ keys }) => keys)).toEqual([['a']]);
  begun[0]!.answer();
  await answers[0];
  await nextTurn();
  expect(begun.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'd']]);
  for (const each of begun) each.answer();
  await Promise.all(answers);
});

test('a read that hangs holds nobody up for long', async () => {
  const { read, begun } = controlledRead();
  const hanging = read('a');
  await nextTurn();
  const started = performance.now();
  const late = read('b');
  while (begun.length < 2) await nextTurn();
  expect(performance.now() - started).toBeLessThan(1_000);
  for (const each of begun) each.answer();
  expect(await late).toBe('row of b');
  await hanging;
});

test('a read that fails fails the calls that share it, and no other', async () => {
  const { read, begun } = controlledRead();
  const [one, two] = [read('a'), read('b')];
  await nextTurn();
  begun[0]!.fail();
  await expect(one).rejects.toThrow('away');
  await expect(two).rejects.toThrow('away');
  const later = read('a');
  await nextTurn();
  begun[1]!.answer();
  expect(await later).toBe('row of a');
});

test('null where there is no row', async () => {
  const read = createBatchedRead<string, string>(async () => new Map());
  expect(await read('a')).toBeNull();
});
