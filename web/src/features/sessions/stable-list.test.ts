import { append, lastInOrder, listOf, type Order, replace, type StableList, update } from './stable-list.ts';

interface Item {
  id: string;
  at: number;
}

const order: Order<Item> = {
  idOf: ({ id }) => id,
  compare: (a, b) => b.at - a.at || (a.id < b.id ? -1 : 1),
};

/** Items written as `a9 b8`: ids with their sign-in times, in the server's order. */
const items = (text: string): Item[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((word) => ({ id: word[0]!, at: Number(word.slice(1)) }));
const page = (text: string, hasMore = false) => ({ items: items(text), hasMore });
const shown = ({ rows }: StableList<Item>): string =>
  rows.map(({ item, isGone }) => (isGone ? `(${item.id})` : item.id)).join(' ');

test('an item that is gone keeps its place', () => {
  const list = update(listOf(page('a9 b8 c7')), page('a9 c7'), order);
  expect(shown(list)).toBe('a (b) c');
  expect(list.newItems).toBe(0);
});

test('an item that comes back appears in its old place', () => {
  const gone = update(listOf(page('a9 b8')), page('a9'), order);
  const list = update(gone, page('b10 a9'), order);
  expect(shown(list)).toBe('a b');
  expect(list.newItems).toBe(0);
  expect(list.rows[1]!.item.at).toBe(10);
});

test('new items wait until they are asked for', () => {
  const list = update(listOf(page('a7 b6')), page('d9 c8 a7 b6'), order);
  expect(shown(list)).toBe('a b');
  expect(list.newItems).toBe(2);
});

test('an item of the next page is not new', () => {
  const list = update(listOf(page('a9 b8', true)), page('n10 a9 b8 c7 d6'), order);
  expect(list.newItems).toBe(1);
  expect(list.hasMore).toBe(true);
});

test('an item added at the end of a fully shown list is new', () => {
  const list = update(listOf(page('a9 b8')), page('a9 b8 z1'), order);
  expect(list.newItems).toBe(1);
  expect(list.hasMore).toBe(false);
});

test('nothing more is offered when the rest is gone', () => {
  const list = update(listOf(page('a9 b8', true)), page('a9 b8'), order);
  expect(list.hasMore).toBe(false);
});

test('when all shown items are gone, the rest is still offered and only later sign-ins are new', () => {
  const list = update(listOf(page('a9 b8', true)), page('n10 c7 d6'), order);
  expect(shown(list)).toBe('(a) (b)');
  expect(list.newItems).toBe(1);
  expect(list.hasMore).toBe(true);
});

test('the next page leaves out items that are shown already', () => {
  const list = append(listOf(page('a9 b8', true)), page('b8 c7'), order);
  expect(shown(list)).toBe('a b c');
  expect(list.hasMore).toBe(false);
});

test('the next page starts after the last item in server order, wherever it is shown', () => {
  const list = update(listOf(page('a9 b8 c7', true)), page('c10 a9 b8', true), order);
  expect(lastInOrder(list, order)?.id).toBe('b');
});

test('replacing one item leaves the others as they are', () => {
  const before = listOf(page('a9 b8'));
  const after = replace(before, { id: 'b', at: 3 }, order);
  expect(after.rows[0]).toBe(before.rows[0]);
  expect(after.rows[1]!.item.at).toBe(3);
});
