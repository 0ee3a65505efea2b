import { createKnownSessions } from './known-sessions.ts';

const FAR = 1_000_000;

test('a session is known to live once it was asked about while reports came in, until they break off', () => {
  const known = createKnownSessions({ most: 10 });
  expect(known.isKnownLive('a', 1, 0)).toBe(false);
  known.asking('a', 1)(FAR);
  expect(known.isKnownLive('a', 1, 0)).toBe(true);
  expect(known.isKnownLive('a', null, 0)).toBe(false);
  expect(known.isKnownLive('a', 2, 0)).toBe(false);
});

test('an answer to a question from before the reports began is not kept', () => {
  const known = createKnownSessions({ most: 10 });
  known.asking('a', null)(FAR);
  expect(known.isKnownLive('a', null, 0)).toBe(false);
  expect(known.isKnownLive('a', 1, 0)).toBe(false);
});

test('a no is not kept as a yes', () => {
  const known = createKnownSessions({ most: 10 });
  known.asking('a', 1)(null);
  expect(known.isKnownLive('a', 1, 0)).toBe(false);
});

test('a report wins over an answer that was on its way', () => {
  const known = createKnownSessions({ most: 10 });
  const ended = known.asking('a', 1);
  const changed = known.asking('b', 1);
  const other = known.asking('c', 1);
  known.end('a');
  known.change('b');
  for (const take of [ended, changed, other]) take(FAR);
  expect(known.isKnownLive('a', 1, 0)).toBe(false);
  expect(known.hasEnded('a')).toBe(true);
  expect(known.isKnownLive('b', 1, 0)).toBe(false);
  expect(known.hasEnded('b')).toBe(false);
  expect(known.isKnownLive('c', 1, 0)).toBe(true);
});

test('it is asked about again at the deadline it had', () => {
  const known = createKnownSessions({ most: 10 });
  known.asking('a', 1)(500);
  expect(known.isKnownLive('a', 1, 499)).toBe(true);
  expect(known.isKnownLive('a', 1, 500)).toBe(false);
});

test('the oldest are forgotten, on both sides', () => {
  const known = createKnownSessions({ most: 2 });
  for (const id of ['a', 'b', 'c']) known.asking(id, 1)(FAR);
  expect(['a', 'b', 'c'].map((id) => known.isKnownLive(id, 1, 0))).toEqual([false, true, true]);
  for (const id of ['a', 'b', 'c']) known.end(id);
  expect(['a', 'b', 'c'].map((id) => known.hasEnded(id))).toEqual([false, true, true]);
});
