import { createBatcher } from './batch.ts';

function batcherOver(call: (requests: string[]) => Promise<string[]>, maxCalls = Infinity) {
  return createBatcher<string, string>({
    keyOf: (request) => request,
    merge: (one) => one,
    maxSize: 3,
    maxCalls,
    call,
  });
}

test('the requests of one turn are sent together, each once, in batches', async () => {
  const calls: string[][] = [];
  const load = batcherOver(async (requests) => {
    calls.push(requests);
    return requests.map((request) => request.toUpperCase());
  });
  expect(await Promise.all(['a', 'b', 'a', 'c', 'd'].map(load))).toEqual(['A', 'B', 'A', 'C', 'D']);
  expect(calls).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a call that has begun is never joined', async () => {
  const answers: ((answers: string[]) => void)[] = [];
  const load = batcherOver(() => new Promise((resolve) => answers.push(resolve)));
  const first = load('a');
  await new Promise(setImmediate);
  const second = load('a');
  await new Promise(setImmediate);
  expect(answers).toHaveLength(2);
  answers[1]!(['later']);
  answers[0]!(['sooner']);
  expect([await first, await second]).toEqual(['sooner', 'later']);
});

test('a failure reaches every caller, and so do missing answers', async () => {
  const failing = batcherOver(() => Promise.reject(new Error('no')));
  const outcomes = await Promise.allSettled([failing('a'), failing('b'), failing('a')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(batcherOver(async () => [])('a')).rejects.toThrow('Not as many answers');
});

test('while a call is in flight the next requests wait, until it is done', async () => {
  const calls: { requests: string[]; answer(): void }[] = [];
  const load = batcherOver(
    (requests) => new Promise((resolve) => calls.push({ requests, answer: () => resolve([...requests]) })),
    1,
  );
  const answers = [load('a')];
  await new Promise(setImmediate);
  for (const request of ['b', 'c', 'a']) {
    answers.push(load(request));
    await new Promise(setImmediate);
  }
  expect(calls.map(({ requests }) => requests)).toEqual([['a']]);
  calls[0]!.answer();
  await answers[0];
  await new Promise(setImmediate);
  expect(calls.map(({ requests }) => requests)).toEqual([['a'], ['b', 'c', 'a']]);
  calls[1]!.answer();
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'a']);
});

test('a call that hangs does not hold up the next one', async () => {
  const calls: string[][] = [];
  const load = batcherOver((requests) => {
    calls.push(requests);
    return calls.length === 1 ? new Promise(() => {}) : Promise.resolve(requests);
  }, 1);
  void load('a');
  await new Promise(setImmediate);
  expect(await load('b')).toBe('b');
});
