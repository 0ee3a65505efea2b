import { createFloodLimit } from './flood-limit.ts';

const MINUTE = 60_000;
const times = (count: number, once: () => boolean): number =>
  Array.from({ length: count }, once).filter(Boolean).length;

test('of one event ten from one network pass in a minute, and the rest are counted', () => {
  const limit = createFloodLimit();
  expect(times(25, () => limit.admit('a', 'n', 0))).toBe(10);
  expect(limit.admit('b', 'n', 0)).toBe(true);
  expect(limit.admit('a', 'other', 0)).toBe(true);
  expect(limit.takeSuppressed(MINUTE - 1)).toEqual([]);
  expect(limit.takeSuppressed(MINUTE)).toEqual([{ event: 'a', network: 'n', count: 15 }]);
  expect(limit.takeSuppressed(MINUTE)).toEqual([]);
  expect(limit.admit('a', 'n', MINUTE)).toBe(true);
});

test('what a window left out is reported when nothing was recorded before the next began', () => {
  const limit = createFloodLimit();
  times(12, () => limit.admit('a', 'n', 0));
  times(11, () => limit.admit('a', 'n', MINUTE));
  expect(limit.takeSuppressed(2 * MINUTE)).toEqual([{ event: 'a', network: 'n', count: 3 }]);
});

test('a flood from very many networks is limited as a whole, and takes no more memory', () => {
  const limit = createFloodLimit();
  let sent = 0;
  const passed = times(30_000, () => limit.admit('a', `n${(sent += 1)}`, 0));
  expect(passed).toBe(300);
  expect(limit.takeSuppressed(MINUTE)).toEqual([{ event: 'a', network: null, count: 29_700 }]);
});
