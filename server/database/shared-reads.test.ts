import { jest } from '@jest/globals';
import { createSharedReads } from './shared-reads.ts';

interface Read {
  key: string;
  answer(value: unknown): Promise<void>;
  fail(error: Error): Promise<void>;
}

function setUp() {
  const sharedReads = createSharedReads();
  const started: Read[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const ask = (key: string, accountId = 'account') =>
    sharedReads.read(
      accountId,
      key,
      () =>
        new Promise<unknown>((resolve, reject) => {
          started.push({
            key,
            answer: (value) => (resolve(value), settle()),
            fail: (error) => (reject(error), settle()),
          });
        }),
    );
  return { ask, started, settle, keys: () => started.map(({ key }) => key) };
}

test('reads of one account run one at a time, in order', async () => {
  const { ask, started, settle, keys } = setUp();
  const answers = [ask('one'), ask('two'), ask('three')];
  await settle();
  expect(keys()).toEqual(['one']);
  await started[0]!.answer(1);
  expect(keys()).toEqual(['one', 'two']);
  await started[1]!.answer(2);
  await started[2]!.answer(3);
  expect(await Promise.all(answers)).toEqual([1, 2, 3]);
});

test('another account does not wait', async () => {
  const { ask, settle, keys } = setUp();
  void ask('one');
  void ask('other', 'another account');
  await settle();
  expect(keys()).toEqual(['one', 'other']);
});

test('identical queued reads share one result, and a started read is not joined', async () => {
  const { ask, started, settle, keys } = setUp();
  const together = [ask('same'), ask('same')];
  await settle();
  expect(keys()).toEqual(['same']);
  const later = [ask('same'), ask('same'), ask('same')];
  await started[0]!.answer('before');
  expect(keys()).toEqual(['same', 'same']);
  await started[1]!.answer('after');
  expect(await Promise.all(together)).toEqual(['before', 'before']);
  expect(await Promise.all(later)).toEqual(['after', 'after', 'after']);
});

test('a failure reaches its callers, and the queue goes on', async () => {
  const { ask, started, settle } = setUp();
  const failing = ask('one');
  const refused = expect(failing).rejects.toThrow('no');
  const next = ask('two');
  await settle();
  await started[0]!.fail(new Error('no'));
  await refused;
  await started[1]!.answer(2);
  expect(await next).toBe(2);
  const again = ask('one');
  await settle();
  await started[2]!.answer(3);
  expect(await again).toBe(3);
});

test('a read that hangs blocks the queue for five seconds, not forever', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  try {
    const { ask, settle, keys } = setUp();
    void ask('hangs');
    void ask('next');
    await jest.advanceTimersByTimeAsync(4_999);
    await settle();
    expect(keys()).toEqual(['hangs']);
    await jest.advanceTimersByTimeAsync(1);
    await settle();
    expect(keys()).toEqual(['hangs', 'next']);
  } finally {
    jest.useRealTimers();
  }
});
