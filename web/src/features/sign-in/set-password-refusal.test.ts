import type { Problem } from '../../lib/problem.ts';
import { refusalOf } from './set-password-refusal.ts';

const refused = (code: string, extensions: Record<string, unknown> = {}): Problem => ({
  kind: 'refused',
  code,
  message: 'The server’s sentence.',
  extensions: { code, ...extensions },
});

test('a used, expired or mangled link is over', () => {
  expect(refusalOf(refused('INVALID_CREDENTIALS'))).toEqual({ kind: 'link-over' });
  expect(refusalOf(refused('BAD_USER_INPUT', { field: 'token' }))).toEqual({ kind: 'link-over' });
});

test('another password helps where the server refused this one', () => {
  expect(refusalOf(refused('BAD_USER_INPUT', { field: 'newPassword' }))).toEqual({
    kind: 'password-refused',
    message: 'The server’s sentence.',
  });
});

test('after too many attempts the link is still good', () => {
  expect(refusalOf(refused('RATE_LIMITED', { retryAfterSeconds: 61 }))).toEqual({
    kind: 'failed',
    message: 'Too many attempts. Try again in 2 minutes. Your link stays good.',
  });
});

test('without an answer nobody knows whether the link was used', () => {
  expect(refusalOf({ kind: 'unreachable' })).toEqual({ kind: 'no-answer' });
});
