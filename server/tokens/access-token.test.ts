import jwt from 'jsonwebtoken';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createAccessTokens, type AccessTokenSubject } from './access-token.ts';
import { toJwks } from './jwks.ts';
import { generateAccessKey, toAccessKey, type AccessKey } from './signing-keys.ts';

const ISSUER = 'https://curfew.example';
const NOW = new Date('2026-01-01T00:00:00.250Z');
const key = toAccessKey(generateAccessKey());
const olderKey = toAccessKey(generateAccessKey());
const options = { issuer: ISSUER, ttlSeconds: 300 };
const tokens = createAccessTokens({ ...options, keys: [key, olderKey] });
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

const subject: AccessTokenSubject = {
  userId: 'user',
  sessionId: 'session',
  accountId: 'account',
  role: 'OWNER',
  authenticatedAt: NOW,
  idleExpiresAt: later(1_800),
  absoluteExpiresAt: later(3_600),
};

const good = tokens.mint(subject, 'curfew', NOW);
const claims = jwt.decode(good.token) as Record<string, unknown>;
const HEAD = { alg: 'ES256', typ: 'at+jwt', kid: key.kid };
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (payload: object, head: object = HEAD, by: AccessKey = key): string =>
  jwt.sign(payload, by.privateKey, { algorithm: 'ES256', header: head as typeof HEAD, noTimestamp: true });
const state = (token: string, now = NOW) => tokens.check(token, now).state;

test('carries exactly the claims of the contract', () => {
  expect(jwt.decode(good.token, { complete: true })!.header).toEqual(HEAD);
  expect(claims).toEqual({
    iss: ISSUER,
    aud: 'curfew',
    sub: 'user',
    sid: 'session',
    account_id: 'account',
    role: 'OWNER',
    auth_time: 1767225600,
    iat: 1767225600,
    exp: 1767225900,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(good.expiresAt).toEqual(new Date('2026-01-01T00:05:00.000Z'));
  expect(tokens.mint(subject, 'curfew', NOW).token).not.toBe(good.token);
});

const COMMON = {
  iss: ISSUER,
  aud: 'curfew',
  sub: 'user',
  sid: 'session',
  iat: 1767225600,
  exp: 1767225900,
};

test('a session-scoped token carries neither account, role nor time of authentication', () => {
  const { token } = tokens.mintSessionScoped(subject, 'billing', NOW);
  expect(jwt.decode(token)).toEqual({
    ...COMMON,
    aud: 'billing',
    scope: 'session',
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(state(tokens.mintSessionScoped(subject, 'curfew', NOW).token)).toBe('valid');
});

test('a token of another scope, or without one and without the claims of a full one, is none', () => {
  for (const payload of [
    { ...claims, scope: 'openid' },
    { ...COMMON, scope: 'openid session' },
    { ...COMMON, scope: '' },
    { ...COMMON, scope: ['session'] },
    COMMON,
  ])
    expect(state(sign(payload))).toBe('invalid');
});

test.each([
  ['the TTL', {}, 300],
  ['the idle deadline', { idleExpiresAt: later(120) }, 120],
  ['the absolute deadline', { idleExpiresAt: later(60), absoluteExpiresAt: later(60) }, 60],
])('ends at %s when that is the nearest, and never later', (_, changes, seconds) => {
  const { token, expiresAt } = tokens.mint({ ...subject, ...changes }, 'curfew', NOW);
  expect((jwt.decode(token) as { exp: number }).exp * 1000).toBe(expiresAt.getTime());
  expect(expiresAt.getTime()).toBeLessThanOrEqual(later(seconds).getTime());
  expect(expiresAt.getTime()).toBeGreaterThan(later(seconds - 1).getTime());
});

test('is valid until its exp and expired from that moment on', () => {
  expect(state(good.token)).toBe('valid');
  expect(state(good.token, new Date(good.expiresAt.getTime() - 1))).toBe('valid');
  expect(state(good.token, good.expiresAt)).toBe('expired');
  expect(tokens.check(good.token, later(1e6))).toMatchObject({
    state: 'expired',
    claims: { sid: 'session' },
  });
});

test('the first key signs, all verify, all are published, and no private part is', () => {
  const older = createAccessTokens({ ...options, keys: [olderKey] });
  expect(state(older.mint(subject, 'curfew', NOW).token)).toBe('valid');
  expect(older.check(good.token, NOW).state).toBe('invalid');
  const published = toJwks([key, olderKey]).keys as Record<string, unknown>[];
  expect(published.map(({ kid }) => kid)).toEqual([key.kid, olderKey.kid]);
  for (const jwk of published) {
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(jwk).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' });
  }
});

const PUBLIC_PEM = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const hmacWith = (secret: string, head: object = { ...HEAD, alg: 'HS256' }): string => {
  const input = `${part(head)}.${part(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const stranger = toAccessKey(generateAccessKey());
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const without = (claim: string) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim));

const invalid: Record<string, string> = {
  'alg none': `${part({ ...HEAD, alg: 'none' })}.${part(claims)}.`,
  'alg none with the good signature': `${part({ ...HEAD, alg: 'none' })}.${good.token.split('.').slice(1).join('.')}`,
  'HS256 with the public key in PEM as its secret': hmacWith(PUBLIC_PEM),
  'HS256 with the trimmed public key as its secret': hmacWith(PUBLIC_PEM.trim()),
  'HS256 with the public key in JWK as its secret': hmacWith(JSON.stringify(toJwks([key]).keys[0])),
  'ES256 in the header over an HMAC with the public key': hmacWith(PUBLIC_PEM, HEAD),
  RS256: jwt.sign(claims, rsa, { algorithm: 'RS256', header: { ...HEAD, alg: 'RS256' } }),
  'a key of a stranger under a known kid': sign(claims, HEAD, stranger),
  'a key of a stranger that the header brings along': sign(
    claims,
    { ...HEAD, jwk: toJwks([stranger]).keys[0] },
    stranger,
  ),
  'the right key under the kid of another': sign(claims, { ...HEAD, kid: olderKey.kid }),
  'no kid': sign(claims, { alg: 'ES256', typ: 'at+jwt' }),
  'an unknown kid': sign(claims, { ...HEAD, kid: '../../etc/passwd' }),
  'the typ of a plain JWT': sign(claims, { ...HEAD, typ: 'JWT' }),
  'no typ': sign(claims, { alg: 'ES256', kid: key.kid, typ: undefined }),
  'another issuer': sign({ ...claims, iss: 'https://other.example' }),
  'no issuer': sign(without('iss')),
  'another audience': tokens.mint(subject, 'billing', NOW).token,
  'no audience': sign(without('aud')),
  'a list of audiences': sign({ ...claims, aud: ['curfew', 'billing'] }),
  'no exp': sign(without('exp')),
  'no sid': sign(without('sid')),
  'a critical extension': sign(claims, { ...HEAD, crit: ['b64'], b64: true }),
  'no sub': sign(without('sub')),
  'no auth_time': sign(without('auth_time')),
  'a sid that is a number': sign({ ...claims, sid: 5 }),
  'not valid before a time ahead': sign({ ...claims, nbf: Math.floor(NOW.getTime() / 1000) + 60 }),
  'a truncated signature': good.token.slice(0, -3),
  'no signature': good.token.slice(0, good.token.lastIndexOf('.') + 1),
  'a changed payload': [
    good.token.split('.')[0],
    part({ ...claims, role: 'MEMBER' }),
    good.token.split('.')[2],
  ].join('.'),
  'two parts': good.token.slice(0, good.token.lastIndexOf('.')),
  'an empty text': '',
  dots: '..',
  NUL: `${good.token}\0`,
  unicode: '日本語.日本語.日本語',
  'a huge text': 'x'.repeat(1_000_000),
  'a huge header': `${part({ ...HEAD, padding: 'x'.repeat(500_000) })}.${part(claims)}.x`,
  'deep JSON': `${part(HEAD)}.${Buffer.from('['.repeat(50_000)).toString('base64url')}.x`,
};

test.each(Object.entries(invalid))('invalid, without an error: %s', (_, token) => {
  expect(state(token)).toBe('invalid');
});

test.each([[1], [null], [[]], [{}], [true]])('a kid of %j finds no key', (kid) => {
  const [, payload, signature] = good.token.split('.');
  expect(state(`${part({ ...HEAD, kid })}.${payload}.${signature}`)).toBe('invalid');
});

test('a signature is written in one way only', () => {
  const bytes = (token: string) => Buffer.from(token.split('.')[2]!, 'base64url');
  // The unused bits of its last character are zero.
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = ALPHABET.indexOf(good.token.at(-1)!);
  const respelled = good.token.slice(0, -1) + ALPHABET[last + 1];
  expect(bytes(respelled)).toEqual(bytes(good.token));
  expect(state(good.token)).toBe('valid');
  expect(state(respelled)).toBe('invalid');
});

test('a token that was seen before is looked at again: its audience, and its expiry', () => {
  const several = createAccessTokens({ ...options, keys: [key], audiences: ['billing'] });
  const { token } = several.mint(subject, 'billing', NOW);
  expect(several.checkOfAnyAudience(token, NOW).state).toBe('valid');
  expect(several.check(token, NOW).state).toBe('invalid');
  expect(several.checkOfAnyAudience(token, later(299)).state).toBe('valid');
  expect(several.checkOfAnyAudience(token, later(300)).state).toBe('expired');
});
