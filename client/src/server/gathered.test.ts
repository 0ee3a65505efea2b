import { createGathered } from './gathered.ts';

function gatheredOver(ask: (questions: string[]) => Promise<string[]>, mostCalls = Infinity) {
  return createGathered<string, string>({
    keyOf: (question) => question,
    merge: (one) => one,
    most: 3,
    mostCalls,
    ask,
  });
}

test('what is asked in one turn is asked together, each question once, in groups', async () => {
  const calls: string[][] = [];
  const ask = gatheredOver(async (questions) => {
    calls.push(questions);
    return questions.map((question) => question.toUpperCase());
  });
  expect(await Promise.all(['a', 'b', 'a', 'c', 'd'].map(ask))).toEqual(['A', 'B', 'A', 'C', 'D']);
  expect(calls).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a call that has begun is never joined', async () => {
  const answers: ((answers: string[]) => void)[] = [];
  const ask = gatheredOver(() => new Promise((resolve) => answers.push(resolve)));
  const first = ask('a');
  await new Promise(setImmediate);
  const second = ask('a');
  await new Promise(setImmediate);
  expect(answers).toHaveLength(2);
  answers[1]!(['later']);
  answers[0]!(['sooner']);
  expect([await first, await second]).toEqual(['sooner', 'later']);
});

test('a failure is everybody’s who asked, and so are missing answers', async () => {
  const failing = gatheredOver(() => Promise.reject(new Error('no')));
  const outcomes = await Promise.allSettled([failing('a'), failing('b'), failing('a')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(gatheredOver(async () => [])('a')).rejects.toThrow('Not as many answers');
});

test('while a call is under way the next ones gather, until it is done', async () => {
  const calls: { questions: string[]; answer(): void }[] = [];
  const ask = gatheredOver(
    (questions) => new Promise((resolve) => calls.push({ questions, answer: () => resolve([...questions]) })),
    1,
  );
  const answers = [ask('a')];
  await new Promise(setImmediate);
  for (const question of ['b', 'c', 'a']) {
    answers.push(ask(question));
    await new Promise(setImmediate);
  }
  expect(calls.map(({ questions }) => questions)).toEqual([['a']]);
  calls[0]!.answer();
  await answers[0];
  await new Promise(setImmediate);
  expect(calls.map(({ questions }) => questions)).toEqual([['a'], ['b', 'c', 'a']]);
  calls[1]!.answer();
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'a']);
});

test('a call that hangs does not hold up the next one', async () => {
  const calls: string[][] = [];
  const ask = gatheredOver((questions) => {
    calls.push(questions);
    return calls.length === 1 ? new Promise(() => {}) : Promise.resolve(questions);
  }, 1);
  void ask('a');
  await new Promise(setImmediate);
  expect(await ask('b')).toBe('b');
});
