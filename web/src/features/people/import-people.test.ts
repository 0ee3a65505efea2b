import { chunksOf } from './import-people.ts';
import type { ImportedPerson } from './read-people-file.ts';

const people = (count: number, name: string): ImportedPerson[] =>
  Array.from({ length: count }, (_, index) => ({
    line: index + 1,
    email: `person-${index}@example.test`,
    name,
    role: 'MEMBER',
  }));

test('people are sent in as few requests as the server takes, in order', () => {
  expect(chunksOf([])).toEqual([]);
  expect(chunksOf(people(500, 'Ada')).map(({ length }) => length)).toEqual([500]);
  expect(chunksOf(people(1_000, 'Ada')).map(({ length }) => length)).toEqual([500, 500]);
});

test('no request is larger than the server takes', () => {
  const all = people(500, '\u{1f30d}'.repeat(100));
  const chunks = chunksOf(all);
  expect(chunks.flat()).toEqual(all);
  for (const chunk of chunks)
    expect(new TextEncoder().encode(JSON.stringify(chunk)).length).toBeLessThan(90 * 1024);
});
