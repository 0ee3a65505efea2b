import { CombinedGraphQLErrors } from '@apollo/client';
import { confirmationOutcome } from './confirmation-outcome.ts';

const refusedWith = (code: string, extensions = {}) =>
  confirmationOutcome({
    kind: 'refused',
    error: new CombinedGraphQLErrors({ errors: [{ message: 'No.', extensions: { code, ...extensions } }] }),
  });

test.each([
  ['INVALID_CREDENTIALS', { reason: 'ANOTHER_PERSON' }, 'another-person'],
  ['INVALID_CREDENTIALS', { reason: 'NOT_INVITED' }, 'another-person'],
  ['INVALID_CREDENTIALS', { reason: 'REAUTHENTICATION_REQUIRED' }, 'not-asked'],
  ['INVALID_CREDENTIALS', { reason: 'PROVIDER_REFUSED', providerError: 'access_denied' }, 'cancelled'],
  ['INVALID_CREDENTIALS', { reason: 'PROVIDER_REFUSED', providerError: 'server_error' }, 'provider-error'],
  ['INVALID_CREDENTIALS', { reason: 'OAUTH_FLOW_INVALID' }, 'flow-invalid'],
  ['INVALID_CREDENTIALS', { reason: 'PROVIDER_ANSWER_INVALID' }, 'response-invalid'],
  ['INVALID_REFRESH_TOKEN', { endReason: 'REVOKED_BY_OWNER' }, 'session-over'],
  ['SESSION_EXPIRED_IDLE', {}, 'session-over'],
  ['SESSION_EXPIRED_ABSOLUTE', {}, 'session-over'],
  ['UNAUTHENTICATED', {}, 'session-over'],
  ['UNAVAILABLE', {}, 'unavailable'],
])('%s with %j is told as %s', (code, extensions, why) => {
  expect(refusedWith(code, extensions)).toEqual({ kind: 'refused', why });
});

test('no answer is no refusal', () => {
  expect(confirmationOutcome({ kind: 'refused', error: new TypeError('Failed to fetch') })).toEqual({
    kind: 'refused',
    why: 'no-response',
  });
  expect(refusedWith('RATE_LIMITED', { retryAfterSeconds: 61 })).toEqual({
    kind: 'rate-limited',
    retryAfterSeconds: 61,
  });
  expect(confirmationOutcome({ kind: 'pending' })).toBe(null);
  expect(confirmationOutcome({ kind: 'done' })).toEqual({ kind: 'confirmed' });
});
