import { ReauthenticationError, SessionOverError, UnreachableError } from '@curfew/client';
import type { ProviderRefusalReason } from '../../lib/provider-confirmation.ts';
import {
  notConfirmedInWords,
  passwordFailure,
  reasonInWords,
  refusalInWords,
  returnedInWords,
  roundedMinutes,
} from './words.ts';

const MINUTE = 60_000;

test.each([
  [10_000, 1],
  [27.9 * MINUTE, 27],
  [60 * MINUTE, 60],
  [3 * 60 * MINUTE + 59 * MINUTE, 180],
  [50 * 60 * MINUTE, 2 * 1440],
])('%d milliseconds are told as %d minutes', (milliseconds, minutes) => {
  expect(roundedMinutes(milliseconds)).toBe(minutes);
});

test('the reason says what is about to happen, and how long ago the sign-in was', () => {
  const now = 100 * MINUTE;
  expect(reasonInWords({ kind: 'change', since: 73 * MINUTE }, now, null)).toBe(
    'You’re about to change security settings. It’s been 27 minutes since you signed in.',
  );
  expect(reasonInWords({ kind: 'export', since: 73 * MINUTE }, now, null)).toContain(
    'export records of this account',
  );
  expect(reasonInWords({ kind: 'deadline' }, now, { limit: '12-hour', clock: '14:32' })).toBe(
    'Your session reaches its 12-hour limit at 14:32. Confirm to stay signed in. This page stays as it is.',
  );
});

test('a refused password has its words; the end of the session has none, because it is told elsewhere', () => {
  expect(passwordFailure(new ReauthenticationError('INVALID_CREDENTIALS'))).toEqual({
    text: 'Wrong password. Try again.',
    isOfField: true,
  });
  expect(passwordFailure(new ReauthenticationError('RATE_LIMITED', { retryAfterSeconds: 61 }))).toEqual({
    text: 'Too many attempts. Try again in 2 minutes.',
    isOfField: false,
  });
  expect(passwordFailure(new ReauthenticationError('RATE_LIMITED'))?.text).toBe(
    'Too many attempts. Try again later.',
  );
  expect(passwordFailure(new UnreachableError('none'))?.text).toContain('Couldn’t reach Curfew.');
  expect(passwordFailure(new ReauthenticationError('SOMETHING_NEWER'))?.text).toBe(
    'You couldn’t be confirmed. Try again.',
  );
  expect(passwordFailure(new SessionOverError(null))).toBe(null);
});

test('each refusal at a provider has words of its own', () => {
  const reasons: ProviderRefusalReason[] = [
    'cancelled',
    'another-person',
    'not-asked',
    'provider-error',
    'unavailable',
    'flow-invalid',
    'response-invalid',
    'session-over',
    'no-response',
  ];
  const texts = reasons.map((why) => refusalInWords({ kind: 'refused', why }, 'Northwind ID'));
  expect(new Set(texts).size).toBe(reasons.length);
  for (const text of texts) expect(text).not.toMatch(/undefined|null/);
  expect(refusalInWords({ kind: 'rate-limited', retryAfterSeconds: 61 }, 'Northwind ID')).toContain(
    '2 minutes',
  );
  expect(refusalInWords({ kind: 'rate-limited', retryAfterSeconds: null }, 'Northwind ID')).toContain(
    'later',
  );
});

test('who closes the dialog is told that nothing happened, but for a deadline', () => {
  expect(notConfirmedInWords({ kind: 'change' })).toBe('Nothing was changed.');
  expect(notConfirmedInWords({ kind: 'export' })).toBe('Nothing was exported.');
  expect(notConfirmedInWords({ kind: 'deadline' })).toBe(null);
});

test('who comes back in the tab reads what is still to do', () => {
  const back = (reason: 'change' | 'export' | 'deadline') =>
    returnedInWords(
      { provider: 'Northwind ID', reason, outcome: { kind: 'confirmed' } },
      new Date(2026, 10, 23, 18, 49),
      new Date(2026, 10, 23, 6),
    ).text;
  expect(back('change')).toContain('Nothing was changed yet');
  expect(back('export')).toContain('Nothing was exported yet');
  expect(back('deadline')).toBe('Confirmed. Your session can go on until 18:49.');
  expect(
    returnedInWords(
      { provider: 'Northwind ID', reason: 'change', outcome: { kind: 'refused', why: 'cancelled' } },
      null,
      new Date(),
    ),
  ).toEqual({ text: 'You cancelled at Northwind ID. Nothing was changed.', tone: 'amber' });
});
