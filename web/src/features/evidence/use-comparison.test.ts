import { comparisonIn } from './use-comparison.ts';

test('an address names two versions, or says nothing', () => {
  expect(comparisonIn('2-14')).toEqual({ before: 2, after: 14 });
  for (const text of [null, '', '2', '2-', '-2', 'a-b', '1-2-3', '1234567890-1', '1.5-2'])
    expect(comparisonIn(text)).toBeNull();
});
