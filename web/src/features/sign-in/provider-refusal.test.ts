import { CombinedGraphQLErrors } from '@apollo/client';
import { type ProviderRefusal, refusalOf, sentenceForStart } from './provider-refusal.ts';
import { wordsFor } from './provider-words.ts';

const answer = (code: string, extensions = {}) =>
  new CombinedGraphQLErrors({
    errors: [{ message: 'The server’s own sentence.', extensions: { code, ...extensions } }],
  });
const refusal = (reason: string, extensions = {}) =>
  refusalOf(answer('INVALID_CREDENTIALS', { reason, ...extensions }));

test.each([
  [{ reason: 'OAUTH_FLOW_INVALID' }, 'flow-invalid'],
  [{ reason: 'PROVIDER_REFUSED', providerError: 'access_denied' }, 'cancelled'],
  [{ reason: 'PROVIDER_REFUSED', providerError: 'login_required' }, 'provider-refused'],
  [{ reason: 'PROVIDER_REFUSED' }, 'provider-refused'],
  [{ reason: 'PROVIDER_ANSWER_INVALID' }, 'answer-invalid'],
  [{ reason: 'NOT_INVITED' }, 'not-invited'],
  [{ reason: 'REAUTHENTICATION_REQUIRED', authorizationUrl: 'https://id.example/' }, 'once-more'],
  [{ reason: 'REAUTHENTICATION_REQUIRED' }, 'too-long-ago'],
  [{ reason: 'SOMETHING_NEWER' }, 'answer-invalid'],
  [{}, 'answer-invalid'],
])('a refusal with %j is of the kind %s', (extensions, kind) => {
  expect(refusalOf(answer('INVALID_CREDENTIALS', extensions)).kind).toBe(kind);
});

test('a provider that says so itself is only unwell for a while', () => {
  const passing = refusal('PROVIDER_REFUSED', { providerError: 'temporarily_unavailable' });
  expect(passing).toEqual({ kind: 'provider-refused', isPassing: true });
  expect(wordsFor(passing, 'Northwind ID').text).toContain('has a problem at the moment');
});

test('a mangled address is as good as none', () => {
  expect(refusalOf(answer('BAD_USER_INPUT', { field: 'callbackUrl' }))).toEqual({ kind: 'flow-invalid' });
});

test('no answer, and the answer that it cannot be done now, are not the same', () => {
  expect(refusalOf(new TypeError('Failed to fetch'))).toEqual({ kind: 'no-answer' });
  expect(refusalOf(answer('UNAVAILABLE'))).toEqual({ kind: 'unavailable' });
  expect(sentenceForStart(new TypeError('Failed to fetch'), 'Northwind ID')).toMatch(/^Curfew could not/);
  expect(sentenceForStart(answer('UNAVAILABLE'), 'Northwind ID')).toBe(
    'Northwind ID cannot be reached. Try again, or sign in with your password.',
  );
});

test('whoever tries too often is told how long to wait', () => {
  const limited = answer('RATE_LIMITED', { retryAfterSeconds: 61 });
  expect(wordsFor(refusalOf(limited), null).text).toContain('in 2 minutes');
  expect(sentenceForStart(limited, 'Northwind ID')).toContain('in 2 minutes');
});

test('the way that is not there is said with the provider’s name', () => {
  expect(sentenceForStart(answer('NOT_FOUND'), 'Northwind ID')).toContain('Northwind ID');
  expect(sentenceForStart(answer('BAD_USER_INPUT', { field: 'redirectUri' }), 'Northwind ID')).toContain(
    'at its usual address',
  );
});

test('each kind has words of its own, also where nobody knows whom this browser went to', () => {
  const kinds: ProviderRefusal[] = [
    { kind: 'flow-invalid' },
    { kind: 'cancelled' },
    { kind: 'provider-refused', isPassing: false },
    { kind: 'answer-invalid' },
    { kind: 'not-invited' },
    { kind: 'once-more', authorizationUrl: 'https://id.example/' },
    { kind: 'too-long-ago' },
    { kind: 'unavailable' },
    { kind: 'no-answer' },
  ];
  const texts = kinds.map((kind) => wordsFor(kind, null)).map(({ title, text }) => `${title}: ${text}`);
  expect(new Set(texts).size).toBe(kinds.length);
  for (const text of texts) expect(text).not.toMatch(/null|undefined|^the/);
});
