import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBatchedRead } from './batched-read.ts';

/** A read that the test answers. */
function controlledRead() {
  const started: { keys: readonly string[]; answer(): void; fail(): void }[] = [];
  const read = createBatchedRead<string, string>(
    (keys) =>
      new Promise((resolve, reject) => {
        const answer = () => resolve(new Map(keys.map((key) => [key, `row of ${key}`])));
        started.push({ keys, answer, fail: () => reject(new Error('the database is unreachable')) });
      }),
  );
  return { read, started };
}

test('the calls of one event-loop turn share one read, and each gets its own row', async () => {
  const { read, started } = controlledRead();
  const answers = Promise.all([read('a'), read('b'), read('a')]);
  await nextTurn();
  expect(started.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  started[0]!.answer();
  expect(await answers).toEqual(['row of a', 'row of b', 'row of a']);
});

test('a call never joins a read in flight', async () => {
  const { read, started } = controlledRead();
  const first = read('a');
  await nextTurn();
  const second = read('a');
  started[0]!.answer();
  expect(await first).toBe('row of a');
  await nextTurn();
  expect(started.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
  started[1]!.answer();
  expect(await second).toBe('row of a');
});

test('while a read is in flight, the calls of many turns share the next one', async () => {
  const { read, started } = controlledRead();
  const answers = [read('a')];
  await nextTurn();
  for (const key of ['b', 'c', 'd']) {
    answers.push(read(key));
    await nextTurn();
  }
  expect(started.map(({ keys }) => keys)).toEqual([['a']]);
  started[0]!.answer();
  await answers[0];
  await nextTurn();
  expect(started.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'd']]);
  for (const read of started) read.answer();
  await Promise.all(answers);
});

test('a read that hangs does not delay the next one for long', async () => {
  const { read, started } = controlledRead();
  const hanging = read('a');
  await nextTurn();
  const since = performance.now();
  const late = read('b');
  while (started.length < 2) await nextTurn();
  expect(performance.now() - since).toBeLessThan(1_000);
  for (const read of started) read.answer();
  expect(await late).toBe('row of b');
  await hanging;
});

test('a failing read fails the calls that share it, and no other', async () => {
  const { read, started } = controlledRead();
  const [one, two] = [read('a'), read('b')];
  await nextTurn();
  started[0]!.fail();
  await expect(one).rejects.toThrow('unreachable');
  await expect(two).rejects.toThrow('unreachable');
  const later = read('a');
  await nextTurn();
  started[1]!.answer();
  expect(await later).toBe('row of a');
});

test('a key without a row gives null', async () => {
  const read = createBatchedRead<string, string>(async () => new Map());
  expect(await read('a')).toBeNull();
});
