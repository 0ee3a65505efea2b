import { CombinedGraphQLErrors } from '@apollo/client';
import { type ProviderRefusal, providerRefusalOf, startErrorMessage } from './provider-refusal.ts';
import { refusalMessage } from './provider-refusal-messages.ts';

const answer = (code: string, extensions = {}) =>
  new CombinedGraphQLErrors({
    errors: [{ message: 'The server’s own message.', extensions: { code, ...extensions } }],
  });
const refusal = (reason: string, extensions = {}) =>
  providerRefusalOf(answer('INVALID_CREDENTIALS', { reason, ...extensions }));

test.each([
  [{ reason: 'OAUTH_FLOW_INVALID' }, 'flow-invalid'],
  [{ reason: 'PROVIDER_REFUSED', providerError: 'access_denied' }, 'cancelled'],
  [{ reason: 'PROVIDER_REFUSED', providerError: 'login_required' }, 'provider-refused'],
  [{ reason: 'PROVIDER_REFUSED' }, 'provider-refused'],
  [{ reason: 'PROVIDER_ANSWER_INVALID' }, 'response-invalid'],
  [{ reason: 'NOT_INVITED' }, 'not-invited'],
  [{ reason: 'REAUTHENTICATION_REQUIRED', authorizationUrl: 'https://id.example/' }, 'sign-in-again'],
  [{ reason: 'REAUTHENTICATION_REQUIRED' }, 'sign-in-too-old'],
  [{ reason: 'SOMETHING_NEWER' }, 'response-invalid'],
  [{}, 'response-invalid'],
])('a refusal with %j is of the kind %s', (extensions, kind) => {
  expect(providerRefusalOf(answer('INVALID_CREDENTIALS', extensions)).kind).toBe(kind);
});

test('a temporary error of the provider is described as such', () => {
  const temporary = refusal('PROVIDER_REFUSED', { providerError: 'temporarily_unavailable' });
  expect(temporary).toEqual({ kind: 'provider-refused', isTemporary: true });
  expect(refusalMessage(temporary, 'Northwind ID').text).toContain('has a problem at the moment');
});

test('a damaged address counts as an invalid flow', () => {
  expect(providerRefusalOf(answer('BAD_USER_INPUT', { field: 'callbackUrl' }))).toEqual({
    kind: 'flow-invalid',
  });
});

test('no response differs from a response that the server is unavailable', () => {
  expect(providerRefusalOf(new TypeError('Failed to fetch'))).toEqual({ kind: 'no-response' });
  expect(providerRefusalOf(answer('UNAVAILABLE'))).toEqual({ kind: 'unavailable' });
  expect(startErrorMessage(new TypeError('Failed to fetch'), 'Northwind ID')).toMatch(
    /^Couldn’t reach Curfew/,
  );
  expect(startErrorMessage(answer('UNAVAILABLE'), 'Northwind ID')).toBe(
    'Couldn’t reach Northwind ID. Try again, or sign in with your password.',
  );
});

test('the message after too many attempts names the wait', () => {
  const limited = answer('RATE_LIMITED', { retryAfterSeconds: 61 });
  expect(refusalMessage(providerRefusalOf(limited), null).text).toContain('in 2 minutes');
  expect(startErrorMessage(limited, 'Northwind ID')).toContain('in 2 minutes');
});

test('a failed start names the provider', () => {
  expect(startErrorMessage(answer('NOT_FOUND'), 'Northwind ID')).toContain('Northwind ID');
  expect(startErrorMessage(answer('BAD_USER_INPUT', { field: 'redirectUri' }), 'Northwind ID')).toContain(
    'at its usual address',
  );
});

test('each kind has its own message, with or without a known provider', () => {
  const kinds: ProviderRefusal[] = [
    { kind: 'flow-invalid' },
    { kind: 'cancelled' },
    { kind: 'provider-refused', isTemporary: false },
    { kind: 'response-invalid' },
    { kind: 'not-invited' },
    { kind: 'sign-in-again', authorizationUrl: 'https://id.example/' },
    { kind: 'sign-in-too-old' },
    { kind: 'unavailable' },
    { kind: 'no-response' },
  ];
  const texts = kinds.map((kind) => refusalMessage(kind, null)).map(({ title, text }) => `${title}: ${text}`);
  expect(new Set(texts).size).toBe(kinds.length);
  for (const text of texts) expect(text).not.toMatch(/null|undefined|^the/);
});
