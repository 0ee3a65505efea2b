import type { AccountSessionFragment } from '../../generated/operations.ts';
import { arrange } from './arrange.ts';

const session = (id: string, isCurrent = false, lastActivityAt = '2026-03-01T09:30:00.000Z') =>
  ({ id, isCurrent, lastActivityAt }) as AccountSessionFragment;

const summary = (rows: ReturnType<typeof arrange>) => rows.map((row) => `${row.session.id} ${row.state}`);

const [a, b, here] = [session('a'), session('b'), session('here', true)];

test('a new list has this session first, and the others as the server lists them', () => {
  expect(summary(arrange(null, [a, here, b]))).toEqual(['here there', 'a there', 'b there']);
});

test('what ends keeps its place, and what starts comes last', () => {
  const rows = arrange(null, [a, here, b]);
  const after = arrange(rows, [session('c'), here, b]);
  expect(summary(after)).toEqual(['here there', 'a gone', 'b there', 'c new']);
  expect(summary(arrange(after, [session('c'), here, b]))).toEqual(summary(after));
});

test('a row shows what is known last', () => {
  const later = session('a', false, '2026-03-01T10:00:00.000Z');
  expect(arrange(arrange(null, [a]), [later])[0]!.session).toBe(later);
});

test('what was pushed off a page is not taken for ended', () => {
  expect(summary(arrange(arrange(null, [a, b]), [session('c'), a], false))).toEqual([
    'a there',
    'b there',
    'c new',
  ]);
});
