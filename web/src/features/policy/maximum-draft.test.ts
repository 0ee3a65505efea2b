import { checkMaximum, maximumDraftOf, maximumErrorFromServer, withMaximum } from './maximum-draft.ts';

const NONE = { maxSessionsPerUser: null, sessionLimitAction: 'DENY' } as const;

test.each(['1', '100', ' 7 '])('"%s" sessions are a limit', (amount) => {
  expect(checkMaximum({ amount, action: 'ASK' })).toEqual({
    maximum: { maxSessionsPerUser: Number(amount), sessionLimitAction: 'ASK' },
    error: null,
  });
});

test.each(['', '0', '101', '-1', '1.5', '1e1', 'many', '99999999999999999999'])(
  '"%s" sessions are refused',
  (amount) => {
    expect(checkMaximum({ amount, action: 'DENY' })).toEqual({
      maximum: null,
      error: 'Enter a whole number from 1 to 100.',
    });
  },
);

test('no limit is no error, and a new limit has none either', () => {
  expect(checkMaximum(maximumDraftOf(NONE))).toEqual({ maximum: NONE, error: null });
  expect(checkMaximum(withMaximum(maximumDraftOf(NONE))).error).toBeNull();
});

test('only a refusal of the maximum is its error', () => {
  const refused = (field: string) =>
    maximumErrorFromServer({
      kind: 'refused',
      code: 'BAD_USER_INPUT',
      message: 'Refused.',
      extensions: { field, min: 1, max: 50 },
    });
  expect(refused('maxSessionsPerUser')).toBe('Enter a whole number from 1 to 50.');
  expect(refused('rules.0')).toBeNull();
  expect(maximumErrorFromServer({ kind: 'unreachable' })).toBeNull();
});
