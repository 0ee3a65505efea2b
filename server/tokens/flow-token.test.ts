import jwt from 'jsonwebtoken';
import { createFlowTokens, type Flow } from './flow-token.ts';
import { createRefreshTokens } from './refresh-token.ts';
import { toRefreshKey } from './signing-keys.ts';

const issuer = 'https://auth.example.com';
const [first, second] = [toRefreshKey('a'.repeat(32)), toRefreshKey('b'.repeat(32))];
const tokens = createFlowTokens({ keys: [first], issuer });
const refreshTokens = createRefreshTokens({ keys: [first], issuer });
const now = new Date('2030-01-01T00:00:00.500Z');
const flow: Flow = {
  providerId: 'test',
  redirectUri: 'https://app.example.com/callback',
  seed: 'c'.repeat(43),
  maxAge: null,
  isPersistent: true,
  endSessions: [],
  reauthentication: null,
  expiresAt: new Date('2030-01-01T00:10:00Z'),
};

test('a flow token gives back what was put in', () => {
  expect(tokens.read(tokens.mint(flow, now), now)).toEqual(flow);
  const other = { ...flow, maxAge: 0, isPersistent: false, endSessions: ['a', 'b'] };
  expect(tokens.read(tokens.mint(other, now), now)).toEqual(other);
});

test('a flow token is over at its end', () => {
  const token = tokens.mint(flow, now);
  expect(tokens.read(token, new Date('2030-01-01T00:09:59.999Z'))).toEqual(flow);
  expect(tokens.read(token, new Date('2030-01-01T00:10:00Z'))).toBeNull();
});

test('after a change of keys the first signs and all verify', () => {
  const both = createFlowTokens({ keys: [second, first], issuer });
  expect(both.read(tokens.mint(flow, now), now)).toEqual(flow);
  expect(tokens.read(both.mint(flow, now), now)).toBeNull();
});

test('a flow token is no refresh token', () => {
  expect(refreshTokens.read(tokens.mint(flow, now), now)).toBeNull();
});

const claimsOf = (token: string) => jwt.decode(token) as Record<string, unknown>;
const sign = (claims: object, header: object = {}) =>
  jwt.sign(claims, first.secret, {
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: 'curfew-flow+jwt', kid: first.kid, ...header },
  });

test.each([
  ['of another type', { type: 'refresh' }, {}],
  ['with the header of another type', {}, { typ: 'JWT' }],
  ['of another issuer', { iss: 'https://another.test' }, {}],
  ['for another audience', { aud: 'another' }, {}],
  ['without its seed', { seed: undefined }, {}],
  ['without an end', { exp: undefined }, {}],
  ['with a max_age that is none', { max_age: 'x' }, {}],
  ['with a choice that is none', { persistent: 'x' }, {}],
  ['of an unknown key', {}, { kid: 'x' }],
  ['with a critical extension', {}, { crit: ['x'], x: 1 }],
  ['that is not good yet', { nbf: now.getTime() / 1000 + 1 }, {}],
])('a token %s is no flow token', (_, claims, header) => {
  const genuine = claimsOf(tokens.mint(flow, now));
  expect(tokens.read(sign(genuine), now)).toEqual(flow);
  const changed = Object.fromEntries(
    Object.entries({ ...genuine, ...claims }).filter(([, value]) => value !== undefined),
  );
  expect(tokens.read(sign(changed, header), now)).toBeNull();
});

test.each(['', 'x', 'a.b.c', '\0', 'é.é.é'])('%j is no flow token', (text) => {
  expect(tokens.read(text, now)).toBeNull();
});
