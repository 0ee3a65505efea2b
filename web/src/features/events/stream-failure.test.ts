import { CombinedGraphQLErrors } from '@apollo/client';
import { NotConfirmedError } from '../../lib/identity-confirmation.ts';
import { toFailure } from './stream-failure.ts';

const refusal = (extensions: Record<string, unknown>, message = 'The words of the server.') =>
  new CombinedGraphQLErrors({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT', ...extensions } }] });

test.each([
  ['url', 'REQUIRED', 'Enter the receiver’s address.'],
  ['url', 'NOT_HTTPS', 'The address has to begin with https://.'],
  [
    'url',
    'PRIVATE_ADDRESS',
    'This address is not public. Curfew only uses addresses that are reachable from anywhere.',
  ],
  ['eventTypes', 'REQUIRED', 'Choose at least one event.'],
])('%s %s is said at its field', (field, reason, text) => {
  expect(toFailure(refusal({ field, reason }), ['url', 'eventTypes'])).toEqual({ field, text });
});

test('one stream too many is about no field', () => {
  expect(toFailure(refusal({ field: 'kind', reason: 'TOO_MANY', max: 20 }), ['kind'])).toEqual({
    field: null,
    text: 'An account has at most 20 of these. Delete one first.',
  });
});

test('a field that the form does not have, and an unknown reason, are said in the server’s words', () => {
  expect(toFailure(refusal({ field: 'other', reason: 'NEW' }), ['url'])).toEqual({
    field: null,
    text: 'The words of the server.',
  });
});

test('nothing is said when the user chose not to confirm that it is them', () => {
  expect(toFailure(new NotConfirmedError(), [])).toBeNull();
});
