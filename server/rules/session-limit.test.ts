import fc from 'fast-check';
import type { SessionLimitAction } from '../generated/schema.ts';
import { decideLimit } from './session-limit.ts';

const decide = (action: SessionLimitAction, max: number, live: string, chosen: string | null = null) =>
  decideLimit({ max, action }, [...live], chosen === null ? null : (each) => chosen.includes(each));
const REFUSED = { action: 'refuse' };
const admitted = (ended: string) => ({ action: 'admit', ended: [...ended] });

test('below the maximum everyone is admitted and nothing ends, also of what was chosen', () => {
  for (const action of ['DENY', 'END_OLDEST', 'ASK'] as const)
    expect(decide(action, 3, 'ab', 'ab')).toEqual(admitted(''));
});

test('DENY refuses at the maximum', () => {
  expect(decide('DENY', 2, 'ab', 'ab')).toEqual(REFUSED);
  expect(decide('DENY', 1, 'a')).toEqual(REFUSED);
});

test('END_OLDEST ends as many of the least recently active as it takes', () => {
  expect(decide('END_OLDEST', 3, 'abc')).toEqual(admitted('a'));
  expect(decide('END_OLDEST', 3, 'abcde', 'e')).toEqual(admitted('abc'));
  expect(decide('END_OLDEST', 1, 'abc')).toEqual(admitted('abc'));
});

test('ASK ends all that were chosen, if they are enough, and nothing otherwise', () => {
  expect(decide('ASK', 3, 'abc', 'b')).toEqual(admitted('b'));
  expect(decide('ASK', 3, 'abc', 'cb')).toEqual(admitted('bc'));
  expect(decide('ASK', 3, 'abcd', 'b')).toEqual(REFUSED);
  expect(decide('ASK', 3, 'abc', 'xyz')).toEqual(REFUSED);
  expect(decide('ASK', 3, 'abc', '')).toEqual(REFUSED);
});

test('ASK is DENY where no one can be asked', () => {
  expect(decide('ASK', 2, 'ab')).toEqual(REFUSED);
});

test('an admitted user has at most the maximum afterwards, and only live sessions end', () => {
  const letters = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });
  const action = fc.constantFrom('DENY' as const, 'END_OLDEST' as const, 'ASK' as const);
  fc.assert(
    fc.property(action, fc.integer({ min: 1, max: 9 }), letters, letters, (kind, max, live, chosen) => {
      const decision = decideLimit({ max, action: kind }, live, (each) => chosen.includes(each));
      if (decision.action === 'refuse') return expect(live.length).toBeGreaterThanOrEqual(max);
      expect(live.length - decision.ended.length + 1).toBeLessThanOrEqual(max);
      expect(live).toEqual(expect.arrayContaining([...decision.ended]));
    }),
  );
});
