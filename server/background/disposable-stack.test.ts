import { createDisposableStack } from './disposable-stack.ts';

const later = () => new Promise<void>((done) => setImmediate(done));

test('releases in reverse, one after the other, and only once', async () => {
  const released: string[] = [];
  const stack = createDisposableStack();
  expect(
    stack.adopt('first', async (value) => {
      await later();
      released.push(value);
    }),
  ).toBe('first');
  stack.defer(async () => {
    await later();
    released.push('second');
  });
  await stack.disposeAsync();
  await stack.disposeAsync();
  expect(released).toEqual(['second', 'first']);
});

test('a failing release does not keep the others from theirs', async () => {
  const released: string[] = [];
  const stack = createDisposableStack();
  stack.adopt('first', (value) => released.push(value));
  stack.defer(() => Promise.reject(new Error('out of order')));
  await expect(stack.disposeAsync()).rejects.toThrow('out of order');
  expect(released).toEqual(['first']);

  stack.defer(() => Promise.reject(new Error('one')));
  stack.defer(() => Promise.reject(new Error('two')));
  await expect(stack.disposeAsync()).rejects.toThrow(AggregateError);
});

test('what was moved is released by the new stack alone', async () => {
  const released: string[] = [];
  let moved;
  {
    await using stack = createDisposableStack();
    stack.adopt('first', (value) => released.push(value));
    moved = stack.move();
  }
  expect(released).toEqual([]);
  await moved.disposeAsync();
  expect(released).toEqual(['first']);
});
