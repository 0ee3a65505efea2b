import fc from 'fast-check';
import { isOwnPage, safeNext, signInAddress } from './sign-in-address.ts';

const ORIGIN = 'https://curfew.example';

test('a path of this host is kept, with its query and fragment', () => {
  for (const path of [
    '/account',
    '/account/',
    '/account/security',
    '/account/sessions?after=x#top',
    '/orders/7?a=b',
  ])
    expect(safeNext(path, ORIGIN)).toBe(path);
});

test('the dashboard knows its own pages; all others are loaded from the server', () => {
  for (const path of ['/account', '/account/security', '/account?x', '/account#y'])
    expect(isOwnPage(path)).toBe(true);
  for (const path of ['/accounts', '/orders/7', '/graphiql']) expect(isOwnPage(path)).toBe(false);
});

test.each([
  null,
  '',
  'account',
  '//evil.example/account',
  '/\\evil.example/account',
  '/\t/evil.example/account',
  '\\\\evil.example',
  'https://evil.example/account',
  'https:evil.example',
  'javascript:alert(1)',
  ' /account/security',
  '/login',
  '/login?next=/login',
  '/login/callback?code=x',
  '/account/../login',
  '/set-password',
  '/account/..//evil.example',
  'https://curfew.example/account',
])('%j is replaced by the account page', (next) => {
  expect(safeNext(next, ORIGIN)).toBe('/account');
});

test('any address leads to a page of this very origin', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '/',
      '\\',
      '//',
      '..',
      '.',
      '@',
      ':',
      '\t',
      '\n',
      '%2f',
      '%5c',
      'account',
      'evil.example',
      'https:',
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const reached = new URL(safeNext(parts.join(''), ORIGIN), ORIGIN);
      expect(reached.origin).toBe(ORIGIN);
      expect(reached.pathname).not.toMatch(/^\/login/);
    }),
    { numRuns: 2000 },
  );
});

test('the address contains the end reason and the page to return to', () => {
  const from = '/account/security?tab=1';
  const next = 'next=%2Faccount%2Fsecurity%3Ftab%3D1';
  expect(signInAddress({ kind: 'expired', limit: 'idle' }, from)).toBe(
    `/login?reason=session_expired&limit=idle&${next}`,
  );
  expect(signInAddress({ kind: 'expired', limit: 'absolute' }, '/account')).toBe(
    '/login?reason=session_expired&limit=absolute',
  );
  expect(signInAddress({ kind: 'ended', endReason: 'REVOKED_BY_OWNER' }, from)).toBe(
    `/login?reason=signed_out&cause=revoked_by_owner&${next}`,
  );
});

test('after a sign-out, or a rejection without a reason, the address contains no reason', () => {
  for (const ending of [null, { kind: 'left' }, { kind: 'refused' }] as const) {
    expect(signInAddress(ending, '/account')).toBe('/login');
    expect(signInAddress(ending, '/')).toBe('/login');
    expect(signInAddress(ending, '/account/sessions')).toBe('/login?next=%2Faccount%2Fsessions');
  }
});
