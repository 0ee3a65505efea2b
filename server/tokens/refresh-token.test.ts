import jwt from 'jsonwebtoken';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { belongsTo, createRefreshTokens } from './refresh-token.ts';
import { generateAccessKey, toAccessKey, toRefreshKey } from './signing-keys.ts';

const SECRET = 'the first secret, of 32 bytes or more';
const OLDER_SECRET = 'the second secret, of 32 bytes or more';
const ISSUER = 'https://curfew.example';
const key = toRefreshKey(SECRET);
const olderKey = toRefreshKey(OLDER_SECRET);
const tokens = createRefreshTokens({ keys: [key, olderKey], issuer: ISSUER });
const olderTokens = createRefreshTokens({ keys: [olderKey], issuer: ISSUER });

const at = new Date('2026-01-01T00:00:00.999Z');
const row = {
  id: 'session',
  userId: 'user',
  generation: 3,
  rotatedAt: at,
  authenticatedAt: at,
  tokenExpiresAt: at,
  tokenIdleSeconds: 1800,
  tokenAbsoluteSeconds: 3600,
  tokenSecret: Buffer.alloc(32, 1),
  isImported: false,
  importedSubject: null,
};

const good = tokens.mint(row);
const claims = jwt.decode(good) as Record<string, unknown>;
const header = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString());
const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** Signs any header and payload with the right key. */
const sign = (head: unknown, payload: unknown, secret = SECRET): string => {
  const input = `${part(head)}.${part(payload)}`;
  return `${input}.${hmac(input, secret)}`;
};
const hmac = (input: string, secret: string): string =>
  createHmac('sha256', secret).update(input).digest('base64url');
const HEAD = { alg: 'HS256', typ: 'JWT', kid: key.kid };

test('minting the same generation twice gives the same token to the byte', () => {
  expect(tokens.mint({ ...row })).toBe(good);
  expect(header(good)).toEqual(HEAD);
  expect(claims).toEqual({
    iss: ISSUER,
    aud: 'curfew',
    sub: 'user',
    sid: 'session',
    gen: 3,
    jti: expect.any(String),
    type: 'refresh',
    auth_time: 1767225600,
    idle_max: 1800,
    abs_max: 3600,
    iat: 1767225600,
    exp: 1767225600,
  });
});

test('its jti depends on the row’s secret and the generation, and belongs to no other row', () => {
  const read = tokens.read(good, at)!;
  expect(belongsTo(read, row)).toBe(true);
  expect(belongsTo(read, { ...row, tokenSecret: Buffer.alloc(32, 2) })).toBe(false);
  expect(belongsTo(read, { ...row, id: 'other' })).toBe(false);
  expect(belongsTo(read, { ...row, userId: 'other' })).toBe(false);
  expect(belongsTo({ ...read, generation: 4 }, row)).toBe(false);
  expect(belongsTo({ ...read, jti: '' }, row)).toBe(false);
});

test('the first key signs and all verify; a key that is taken away no longer does', () => {
  const older = olderTokens.mint(row);
  expect(header(good).kid).toBe(key.kid);
  expect(tokens.read(older, at)).toMatchObject({ sessionId: 'session', generation: 3 });
  expect(olderTokens.read(good, at)).toBeNull();
});

test('exp is advice: a token long past it is still read', () => {
  expect(tokens.read(good, at)).toEqual({
    userId: 'user',
    sessionId: 'session',
    generation: 3,
    jti: claims.jti,
    isLegacy: false,
  });
});

test('a token from before names no key and no policy', () => {
  const legacy = { sub: 'user', jti: 'old-id', type: 'refresh', exp: 1 };
  for (const secret of [SECRET, OLDER_SECRET])
    expect(tokens.read(sign({ alg: 'HS256', typ: 'JWT' }, legacy, secret), at)).toEqual({
      userId: 'user',
      sessionId: 'old-id',
      generation: 0,
      jti: 'old-id',
      isLegacy: true,
    });
});

test('an imported session takes the sub that its token had, and takes it in a token from before only', () => {
  const legacy = { userId: 'crm|7', sessionId: row.id, generation: 0, jti: row.id, isLegacy: true };
  const imported = { ...row, isImported: true, importedSubject: 'crm|7' };
  expect(belongsTo(legacy, imported)).toBe(true);
  expect(belongsTo({ ...legacy, userId: row.userId }, imported)).toBe(true);
  expect(belongsTo({ ...legacy, userId: 'crm|8' }, imported)).toBe(false);
  expect(belongsTo(legacy, { ...imported, isImported: false })).toBe(false);
  const read = tokens.read(good, at)!;
  expect(belongsTo(read, imported)).toBe(true);
  expect(belongsTo({ ...read, userId: 'crm|7' }, imported)).toBe(false);
});

test('a header that names other keys changes nothing: the kid is looked up among ours, and that is all', () => {
  const elsewhere = {
    jku: 'https://evil.example/keys',
    x5u: 'https://evil.example/x',
    jwk: { kty: 'oct', k: 'AA' },
  };
  expect(tokens.read(sign({ ...HEAD, ...elsewhere }, claims), at)).toEqual(tokens.read(good, at));
  expect(
    tokens.read(sign({ ...HEAD, ...elsewhere }, claims, 'a secret of theirs, of 32 bytes too'), at),
  ).toBeNull();
});

const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const without = (claim: string) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim));

const refused: Record<string, string> = {
  'alg none without a signature': `${part({ ...HEAD, alg: 'none' })}.${part(claims)}.`,
  'alg none with the good signature': `${part({ ...HEAD, alg: 'none' })}.${good.split('.').slice(1).join('.')}`,
  'alg None': `${part({ ...HEAD, alg: 'None' })}.${part(claims)}.`,
  'no alg': sign({ typ: 'JWT', kid: key.kid }, claims),
  'HS512 with the right key': jwt.sign(claims, SECRET, { algorithm: 'HS512', keyid: key.kid }),
  'RS256 with a key of its own': jwt.sign(claims, other, { algorithm: 'RS256', keyid: key.kid }),
  'ES256 with a key of its own': jwt.sign(claims, toAccessKey(generateAccessKey()).privateKey, {
    algorithm: 'ES256',
    keyid: key.kid,
  }),
  'another secret under a known kid': sign(HEAD, claims, 'a third secret, of 32 bytes or more..'),
  'the right secret under the kid of another': sign({ ...HEAD, kid: olderKey.kid }, claims),
  'an unknown kid': sign({ ...HEAD, kid: 'unknown' }, claims),
  'a kid that is a number': sign({ ...HEAD, kid: 1 }, claims),
  'a kid that is null': sign({ ...HEAD, kid: null }, claims),
  'a kid that is a list': sign({ ...HEAD, kid: [key.kid] }, claims),
  'a kid that is an object': sign({ ...HEAD, kid: { toString: key.kid } }, claims),
  'a header that is a list': sign([], claims),
  'a header that is null': sign('null', claims),
  'a header that is no JSON': sign('{', claims),
  'a payload that is no JSON': sign(HEAD, '{'),
  'a payload that is a text': sign(HEAD, '"refresh"'),
  'a payload that is null': sign(HEAD, 'null'),
  'a payload that is a list': sign(HEAD, '[]'),
  'another type': sign(HEAD, { ...claims, type: 'access' }),
  'no type': sign(HEAD, without('type')),
  'a type that is a list': sign(HEAD, { ...claims, type: ['refresh'] }),
  'another issuer': sign(HEAD, { ...claims, iss: 'https://other.example' }),
  'another audience': sign(HEAD, { ...claims, aud: 'billing' }),
  'a list of audiences': sign(HEAD, { ...claims, aud: ['curfew'] }),
  'a critical extension': sign({ ...HEAD, crit: ['b64'], b64: true }, claims),
  'a list of critical extensions that is empty': sign({ ...HEAD, crit: [] }, claims),
  'a time before which it is not good': sign(HEAD, { ...claims, nbf: Math.floor(at.getTime() / 1000) + 1 }),
  'such a time that is a text': sign(HEAD, { ...claims, nbf: '0' }),
  'no sub': sign(HEAD, without('sub')),
  'no sid, though it has a generation': sign(HEAD, without('sid')),
  'no jti': sign(HEAD, without('jti')),
  'no gen': sign(HEAD, without('gen')),
  'a gen that is a text': sign(HEAD, { ...claims, gen: '3' }),
  'a gen that is a fraction': sign(HEAD, { ...claims, gen: 3.5 }),
  'a gen beyond whole numbers': sign(HEAD, { ...claims, gen: 1e300 }),
  'a sid with NUL': sign(HEAD, { ...claims, sid: 'ses\0sion' }),
  'a sid of no length': sign(HEAD, { ...claims, sid: '' }),
  'a sid that is too long to be stored': sign(HEAD, { ...claims, sid: 'x'.repeat(201) }),
  'a legacy jti with NUL': sign({ alg: 'HS256' }, { sub: 'user', jti: 'a\0b', type: 'refresh' }),
  'a legacy token with an idle limit': sign(
    { alg: 'HS256' },
    { sub: 'user', jti: 'a', type: 'refresh', idle_max: null },
  ),
  'duplicate keys, the last of which is wrong': sign(
    HEAD,
    `${JSON.stringify(claims).slice(0, -1)},"type":"access"}`,
  ),
  'a truncated signature': good.slice(0, -2),
  'no signature': good.slice(0, good.lastIndexOf('.') + 1),
  'two parts': good.slice(0, good.lastIndexOf('.')),
  'four parts': `${good}.x`,
  'an empty text': '',
  dots: '..',
  'spaces around': ` ${good} `,
  'NUL at the end': `${good}\0`,
  'NUL in the middle': good.replace('.', '.\0'),
  unicode: `${good.slice(0, -1)}é`,
  'other scripts': '日本語.日本語.日本語',
  'a huge text': 'x'.repeat(1_000_000),
  'huge parts': `${'x'.repeat(300_000)}.${'y'.repeat(300_000)}.${'z'.repeat(300_000)}`,
  'a thousand dots': '.'.repeat(1_000),
  'the access token form': jwt.sign(claims, toAccessKey(generateAccessKey()).privateKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', typ: 'at+jwt' },
  }),
};

test.each(Object.entries(refused))('refused without an error: %s', (_, token) => {
  expect(tokens.read(token, at)).toBeNull();
});

test('the harness signs like the library: an untouched token is read', () => {
  expect(tokens.read(sign(HEAD, claims), at)).toEqual(tokens.read(good, at));
});

test('a kid tells nothing of its secret, and the same secret always has the same one', () => {
  expect(toRefreshKey(SECRET).kid).toBe(key.kid);
  expect(key.kid).not.toBe(olderKey.kid);
  expect(SECRET).not.toContain(key.kid);
  expect(JSON.stringify(key)).not.toContain(SECRET);
});
