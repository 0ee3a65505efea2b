import { begin, extend, lowest, type Order, replace, type StillList, update } from './still-list.ts';

interface Item {
  id: string;
  at: number;
}

const order: Order<Item> = {
  idOf: ({ id }) => id,
  compare: (a, b) => b.at - a.at || (a.id < b.id ? -1 : 1),
};

/** `a9 b8`: ids and when they signed in, in the server's order. */
const items = (text: string): Item[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((word) => ({ id: word[0]!, at: Number(word.slice(1)) }));
const page = (text: string, hasMore = false) => ({ items: items(text), hasMore });
const shown = ({ rows }: StillList<Item>): string =>
  rows.map(({ item, isGone }) => (isGone ? `(${item.id})` : item.id)).join(' ');

test('who is gone keeps their place', () => {
  const list = update(begin(page('a9 b8 c7')), page('a9 c7'), order);
  expect(shown(list)).toBe('a (b) c');
  expect(list.arrivals).toBe(0);
});

test('who was gone and is back stands where they stood', () => {
  const gone = update(begin(page('a9 b8')), page('a9'), order);
  const list = update(gone, page('b10 a9'), order);
  expect(shown(list)).toBe('a b');
  expect(list.arrivals).toBe(0);
  expect(list.rows[1]!.item.at).toBe(10);
});

test('newcomers wait to be asked for', () => {
  const list = update(begin(page('a7 b6')), page('d9 c8 a7 b6'), order);
  expect(shown(list)).toBe('a b');
  expect(list.arrivals).toBe(2);
});

test('what was not shown yet is no newcomer', () => {
  const list = update(begin(page('a9 b8', true)), page('n10 a9 b8 c7 d6'), order);
  expect(list.arrivals).toBe(1);
  expect(list.hasMore).toBe(true);
});

test('whoever comes to the end of a list that is shown whole is a newcomer', () => {
  const list = update(begin(page('a9 b8')), page('a9 b8 z1'), order);
  expect(list.arrivals).toBe(1);
  expect(list.hasMore).toBe(false);
});

test('there is no more when the rest has gone', () => {
  const list = update(begin(page('a9 b8', true)), page('a9 b8'), order);
  expect(list.hasMore).toBe(false);
});

test('where all that was shown is gone, the rest is still more, and only who signed in later is new', () => {
  const list = update(begin(page('a9 b8', true)), page('n10 c7 d6'), order);
  expect(shown(list)).toBe('(a) (b)');
  expect(list.arrivals).toBe(1);
  expect(list.hasMore).toBe(true);
});

test('the next page leaves out who is shown already', () => {
  const list = extend(begin(page('a9 b8', true)), page('b8 c7'), order);
  expect(shown(list)).toBe('a b c');
  expect(list.hasMore).toBe(false);
});

test('the next page goes on from whom the server lists last, wherever they are shown', () => {
  const list = update(begin(page('a9 b8 c7', true)), page('c10 a9 b8', true), order);
  expect(lowest(list, order)?.id).toBe('b');
});

test('one item changes and the others do not', () => {
  const before = begin(page('a9 b8'));
  const after = replace(before, { id: 'b', at: 3 }, order);
  expect(after.rows[0]).toBe(before.rows[0]);
  expect(after.rows[1]!.item.at).toBe(3);
});
