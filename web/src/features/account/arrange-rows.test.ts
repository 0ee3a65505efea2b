import type { AccountSessionFragment } from '../../generated/account-operations.ts';
import { arrangeRows } from './arrange-rows.ts';

const session = (id: string, isCurrent = false, lastActivityAt = '2026-03-01T09:30:00.000Z') =>
  ({ id, isCurrent, lastActivityAt }) as AccountSessionFragment;

const summary = (rows: ReturnType<typeof arrangeRows>) => rows.map((row) => `${row.session.id} ${row.state}`);

const [a, b, here] = [session('a'), session('b'), session('here', true)];

test('a new list has this session first and the others in server order', () => {
  expect(summary(arrangeRows(null, [a, here, b]))).toEqual(['here current', 'a current', 'b current']);
});

test('a session that ends keeps its place and a new one comes last', () => {
  const rows = arrangeRows(null, [a, here, b]);
  const after = arrangeRows(rows, [session('c'), here, b]);
  expect(summary(after)).toEqual(['here current', 'a ended', 'b current', 'c new']);
  expect(summary(arrangeRows(after, [session('c'), here, b]))).toEqual(summary(after));
});

test('a row shows the latest data', () => {
  const later = session('a', false, '2026-03-01T10:00:00.000Z');
  expect(arrangeRows(arrangeRows(null, [a]), [later])[0]!.session).toBe(later);
});

test('a session that moved to the next page does not count as ended', () => {
  expect(summary(arrangeRows(arrangeRows(null, [a, b]), [session('c'), a], false))).toEqual([
    'a current',
    'b current',
    'c new',
  ]);
});
