import { createOneSlotIterator, type Pull } from './one-slot-iterator.ts';

function setUp() {
  let pulled: Pull<number> = { state: 'nothing' };
  let closes = 0;
  const iterator = createOneSlotIterator<number>(
    () => {
      const current = pulled;
      if (current.state === 'item') pulled = { state: 'nothing' };
      return current;
    },
    () => (closes += 1),
  );
  const offer = (next: Pull<number>) => {
    pulled = next;
    iterator.wake();
  };
  return {
    iterator,
    offer,
    item: (item: number, isLast = false) => offer({ state: 'item', item, isLast }),
    closes: () => closes,
  };
}

const DONE = { value: undefined, done: true };

test('a pending read gets the next item', async () => {
  const { iterator, item } = setUp();
  const waiting = iterator.next();
  item(1);
  expect(await waiting).toEqual({ value: 1, done: false });
});

test('a slow reader gets the newest state instead of a queue', async () => {
  const { iterator, item } = setUp();
  item(1);
  item(2);
  item(3);
  expect(await iterator.next()).toEqual({ value: 3, done: false });
  const waiting = iterator.next();
  item(4);
  expect(await waiting).toEqual({ value: 4, done: false });
});

test('a wake without an item yields none', async () => {
  const { iterator, item } = setUp();
  const waiting = iterator.next();
  iterator.wake();
  iterator.wake();
  item(1);
  expect(await waiting).toEqual({ value: 1, done: false });
});

test('the last item is followed by the end, and closes once', async () => {
  const { iterator, item, closes } = setUp();
  item(1, true);
  expect(await iterator.next()).toEqual({ value: 1, done: false });
  expect(closes()).toBe(1);
  item(2);
  expect(await iterator.next()).toEqual(DONE);
  await iterator.return!();
  expect(closes()).toBe(1);
});

test('a source that is done ends a pending read', async () => {
  const { iterator, offer, closes } = setUp();
  const waiting = iterator.next();
  offer({ state: 'done' });
  expect(await waiting).toEqual(DONE);
  expect(closes()).toBe(1);
});

test('return() ends a pending read', async () => {
  const { iterator, closes } = setUp();
  const waiting = iterator.next();
  expect(await iterator.return!()).toEqual(DONE);
  expect(await waiting).toEqual(DONE);
  expect(closes()).toBe(1);
});

test('throw() closes too', async () => {
  const { iterator, closes } = setUp();
  const waiting = iterator.next();
  await expect(iterator.throw!(new Error('stop'))).rejects.toThrow('stop');
  expect(await waiting).toEqual(DONE);
  expect(closes()).toBe(1);
});
