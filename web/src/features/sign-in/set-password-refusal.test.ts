import type { Problem } from '../../lib/problem.ts';
import { refusalText, setPasswordRefusalOf } from './set-password-refusal.ts';

const refused = (code: string, extensions: Record<string, unknown> = {}): Problem => ({
  kind: 'refused',
  code,
  message: 'The server’s message.',
  extensions: { code, ...extensions },
});

test('a used, expired or damaged link is invalid', () => {
  expect(setPasswordRefusalOf(refused('INVALID_CREDENTIALS'))).toEqual({ kind: 'link-invalid' });
  expect(setPasswordRefusalOf(refused('BAD_USER_INPUT', { field: 'token' }))).toEqual({
    kind: 'link-invalid',
  });
});

test('a rejected password shows the message of the server', () => {
  expect(setPasswordRefusalOf(refused('BAD_USER_INPUT', { field: 'newPassword' }))).toEqual({
    kind: 'password-refused',
    message: 'The server’s message.',
  });
});

test('after too many attempts the link is still valid', () => {
  expect(refusalText(setPasswordRefusalOf(refused('RATE_LIMITED', { retryAfterSeconds: 61 })))).toBe(
    'Too many attempts. Try again in 2 minutes. Your link stays valid.',
  );
});

test('without a response it is unknown whether the link was used', () => {
  expect(setPasswordRefusalOf({ kind: 'unreachable' })).toEqual({ kind: 'no-response' });
});
