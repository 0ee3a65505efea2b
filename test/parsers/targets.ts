import { readEmail, requireEmail, requireName } from '../../server/email.ts';
import { createAddressReader, networkOf, readAddress } from '../../server/addresses.ts';
import { readImport } from '../../server/cli/import-file.ts';
import { readBearer } from '../../server/bearer.ts';
import { ConfigError, loadConfig } from '../../server/config/config.ts';
import { AppError } from '../../server/errors.ts';
import { redactValues } from '../../server/graphql/message-redaction.ts';
import { encodeCursor, toSlice } from '../../server/pagination.ts';
import { readRfc3339 } from '../../server/rfc3339.ts';
import { authenticateService } from '../../server/http/service-authentication.ts';
import { cutUserAgent, deviceName } from '../../server/sessions/user-agent.ts';
import { readCallback } from '../../server/sign-in/oidc/callback.ts';
import { requireGoodPassword } from '../../server/sign-in/password-rules.ts';
import { createAccessTokens } from '../../server/tokens/access-token.ts';
import { createDeviceTokens } from '../../server/tokens/device-token.ts';
import { createFlowTokens } from '../../server/tokens/flow-token.ts';
import { createRefreshTokens } from '../../server/tokens/refresh-token.ts';
import { generateAccessKey, toAccessKey, toRefreshKey } from '../../server/tokens/signing-keys.ts';

/** A reader of outside text, with a corpus: ordinary texts, odd ones, and every one that broke it. */
export interface Target {
  /** Throws only unforeseen errors; an expected refusal is caught here. */
  read(text: string): unknown;
  corpus: readonly string[];
}

const issuer = 'https://curfew.example';
const now = new Date('2026-01-01T00:00:00.000Z');
const accessTokens = createAccessTokens({
  keys: [toAccessKey(generateAccessKey())],
  issuer,
  ttlSeconds: 300,
});
const refreshKeys = [toRefreshKey('a secret of at least thirty-two bytes')];
const refreshTokens = createRefreshTokens({ keys: refreshKeys, issuer });
const flowTokens = createFlowTokens({ keys: refreshKeys, issuer });
const deviceTokens = createDeviceTokens({ keys: refreshKeys, issuer });
const addressOf = createAddressReader('192.0.2.0/24');

const accessToken = accessTokens.mint(
  {
    userId: 'user',
    sessionId: 'session',
    accountId: 'account',
    role: 'OWNER',
    authenticatedAt: now,
    idleExpiresAt: new Date(now.getTime() + 1e6),
    absoluteExpiresAt: new Date(now.getTime() + 1e6),
  },
  'curfew',
  now,
).token;
const flowToken = flowTokens.mint(
  {
    providerId: 'google',
    redirectUri: `${issuer}/login/callback`,
    seed: 'x'.repeat(43),
    maxAge: null,
    isPersistent: true,
    endSessions: ['x'],
    reauthentication: null,
    expiresAt: now,
  },
  now,
);

const ODD = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\u212a',
  '\u202e',
  '.',
  '..',
  '=',
  ',',
  '%',
  '[]',
  '{}',
  'a'.repeat(5_000),
];

/** An expected refusal. */
function refusable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError || error instanceof ConfigError) return null;
    throw error;
  }
}

const fromSetting =
  (name: string) =>
  (text: string): unknown =>
    refusable(() => loadConfig({ DATA_DIR: '/nowhere', [name]: text }, { isServer: false }));

export const TARGETS: Record<string, Target> = {
  'access tokens': {
    read: (text) => accessTokens.check(text, now),
    corpus: [...ODD, accessToken, flowToken, 'eyJhbGciOiJub25lIn0.e30.', `${accessToken}.x`],
  },
  'refresh tokens': {
    read: (text) => refreshTokens.read(text, now),
    corpus: [...ODD, accessToken, flowToken, 'eyJhbGciOiJIUzI1NiJ9.bnVsbA.x'],
  },
  'flow and device tokens': {
    read: (text) => [flowTokens.read(text, now), deviceTokens.read(text, now)],
    corpus: [...ODD, flowToken],
  },
  cursors: {
    read: (text) => refusable(() => toSlice(10, text)),
    corpus: [
      ...ODD,
      encodeCursor({ at: now, id: 'session' }),
      encodeCursor({ at: now, id: '\0' }),
      'WyJhIl0',
    ],
  },
  'bearer headers': {
    read: (text) => readBearer(text),
    corpus: [...ODD, 'Bearer abc', 'bearer   abc   ', 'Bearer', `Bearer ${' '.repeat(3_000)}`],
  },
  'basic headers': {
    read: (text) =>
      authenticateService(text, {
        looksLikeOne: () => true,
        identify: async () => ({ keyId: 'a', name: 'b', accountId: null }),
      }),
    corpus: [...ODD, 'Basic YTpi', 'Basic JTAwOiVmZg==', 'Basic ====', `Basic ${'A'.repeat(8_000)}`],
  },
  addresses: {
    read: (text) => networkOf(readAddress(text)),
    corpus: [
      ...ODD,
      '192.0.2.1',
      '192.0.2.1:80',
      '[2001:db8::1]:80',
      '::ffff:1.2.3.4',
      'fe80::1%eth0',
      '1.2.3',
    ],
  },
  'X-Forwarded-For': {
    read: (text) =>
      addressOf({
        headers: { 'x-forwarded-for': text },
        socket: { remoteAddress: '192.0.2.7' },
        connection: { remoteAddress: '192.0.2.7' },
      } as never),
    corpus: [
      ...ODD,
      '203.0.113.1',
      '203.0.113.1, 10.0.0.1',
      `${'1.2.3.4,'.repeat(1_000)}`,
      'unknown',
      '_hidden',
    ],
  },
  'e-mails': {
    read: (text) => [readEmail(text), refusable(() => requireEmail(text))],
    corpus: [
      ...ODD,
      'kim@example.test',
      '\u212aim@example.test',
      `${'a'.repeat(300)}@example.test`,
      'a@b@c',
      '"a b"@c.test',
    ],
  },
  names: { read: (text) => refusable(() => requireName(text)), corpus: [...ODD, 'Ana', 'a\u0007b'] },
  passwords: {
    read: (text) =>
      refusable(() =>
        requireGoodPassword(
          text,
          { email: 'ana@example.test', name: 'Ana', accountName: 'Northwind' },
          new Set(),
        ),
      ),
    corpus: [
      ...ODD,
      'a raven counts seven lamps',
      'ab'.repeat(60),
      '1234567890'.repeat(12),
      'ana'.repeat(40),
    ],
  },
  moments: {
    read: (text) => readRfc3339(text),
    corpus: [
      ...ODD,
      '2026-03-01T09:30:00.000Z',
      '2026-02-31T00:00:00Z',
      '9999-12-31T23:59:60Z',
      '2026-03-01T09:30:00+99:99',
      '0000-01-01t00:00:00z',
    ],
  },
  callbacks: {
    read: (text) => refusable(() => readCallback(text)),
    corpus: [
      ...ODD,
      `${issuer}/login/callback?code=a&state=b`,
      `${issuer}/?code=${'a'.repeat(9_000)}`,
      'javascript:alert(1)',
      'http://[::1',
    ],
  },
  'import files': {
    read: (text) => refusable(() => readImport(text)),
    corpus: [
      ...ODD,
      'jti,user,issued,expires\na,b,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z\n',
      'jti,user\n',
      '"',
      'jti,user,issued,expires\na,b,1,99999999999999\n',
      `jti,user,issued,expires\n${',,,\n'.repeat(500)}`,
    ],
  },
  'user agents': {
    read: (text) => deviceName(cutUserAgent(text)),
    corpus: [
      ...ODD,
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0',
      `Mozilla/5.0 (${';'.repeat(2_000)})`,
      'Android '.repeat(60),
      '(('.repeat(250),
    ],
  },
  'messages of graphql-js': {
    read: (text) => redactValues(text),
    corpus: [
      ...ODD,
      'Variable "$input" got invalid value 1 at "input.email"; String cannot represent a non string value: 1',
      '; at "x.y"; '.repeat(3_000),
      'Value "'.repeat(3_000),
      'Syntax Error: Unexpected String "x".',
    ],
  },
  DATABASE_URL: {
    read: fromSetting('DATABASE_URL'),
    corpus: [
      ...ODD,
      'postgres://a:b@localhost:5432/c',
      'postgres://%zz@h/d',
      'postgres:///d?host=/tmp',
      'mysql://a',
      'postgres://a:b@[::1]:99999/c',
    ],
  },
  ALLOWED_ORIGINS: {
    read: fromSetting('ALLOWED_ORIGINS'),
    corpus: [...ODD, 'https://a.example', 'https://a.example,http://[', 'null', 'https://a.example/path'],
  },
  OIDC_PROVIDERS: {
    read: fromSetting('OIDC_PROVIDERS'),
    corpus: [
      ...ODD,
      '[{"id":"a","name":"A","issuer":"https://a.example","clientId":"b","clientSecret":"c"}]',
      '[{"id":"__proto__"}]',
      '[null]',
      '[[[[]]]]',
    ],
  },
  TRUST_PROXY: {
    read: fromSetting('TRUST_PROXY'),
    corpus: [...ODD, '1', '10.0.0.0/8, 192.168.0.0/16', 'true', '10.0.0.0/99', '::/0'],
  },
  PUBLIC_URL: {
    read: fromSetting('PUBLIC_URL'),
    corpus: [...ODD, 'https://curfew.example', 'https://curfew.example/path', 'http://%', 'ftp://a'],
  },
};
