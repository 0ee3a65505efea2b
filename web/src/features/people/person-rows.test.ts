import { hasOthers, markDeleted, refreshRows, replacePerson, toRow, type Person } from './person-rows.ts';

const person = (id: string, name = id): Person => ({
  id,
  name,
  email: `${id}@example.test`,
  role: 'MEMBER',
  status: 'ACTIVE',
  lastLoginAt: null,
  sessionCount: 0,
  linkExpiresAt: null,
});
const rows = ['a', 'b', 'c'].map((id) => toRow(person(id)));

test('rows keep their places: changed ones show the change, missing ones are marked', () => {
  const fresh = [person('c', 'Anna'), person('a')];
  expect(refreshRows(rows, fresh).map(({ person, isGone }) => [person.name, isGone])).toEqual([
    ['a', false],
    ['b', true],
    ['Anna', false],
  ]);
});

test('a person who is back in the list is not marked any more', () => {
  const marked = refreshRows(rows, []);
  expect(refreshRows(marked, [person('b')]).map(({ isGone }) => isGone)).toEqual([true, false, true]);
});

test('only people who are not shown count as others', () => {
  expect(hasOthers(rows, [person('a')])).toBe(false);
  expect(hasOthers(rows, [person('a'), person('d')])).toBe(true);
});

test('a change or a deletion touches its own row', () => {
  expect(replacePerson(rows, person('b', 'Bo')).map(({ person }) => person.name)).toEqual(['a', 'Bo', 'c']);
  expect(markDeleted(rows, 'b').map(({ isDeleted }) => isDeleted)).toEqual([false, true, false]);
});
