import { accessTokenOf, isGood } from './access-token.ts';
import { ANA, createFakeServer } from '../testing/fake-server.ts';
import { watched } from './session-facts.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const SECOND = 1_000;

function issued(limits: { idleMinutes: number }, at = NOON) {
  const tokenSet = createFakeServer(() => at, limits).signIn(ANA);
  return { token: accessTokenOf(tokenSet), session: watched(tokenSet.session) };
}

test('a token with less than fifteen seconds to go is renewed first', () => {
  const { token, session } = issued({ idleMinutes: 30 });
  expect(isGood(token, session, NOON + 285 * SECOND)).toBe(true);
  expect(isGood(token, session, NOON + 285 * SECOND + 1)).toBe(false);
});

test('a token that ends with the session is as good as it gets', () => {
  const { token, session } = issued({ idleMinutes: 3 });
  expect(isGood(token, session, NOON + 179 * SECOND)).toBe(true);
  expect(isGood(token, session, NOON + 180 * SECOND)).toBe(false);
});

test('a token with a short life is not renewed for each request', () => {
  const { token, session } = issued({ idleMinutes: 30 });
  const short = { ...token, expiresAt: NOON + 10 * SECOND };
  expect(isGood(short, session, NOON + 4 * SECOND)).toBe(true);
  expect(isGood(short, session, NOON + 6 * SECOND)).toBe(false);
});
