import { createSessionCache } from './session-cache.ts';

const FAR = 1_000_000;

test('a session counts as live once it was checked while reports came in, until they break off', () => {
  const cache = createSessionCache({ maxSize: 10 });
  expect(cache.isLive('a', 1, 0)).toBe(false);
  cache.beginCheck('a', 1)(FAR);
  expect(cache.isLive('a', 1, 0)).toBe(true);
  expect(cache.isLive('a', null, 0)).toBe(false);
  expect(cache.isLive('a', 2, 0)).toBe(false);
});

test('an answer to a check from before the reports began is not kept', () => {
  const cache = createSessionCache({ maxSize: 10 });
  cache.beginCheck('a', null)(FAR);
  expect(cache.isLive('a', null, 0)).toBe(false);
  expect(cache.isLive('a', 1, 0)).toBe(false);
});

test('a no is not kept as a yes', () => {
  const cache = createSessionCache({ maxSize: 10 });
  cache.beginCheck('a', 1)(null);
  expect(cache.isLive('a', 1, 0)).toBe(false);
});

test('a report wins over an answer that was on its way', () => {
  const cache = createSessionCache({ maxSize: 10 });
  const ended = cache.beginCheck('a', 1);
  const changed = cache.beginCheck('b', 1);
  const other = cache.beginCheck('c', 1);
  cache.end('a');
  cache.change('b');
  for (const finish of [ended, changed, other]) finish(FAR);
  expect(cache.isLive('a', 1, 0)).toBe(false);
  expect(cache.hasEnded('a')).toBe(true);
  expect(cache.isLive('b', 1, 0)).toBe(false);
  expect(cache.hasEnded('b')).toBe(false);
  expect(cache.isLive('c', 1, 0)).toBe(true);
});

test('it is checked again at the deadline it had', () => {
  const cache = createSessionCache({ maxSize: 10 });
  cache.beginCheck('a', 1)(500);
  expect(cache.isLive('a', 1, 499)).toBe(true);
  expect(cache.isLive('a', 1, 500)).toBe(false);
});

test('the oldest are dropped, on both sides', () => {
  const cache = createSessionCache({ maxSize: 2 });
  for (const id of ['a', 'b', 'c']) cache.beginCheck(id, 1)(FAR);
  expect(['a', 'b', 'c'].map((id) => cache.isLive(id, 1, 0))).toEqual([false, true, true]);
  for (const id of ['a', 'b', 'c']) cache.end(id);
  expect(['a', 'b', 'c'].map((id) => cache.hasEnded(id))).toEqual([false, true, true]);
});
