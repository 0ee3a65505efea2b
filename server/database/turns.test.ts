import { jest } from '@jest/globals';
import { createTurns } from './turns.ts';

interface Read {
  question: string;
  answer(value: unknown): Promise<void>;
  fail(error: Error): Promise<void>;
}

function setUp() {
  const turns = createTurns();
  const begun: Read[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const ask = (question: string, line = 'account') =>
    turns.take(
      line,
      question,
      () =>
        new Promise<unknown>((resolve, reject) => {
          begun.push({
            question,
            answer: (value) => (resolve(value), settle()),
            fail: (error) => (reject(error), settle()),
          });
        }),
    );
  return { ask, begun, settle, questions: () => begun.map(({ question }) => question) };
}

test('one question of a line is read at a time, in the order in which they were asked', async () => {
  const { ask, begun, settle, questions } = setUp();
  const answers = [ask('one'), ask('two'), ask('three')];
  await settle();
  expect(questions()).toEqual(['one']);
  await begun[0]!.answer(1);
  expect(questions()).toEqual(['one', 'two']);
  await begun[1]!.answer(2);
  await begun[2]!.answer(3);
  expect(await Promise.all(answers)).toEqual([1, 2, 3]);
});

test('another line does not wait', async () => {
  const { ask, settle, questions } = setUp();
  void ask('one');
  void ask('other', 'another account');
  await settle();
  expect(questions()).toEqual(['one', 'other']);
});

test('whoever asks what waits shares it; a read that has begun is not joined', async () => {
  const { ask, begun, settle, questions } = setUp();
  const together = [ask('same'), ask('same')];
  await settle();
  expect(questions()).toEqual(['same']);
  const later = [ask('same'), ask('same'), ask('same')];
  await begun[0]!.answer('before');
  expect(questions()).toEqual(['same', 'same']);
  await begun[1]!.answer('after');
  expect(await Promise.all(together)).toEqual(['before', 'before']);
  expect(await Promise.all(later)).toEqual(['after', 'after', 'after']);
});

test('a failure is told to those who asked, and the line goes on', async () => {
  const { ask, begun, settle } = setUp();
  const failing = ask('one');
  const refused = expect(failing).rejects.toThrow('no');
  const next = ask('two');
  await settle();
  await begun[0]!.fail(new Error('no'));
  await refused;
  await begun[1]!.answer(2);
  expect(await next).toBe(2);
  const again = ask('one');
  await settle();
  await begun[2]!.answer(3);
  expect(await again).toBe(3);
});

test('a read that hangs holds the line up for five seconds, not for ever', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  try {
    const { ask, settle, questions } = setUp();
    void ask('hangs');
    void ask('next');
    await jest.advanceTimersByTimeAsync(4_999);
    await settle();
    expect(questions()).toEqual(['hangs']);
    await jest.advanceTimersByTimeAsync(1);
    await settle();
    expect(questions()).toEqual(['hangs', 'next']);
  } finally {
    jest.useRealTimers();
  }
});
