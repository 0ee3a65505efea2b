import jwt from 'jsonwebtoken';
import { createHmac, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import type { Random } from './random.ts';

/** Genuine tokens of one live session, and the keys that made them. */
export interface Genuine {
  accessToken: string;
  refreshToken: string;
  /** The service session token of another session. */
  sessionToken: string;
  serviceKey: string;
  accessKeyPem: string;
  refreshSecret: string;
  /** An audience that is configured besides Curfew's own. */
  audience: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e',
  '../../etc/passwd',
  "' or 1=1 --",
  '{{7*7}}',
  '__proto__',
  'null',
  'a'.repeat(3_000),
  '%00',
  '\u212a',
  '\r\nset-cookie: a=b',
];
const ODD_VALUES: readonly unknown[] = [
  ...ODD_TEXTS,
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  -(2 ** 31) - 1,
  [],
  ['curfew', 'other'],
  {},
  { $gt: '' },
];

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

const strangerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const strangerPem = strangerKey.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const strangerJwk = strangerKey.publicKey.export({ format: 'jwk' });

function signEs256(header: object, claims: object, pem: string): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = createSign('sha256').update(input).sign({ key: pem, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function signHs256(header: object, claims: object, key: string | Buffer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

type Mangler = (random: Random, genuine: Genuine) => string;

const anyOf = (random: Random, genuine: Genuine): string =>
  random.pick([genuine.accessToken, genuine.refreshToken, genuine.sessionToken, genuine.serviceKey]);

const jwtOf = (random: Random, genuine: Genuine): string =>
  random.pick([genuine.accessToken, genuine.refreshToken]);

/** Signs like the server, so that only the content of the token can be wrong. */
function resigned(genuine: Genuine, token: string, header: object, claims: object): string {
  return token === genuine.accessToken
    ? signEs256(header, claims, genuine.accessKeyPem)
    : signHs256(header, claims, genuine.refreshSecret);
}

/** Claims that a token needs, and wrong values for them. */
const DECISIVE: Record<'access' | 'refresh', readonly string[]> = {
  access: ['iss', 'aud', 'sub', 'sid', 'exp'],
  refresh: ['iss', 'aud', 'sub', 'sid', 'gen', 'jti', 'type'],
};

const MANGLERS: Record<string, Mangler> = {
  'one character changed': (random, genuine) => {
    const token = anyOf(random, genuine);
    const at = random.below(token.length);
    const other = random.pick([...ALPHABET].filter((character) => character !== token[at]));
    return token.slice(0, at) + other + token.slice(at + 1);
  },
  'the same signature in another spelling': (random, genuine) => {
    const token = jwtOf(random, genuine);
    // The last character has unused bits, which are zero.
    const unused = token === genuine.accessToken ? 16 : 4;
    const last = ALPHABET.indexOf(token.at(-1)!);
    return token.slice(0, -1) + ALPHABET[last + 1 + random.below(unused - 1)];
  },
  'cut off': (random, genuine) => {
    const token = anyOf(random, genuine);
    return token.slice(0, random.below(token.length));
  },
  'something added': (random, genuine) =>
    anyOf(random, genuine) +
    random.pick(['=', '==', '.', '.a', 'A', '-', '%00', ',', ';a=b', 'AAAA'.repeat(300)]),
  'characters swapped': (random, genuine) => {
    const characters = [...jwtOf(random, genuine)];
    const [one, other] = [random.below(characters.length), random.below(characters.length)];
    [characters[one], characters[other]] = [characters[other]!, characters[one]!];
    return characters.join('');
  },
  'segments of two tokens': (random, genuine) => {
    const parts = [genuine.accessToken.split('.'), genuine.refreshToken.split('.')] as const;
    return [0, 1, 2].map((index) => random.pick(parts)[index]).join('.');
  },
  'segments missing or repeated': (random, genuine) => {
    const parts = jwtOf(random, genuine).split('.');
    return Array.from({ length: random.below(6) }, () => random.pick([...parts, ''])).join('.');
  },
  'no algorithm': (random, genuine) => {
    const [header, claims, signature] = jwtOf(random, genuine).split('.') as [string, string, string];
    const alg = random.pick(['none', 'None', 'NONE', 'nOnE', '', null, 0, ['none']]);
    return `${encode({ ...decode(header), alg })}.${claims}.${random.pick(['', signature, 'AA'])}`;
  },
  'another algorithm': (random, genuine) => {
    const [header, claims] = genuine.accessToken.split('.') as [string, string, string];
    const publicPem = createPublicKey(genuine.accessKeyPem).export({ type: 'spki', format: 'pem' }) as string;
    const key = random.pick([publicPem, publicPem.trim(), '', 'secret', Buffer.alloc(32)]);
    return signHs256(
      { ...decode(header), alg: random.pick(['HS256', 'HS384', 'HS512']) },
      decode(claims),
      key,
    );
  },
  'a key of its own': (random, genuine) => {
    const [header, claims] = jwtOf(random, genuine).split('.') as [string, string, string];
    const brought = random.pick([
      { jwk: strangerJwk },
      { jku: 'http://127.0.0.1:1/jwks.json' },
      { x5u: 'http://127.0.0.1:1/cert.pem' },
      { x5c: ['MIIB'] },
      { kid: random.pick(ODD_VALUES) },
      {},
    ]);
    return signEs256({ ...decode(header), ...brought, alg: 'ES256' }, decode(claims), strangerPem);
  },
  'a claim missing': (random, genuine) => {
    const token = jwtOf(random, genuine);
    const [header, claims] = token
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as [object, any];
    const decisive = DECISIVE[token === genuine.accessToken ? 'access' : 'refresh'];
    delete claims[random.pick(decisive)];
    return resigned(genuine, token, header, claims);
  },
  'a claim changed': (random, genuine) => {
    const token = jwtOf(random, genuine);
    const [header, claims] = token
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as [object, any];
    const name = random.pick(DECISIVE[token === genuine.accessToken ? 'access' : 'refresh']);
    const value = random.pick(ODD_VALUES.filter((odd) => typeof odd !== 'number'));
    return resigned(genuine, token, header, { ...claims, [name]: value });
  },
  'another audience': (random, genuine) => {
    const [header, claims] = genuine.accessToken
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as any;
    const aud = random.pick([genuine.audience, [genuine.audience, 'curfew'], 'Curfew', 'curfew ']);
    return signEs256(header, { ...claims, aud }, genuine.accessKeyPem);
  },
  'another type': (random, genuine) => {
    const token = jwtOf(random, genuine);
    const [header, claims] = token
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as any;
    if (token === genuine.refreshToken) {
      const type = random.pick(['access', 'oauth_flow', 'Refresh', 'refresh ', ['refresh']]);
      return signHs256(header, { ...claims, type }, genuine.refreshSecret);
    }
    const typ = random.pick(['JWT', 'logout+jwt', 'secevent+jwt', 'AT+JWTX', null, undefined]);
    return signEs256({ ...header, typ }, claims, genuine.accessKeyPem);
  },
  'not valid now': (random, genuine) => {
    const [header, claims] = genuine.accessToken
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as any;
    const now = Math.floor(claims.iat);
    const times = random.pick([
      { exp: now - 1 - random.below(10 ** 6) },
      { exp: 0 },
      { exp: -1 },
      { nbf: now + 3_600 + random.below(10 ** 6) },
    ]);
    return signEs256(header, { ...claims, ...times }, genuine.accessKeyPem);
  },
  'an extension that is critical': (random, genuine) => {
    const token = jwtOf(random, genuine);
    const [header, claims] = token
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as [object, object];
    const crit = random.pick([['b64'], ['exp'], ['urn:example'], [], 'b64']);
    return resigned(genuine, token, { ...header, crit, b64: true }, claims);
  },
  'odd text in a session id': (random, genuine) => {
    const token = jwtOf(random, genuine);
    const [header, claims] = token
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as [object, object];
    return resigned(genuine, token, header, { ...claims, sid: random.pick(ODD_TEXTS) });
  },
  'keys twice': (random, genuine) => {
    const [header] = genuine.accessToken.split('.') as [string];
    const claims = Buffer.from(genuine.accessToken.split('.')[1]!, 'base64url').toString();
    const doubled = `${claims.slice(0, -1)},"sub":"${random.bytes(8).toString('hex')}","sid":"nobody"}`;
    const input = `${header}.${Buffer.from(doubled).toString('base64url')}`;
    const signature = createSign('sha256')
      .update(input)
      .sign({ key: genuine.accessKeyPem, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  },
  'a generation that never was': (random, genuine) => {
    const [header, claims] = genuine.refreshToken
      .split('.')
      .slice(0, 2)
      .map((part) => decode(part)) as any;
    const gen = random.pick([claims.gen + 1, 2 ** 31 - 1, 2 ** 31, -1, 0.5, '0', null, 1e21]);
    return signHs256(header, { ...claims, gen }, genuine.refreshSecret);
  },
  'from before Curfew': (random, genuine) => {
    const claims = decode(genuine.refreshToken.split('.')[1]!);
    const legacy = {
      sub: claims.sub,
      jti: random.pick([claims.sid, claims.jti, ...ODD_TEXTS]),
      type: 'refresh',
    };
    return signHs256({ alg: 'HS256' }, { ...legacy, exp: 4e9 }, genuine.refreshSecret);
  },
  'not a token': (random) =>
    random.pick([
      () => random.bytes(random.below(200)).toString('base64url'),
      () => `cfk_${random.bytes(32).toString('base64url')}`,
      () => random.bytes(32).toString('base64url'),
      () => random.pick(ODD_TEXTS),
      () => jwt.sign({ sub: 'somebody' }, 'secret'),
      () => `${encode({ alg: 'ES256' })}.${encode('text')}.${'A'.repeat(86)}`,
      () => '.'.repeat(random.below(50)),
      () => `${'ey'.repeat(random.below(2_000))}.a.b`,
    ])(),
};

export const KINDS = Object.keys(MANGLERS);

/** Returns an invalid token and how it was made. It is never one of the genuine ones. */
export function mangledToken(random: Random, genuine: Genuine): { kind: string; token: string } {
  const originals = [genuine.accessToken, genuine.refreshToken, genuine.sessionToken, genuine.serviceKey];
  for (;;) {
    const kind = random.pick(KINDS);
    const token = MANGLERS[kind]!(random, genuine);
    if (!originals.includes(token)) return { kind, token };
  }
}
