import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { ConfigError, derivePublicUrl, loadConfig } from './config.ts';

type Env = Record<string, string>;

const pkcs8 = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const keyA = pkcs8('P-256');
const keyB = pkcs8('P-256');
const secretA = 'a'.repeat(32);
const secretB = 'b'.repeat(32);
const onPostgres: Env = {
  DATABASE_URL: 'postgres://curfew:pass@db:5432/curfew',
  REFRESH_TOKEN_SECRET: secretA,
  ACCESS_TOKEN_PRIVATE_KEY: keyA,
};
const inProduction: Env = { ...onPostgres, NODE_ENV: 'production', PUBLIC_URL: 'https://auth.example.com' };

function refusal(env: Env): ConfigError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}

const refused = (env: Env) => refusal(env).faults.map(({ variable }) => variable);

describe('an empty environment', () => {
  test('gives the documented defaults, the embedded database and the demo', () => {
    expect(loadConfig({})).toEqual({
      http: {
        host: '127.0.0.1',
        port: 4000,
        publicUrl: 'http://127.0.0.1:4000',
        allowedOrigins: [],
        trustProxy: false,
        cookieSecure: false,
        hstsIncludeSubDomains: false,
      },
      database: {
        url: null,
        dataDir: '.data',
        schema: null,
        poolMax: 16,
        preparedStatements: true,
        variables: {},
      },
      tokens: {
        refreshSecrets: null,
        accessKeys: null,
        accessTtlSeconds: 300,
        audiences: [],
        reuseGraceSeconds: 10,
      },
      policy: {
        idle: { default: 4320, min: 10, max: 43200 },
        absolute: { default: 20160, min: 30, max: 129600 },
      },
      events: { allowPrivateAddresses: false, retentionDays: 30 },
      expiry: { warningSeconds: 300, absoluteWarningSeconds: 300, sweepSeconds: 15 },
      sensitiveMaxAgeSeconds: 900,
      retention: { sessionDays: 90, auditDays: 400 },
      login: { failuresPerPair: 10, failuresPerEmail: 100, failuresPerAddress: 100 },
      oidc: { providers: [], redirectUris: null },
      mail: null,
      metricsToken: null,
      demo: true,
      production: false,
      redisUrl: null,
      logLevel: 'info',
      logRequests: false,
      tracing: false,
    });
  });

  test('equals one of empty strings', () => {
    const empty = {
      HOST: '',
      PORT: '',
      DATABASE_URL: '',
      REFRESH_TOKEN_SECRET: '',
      DEMO: '',
      TRUST_PROXY: '',
    };
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  test('leaves variables of other programs alone', () => {
    expect(loadConfig({ PATH: '/bin', SESSION: 'x' })).toEqual(loadConfig({}));
  });
});

describe('traces', () => {
  const endpoint = 'http://127.0.0.1:4318';

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' }, false],
    [{ OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }, false],
  ])('%j', (env, isOn) => {
    expect(loadConfig(env).tracing).toBe(isOn);
  });
});

describe('faults', () => {
  test('are reported together, one on a line, with what was expected', () => {
    const error = refusal({
      PORT: 'http',
      DEMO: 'yes',
      DATABASE_URL: 'mysql://db',
      SESSION_IDLE_MINUTES_MIN: '0',
    });
    expect(error.message.split('\n').sort()).toEqual([
      'ACCESS_TOKEN_PRIVATE_KEY: is missing; expected a P-256 private key in PEM, here or in ACCESS_TOKEN_PRIVATE_KEY_FILE, with DATABASE_URL',
      'DATABASE_URL: is not a PostgreSQL URL; expected postgres://user:password@host:port/database?parameter=value (percent-encoded)',
      'DEMO: is neither true nor false; expected true or false',
      'PORT: is not a whole number; expected a whole number from 0 to 65535',
      'REFRESH_TOKEN_SECRET: is missing; expected a secret of at least 32 bytes with DATABASE_URL',
      'SESSION_IDLE_MINUTES_MIN: is out of range; expected a whole number from 1 to 35791394',
    ]);
  });

  test.each([
    'HOST',
    'PORT',
    'PUBLIC_URL',
    'ALLOWED_ORIGINS',
    'COOKIE_SECURE',
    'TRUST_PROXY',
    'DATABASE_URL',
    'REFRESH_TOKEN_SECRET',
    'ACCESS_TOKEN_PRIVATE_KEY',
    'ACCESS_TOKEN_PRIVATE_KEY_FILE',
    'ACCESS_TOKEN_TTL_SECONDS',
    'ACCESS_TOKEN_AUDIENCES',
    'SESSION_IDLE_MINUTES_MAX',
    'OIDC_MICROSOFT_TENANT',
    'OIDC_PROVIDERS',
    'OIDC_REDIRECT_URIS',
    'SMTP_URL',
    'MAIL_FROM',
    'METRICS_TOKEN',
    'DEMO',
    'NODE_ENV',
    'LOG_LEVEL',
  ])('never repeat what was written into %s', (variable) => {
    expect(refusal({ [variable]: 'hunter2 :/' }).message).not.toContain('hunter2');
  });
});

describe('numbers', () => {
  test.each(['1e3', '5abc', '5.5', ' 5', '0x10', '+5', '५'])(
    'refuse %j in place of a whole number',
    (text) => {
      expect(refused({ SESSION_SWEEP_SECONDS: text })).toEqual(['SESSION_SWEEP_SECONDS']);
    },
  );

  test.each([
    ['PORT', '0', '65535', '65536'],
    ['REFRESH_REUSE_GRACE_SECONDS', '0', '60', '61'],
    ['SESSION_IDLE_MINUTES_MIN', '1', '4320', '35791395'],
    ['SESSION_ABSOLUTE_MINUTES_MIN', '1', '20160', '35791395'],
    ['SESSION_WARNING_SECONDS', '1', '2147483647', '2147483648'],
    ['SESSION_SWEEP_SECONDS', '1', '86400', '86401'],
    ['SESSION_RETENTION_DAYS', '1', '36500', '36501'],
    ['AUDIT_RETENTION_DAYS', '1', '36500', '36501'],
    ['LOGIN_FAILURES_PER_PAIR', '1', '2147483647', '2147483648'],
  ])('%s goes from %s, takes %s and refuses %s', (variable, least, fine, tooMuch) => {
    expect(() => loadConfig({ [variable]: least })).not.toThrow();
    expect(() => loadConfig({ [variable]: fine })).not.toThrow();
    expect(refused({ [variable]: String(Number(least) - 1) })).toEqual([variable]);
    expect(refused({ [variable]: tooMuch })).toEqual([variable]);
  });

  test.each([
    ['2', 2],
    ['0.5', 0.5],
    ['.25', 0.25],
    ['86400', 86400],
  ])('an access token may live %s seconds', (text, seconds) => {
    expect(loadConfig({ ACCESS_TOKEN_TTL_SECONDS: text }).tokens.accessTtlSeconds).toBe(seconds);
  });

  test.each(['0', '0.0', '-1', '1e3', '5s', 'NaN', 'Infinity', '9'.repeat(400)])(
    'an access token may not live %s seconds',
    (text) => {
      expect(refused({ ACCESS_TOKEN_TTL_SECONDS: text })).toEqual(['ACCESS_TOKEN_TTL_SECONDS']);
    },
  );
});

describe('booleans', () => {
  test.each(['TRUE', '1', 'yes', ' true'])('refuse %j', (text) => {
    expect(refused({ COOKIE_SECURE: text, DEMO: text })).toEqual(['COOKIE_SECURE', 'DEMO']);
  });
});

describe('the session limits', () => {
  test.each([
    [{ SESSION_IDLE_MINUTES_MAX: '60' }, 'SESSION_IDLE_MINUTES_DEFAULT'],
    [{ SESSION_IDLE_MINUTES_MIN: '5000' }, 'SESSION_IDLE_MINUTES_MIN'],
    [{ SESSION_ABSOLUTE_MINUTES_MAX: '20159' }, 'SESSION_ABSOLUTE_MINUTES_DEFAULT'],
    [{ SESSION_ABSOLUTE_MINUTES_MIN: '20161' }, 'SESSION_ABSOLUTE_MINUTES_MIN'],
    [{ SESSION_ABSOLUTE_MINUTES_DEFAULT: '4319' }, 'SESSION_IDLE_MINUTES_DEFAULT'],
  ])('refuse defaults that contradict the bounds: %j', (env, variable) => {
    expect(refused(env)).toEqual([variable]);
  });

  test('may all be equal', () => {
    const env = Object.fromEntries(
      ['IDLE', 'ABSOLUTE'].flatMap((kind) =>
        ['MIN', 'DEFAULT', 'MAX'].map((role) => [`SESSION_${kind}_MINUTES_${role}`, '15']),
      ),
    );
    const limit = { default: 15, min: 15, max: 15 };
    expect(loadConfig(env).policy).toEqual({ idle: limit, absolute: limit });
  });

  test('name both numbers when they disagree', () => {
    expect(refusal({ SESSION_IDLE_MINUTES_MAX: '60' }).message).toBe(
      'SESSION_IDLE_MINUTES_DEFAULT: 4320 is above SESSION_IDLE_MINUTES_MAX, which is 60; expected at most that',
    );
  });

  test('are not compared with one that could not be read', () => {
    expect(refused({ SESSION_IDLE_MINUTES_MAX: 'low' })).toEqual(['SESSION_IDLE_MINUTES_MAX']);
  });
});

describe('where it listens', () => {
  test.each(['localhost', '0.0.0.0', '::', '::1', 'auth_1.internal'])('takes the host %s', (host) => {
    expect(loadConfig({ HOST: host }).http.host).toBe(host);
  });

  test.each(['http://localhost', 'localhost:80', '[::1]', 'fe80::1%eth0', '999.1.1.1', 'a b', ' '])(
    'refuses the host %j',
    (host) => {
      expect(refused({ HOST: host })).toEqual(['HOST']);
    },
  );

  test.each([
    ['127.0.0.1', 4000, 'http://127.0.0.1:4000'],
    ['localhost', 4000, 'http://localhost:4000'],
    ['::1', 4000, 'http://[::1]:4000'],
    ['0.0.0.0', 4000, 'http://localhost:4000'],
    ['::', 4000, 'http://localhost:4000'],
    ['127.0.0.1', 80, 'http://127.0.0.1'],
  ])('derives the origin of %s and %i', (host, port, origin) => {
    expect(derivePublicUrl(host, port)).toBe(origin);
    expect(loadConfig({ HOST: host, PORT: String(port) }).http.publicUrl).toBe(origin);
  });

  test('leaves the origin open when any free port may be taken', () => {
    expect(loadConfig({ PORT: '0' }).http.publicUrl).toBeNull();
    expect(loadConfig({ PORT: '0', PUBLIC_URL: 'http://x.test' }).http.publicUrl).toBe('http://x.test');
  });

  test.each([
    ['https://auth.example.com', 'https://auth.example.com'],
    ['https://auth.example.com/', 'https://auth.example.com'],
    ['HTTPS://Auth.Example.com:443', 'https://auth.example.com'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
  ])('reads the public origin %s as browsers send it', (text, origin) => {
    expect(loadConfig({ PUBLIC_URL: text }).http.publicUrl).toBe(origin);
  });

  test.each([
    'auth.example.com',
    'ftp://auth.example.com',
    'https:auth.example.com',
    'https://auth.example.com/app',
    'https://auth.example.com?',
    'https://auth.example.com#',
    'https://user:pass@auth.example.com',
    'https://*.example.com',
    'https://auth.example.com:99999',
    'https://',
  ])('refuses the public origin %s', (text) => {
    expect(refused({ PUBLIC_URL: text })).toEqual(['PUBLIC_URL']);
  });

  test('takes further origins', () => {
    const env = { ALLOWED_ORIGINS: 'https://a.example.com/, http://localhost:3000' };
    expect(loadConfig(env).http.allowedOrigins).toEqual(['https://a.example.com', 'http://localhost:3000']);
  });

  test.each(['*', 'null', 'https://a.test,', 'https://a.test/x', 'https://a.test,https://A.test/'])(
    'refuses the further origins %s',
    (text) => {
      expect(refused({ ALLOWED_ORIGINS: text })).toEqual(['ALLOWED_ORIGINS']);
    },
  );

  test('reports each bad entry of a list by its position', () => {
    expect(refusal({ ALLOWED_ORIGINS: 'a,https://a.test,b' }).message).toMatch(/entry 1 .*\n.*entry 3 /);
  });

  test('makes the cookie Secure when the public origin is https, unless set otherwise', () => {
    const secure = (env: Env) => loadConfig(env).http.cookieSecure;
    expect(secure({ PUBLIC_URL: 'https://x.test' })).toBe(true);
    expect(secure({ PUBLIC_URL: 'http://x.test' })).toBe(false);
    expect(secure({ PUBLIC_URL: 'https://x.test', COOKIE_SECURE: 'false' })).toBe(false);
    expect(secure({ COOKIE_SECURE: 'true' })).toBe(true);
    expect(secure({ PORT: '0' })).toBe(false);
  });
});

describe('the proxies that are trusted', () => {
  /** Returns the client address that Fastify trusts for a request from 127.0.0.1 with these forwarded addresses. */
  async function clientAddress(trust: string, forwardedFor: string): Promise<string> {
    await using app = fastify({ trustProxy: loadConfig({ TRUST_PROXY: trust }).http.trustProxy });
    app.get('/', (request) => request.ip);
    return (await app.inject({ url: '/', headers: { 'x-forwarded-for': forwardedFor } })).body;
  }

  test.each([
    ['false', '127.0.0.1'],
    ['true', '1.1.1.1'],
    ['1', '3.3.3.3'],
    ['2', '2.2.2.2'],
    ['127.0.0.1', '3.3.3.3'],
    ['127.0.0.0/8, 3.3.3.0/24', '2.2.2.2'],
    ['::1, 10.0.0.0/8', '127.0.0.1'],
  ])('%s makes the client of a request %s', async (trust, client) => {
    expect(await clientAddress(trust, '1.1.1.1, 2.2.2.2, 3.3.3.3')).toBe(client);
  });

  test.each([
    '0',
    '-1',
    'yes',
    '1.5',
    '10.0.0.0/0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    'fe80::1%eth0',
    'proxy',
    ',',
  ])('cannot be %s', (text) => {
    expect(refused({ TRUST_PROXY: text })).toEqual(['TRUST_PROXY']);
  });
});

describe('Redis', () => {
  test.each(['redis://h', 'redis://u:p@h:6379/1', 'rediss://h:6380'])('takes %s', (url) => {
    expect(loadConfig({ REDIS_URL: url }).redisUrl).toBe(url);
  });

  test.each(['h:6379', 'http://h', 'redis:h', 'redis://', 'redis://h:x'])('refuses %s', (url) => {
    expect(refused({ REDIS_URL: url })).toEqual(['REDIS_URL']);
  });
});

describe('the database', () => {
  test.each(['postgres://u:p@h/d', 'postgresql://h:5432/d?sslmode=require'])('takes %s', (url) => {
    expect(loadConfig({ ...onPostgres, DATABASE_URL: url }).database.url).toBe(url);
  });

  test.each(['mysql://h/d', 'h:5432', 'postgres:h', 'postgres://u:p#q@h:x/d'])('refuses %s', (url) => {
    expect(refused({ ...onPostgres, DATABASE_URL: url })).toEqual(['DATABASE_URL']);
  });

  test('by URL needs both secrets, even when the URL is bad', () => {
    const secrets = ['REFRESH_TOKEN_SECRET', 'ACCESS_TOKEN_PRIVATE_KEY'];
    expect(refused({ DATABASE_URL: 'postgres://h/d' })).toEqual(secrets);
    expect(refused({ DATABASE_URL: 'h' })).toEqual(['DATABASE_URL', ...secrets]);
  });

  test('embedded is in a chosen folder', () => {
    expect(loadConfig({ DATA_DIR: '/var/lib/curfew' }).database).toMatchObject({
      url: null,
      dataDir: '/var/lib/curfew',
    });
    expect(refused({ DATA_DIR: ' ' })).toEqual(['DATA_DIR']);
  });
});

describe('the refresh token secrets', () => {
  const secrets = (text: string) => loadConfig({ REFRESH_TOKEN_SECRET: text }).tokens.refreshSecrets;

  test('keep their order', () => {
    expect(secrets(`${secretB},${secretA}`)).toEqual([secretB, secretA]);
  });

  test('count in UTF-8 bytes', () => {
    expect(secrets('é'.repeat(16))).toEqual(['é'.repeat(16)]);
    expect(refused({ REFRESH_TOKEN_SECRET: 'e'.repeat(31) })).toEqual(['REFRESH_TOKEN_SECRET']);
  });

  test.each([`${secretA},`, `${secretA},short`, `${secretA}, ${secretB}`, `${secretA},${secretA}`])(
    'cannot be %s',
    (text) => {
      const error = refusal({ REFRESH_TOKEN_SECRET: text });
      expect(error.faults).toHaveLength(1);
      expect(error.message).toContain('entry 2 ');
      expect(error.message).not.toContain(secretA);
    },
  );

  test('that are bad are not also reported as missing', () => {
    expect(refused({ ...onPostgres, REFRESH_TOKEN_SECRET: 'short' })).toEqual(['REFRESH_TOKEN_SECRET']);
  });
});

describe('the access token keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const keys = (text: string) => loadConfig({ ACCESS_TOKEN_PRIVATE_KEY: text }).tokens.accessKeys;
  function keyFile(text: string): string {
    const path = join(folder, 'keys.pem');
    writeFileSync(path, text);
    return path;
  }

  test('may follow each other and keep their order', () => {
    expect(keys(`${keyB}\n${keyA}`)).toEqual([keyB.trim(), keyA.trim()]);
  });

  test('may have their line breaks written as \\n', () => {
    expect(keys(keyA.replaceAll('\n', '\\n'))).toEqual([keyA.trim()]);
  });

  test('may be in the older form, behind the name of their curve', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const curve = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(keys(curve + sec1)).toEqual([sec1.trim()]);
  });

  test('may be in a file', () => {
    const env = { ACCESS_TOKEN_PRIVATE_KEY_FILE: keyFile(`${keyA}${keyB}`) };
    expect(loadConfig(env).tokens.accessKeys).toEqual([keyA.trim(), keyB.trim()]);
    expect(() => loadConfig({ ...onPostgres, ACCESS_TOKEN_PRIVATE_KEY: '', ...env })).not.toThrow();
  });

  test('cannot be both in a variable and in a file', () => {
    const env = { ACCESS_TOKEN_PRIVATE_KEY: keyA, ACCESS_TOKEN_PRIVATE_KEY_FILE: keyFile(keyB) };
    expect(refused(env)).toEqual(['ACCESS_TOKEN_PRIVATE_KEY']);
  });

  test('in a file that cannot be read or has other content are refused by name', () => {
    const missing = refusal({ ACCESS_TOKEN_PRIVATE_KEY_FILE: join(folder, 'none') });
    expect(missing.message).toMatch(
      /^ACCESS_TOKEN_PRIVATE_KEY_FILE: cannot be read \(it does not exist, ENOENT\); /,
    );
    expect(refused({ ACCESS_TOKEN_PRIVATE_KEY_FILE: keyFile('') })).toEqual([
      'ACCESS_TOKEN_PRIVATE_KEY_FILE',
    ]);
    expect(refused({ ACCESS_TOKEN_PRIVATE_KEY_FILE: folder })).toEqual(['ACCESS_TOKEN_PRIVATE_KEY_FILE']);
  });

  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const passphrase = { cipher: 'aes-256-cbc', passphrase: 'open sesame' };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  test.each([
    ['no PEM', 'a.b.c'],
    ['another curve', pkcs8('P-384')],
    ['an RSA key', rsa.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['a public key', publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['an encrypted key', privateKey.export({ type: 'pkcs8', format: 'pem', ...passphrase }).toString()],
    ['garbage in PEM', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
    ['a key that is cut off', `${keyA}${keyB.slice(0, 60)}`],
    ['a good key before a bad one', `${keyA}${pkcs8('P-384')}`],
    ['a key that repeats', `${keyA}${keyA}`],
  ])('cannot be %s', (_what, text) => {
    const error = refusal({ ACCESS_TOKEN_PRIVATE_KEY: text });
    expect(error.faults.map(({ variable }) => variable)).toEqual(['ACCESS_TOKEN_PRIVATE_KEY']);
    for (const line of text.split('\n').filter((part) => part !== '')) {
      expect(error.message).not.toContain(line);
    }
  });
});

describe('further audiences', () => {
  test('are a list', () => {
    const env = { ACCESS_TOKEN_AUDIENCES: 'billing, https://api.example.com' };
    expect(loadConfig(env).tokens.audiences).toEqual(['billing', 'https://api.example.com']);
  });

  test.each(['curfew', 'billing,curfew', 'a,a', 'a,,b', 'two words'])('cannot be %s', (text) => {
    expect(refused({ ACCESS_TOKEN_AUDIENCES: text })).toEqual(['ACCESS_TOKEN_AUDIENCES']);
  });
});

describe('production', () => {
  test('starts on https with both secrets, without the demo', () => {
    expect(loadConfig(inProduction)).toMatchObject({
      production: true,
      demo: false,
      http: { publicUrl: 'https://auth.example.com', cookieSecure: true },
    });
  });

  test('refuses a public origin that is missing or not https', () => {
    expect(refused({ ...inProduction, PUBLIC_URL: '' })).toEqual(['PUBLIC_URL']);
    expect(refused({ ...inProduction, PUBLIC_URL: 'http://auth.example.com' })).toEqual(['PUBLIC_URL']);
  });

  test('refuses a cookie that is not Secure and proxies that anyone can be', () => {
    expect(refused({ ...inProduction, COOKIE_SECURE: 'false', TRUST_PROXY: 'true', DEMO: 'true' })).toEqual([
      'COOKIE_SECURE',
      'TRUST_PROXY',
      'DEMO',
    ]);
    for (const TRUST_PROXY of ['false', '1', '10.0.0.0/8,192.0.2.1'])
      expect(() => loadConfig({ ...inProduction, COOKIE_SECURE: 'true', TRUST_PROXY })).not.toThrow();
    expect(() => loadConfig({ COOKIE_SECURE: 'false', TRUST_PROXY: 'true' })).not.toThrow();
  });

  test('refuses demo data', () => {
    expect(refused({ ...inProduction, DEMO: 'true' })).toEqual(['DEMO']);
  });

  test('refuses generated secrets on the embedded database too', () => {
    const embedded = { NODE_ENV: 'production', PUBLIC_URL: 'https://auth.example.com' };
    expect(refused(embedded)).toEqual(['REFRESH_TOKEN_SECRET', 'ACCESS_TOKEN_PRIVATE_KEY']);
    expect(loadConfig({ ...inProduction, DATABASE_URL: '' }).demo).toBe(false);
  });

  test('refuses an unknown value', () => {
    expect(refused({ NODE_ENV: 'Production' })).toEqual(['NODE_ENV']);
    expect(loadConfig({ NODE_ENV: 'test' }).production).toBe(false);
  });
});

describe('the demo', () => {
  const demo = (env: Env) => loadConfig(env).demo;

  test('is on by default on the embedded database and a loopback host only', () => {
    expect(demo({ HOST: 'localhost' })).toBe(true);
    expect(demo({ HOST: '127.0.0.2' })).toBe(true);
    expect(demo({ HOST: '0:0:0:0:0:0:0:1' })).toBe(true);
    expect(demo({ HOST: '0.0.0.0' })).toBe(false);
    expect(demo({ HOST: '::' })).toBe(false);
    expect(demo({ HOST: '192.168.1.5' })).toBe(false);
    expect(demo(onPostgres)).toBe(false);
  });

  test('follows an explicit setting', () => {
    expect(demo({ DEMO: 'false' })).toBe(false);
    expect(demo({ ...onPostgres, DEMO: 'true' })).toBe(true);
  });

  test('refuses a host that is not loopback', () => {
    expect(refused({ DEMO: 'true', HOST: '0.0.0.0' })).toEqual(['DEMO']);
    expect(refused({ DEMO: 'true', HOST: 'demo.example.com' })).toEqual(['DEMO']);
  });
});

describe('operation', () => {
  test('takes a metrics token that a header can carry, of 16 characters or more', () => {
    expect(loadConfig({ METRICS_TOKEN: 'm'.repeat(16) }).metricsToken).toBe('m'.repeat(16));
    expect(refused({ METRICS_TOKEN: 'm'.repeat(15) })).toEqual(['METRICS_TOKEN']);
    expect(refused({ METRICS_TOKEN: 'two words of a token' })).toEqual(['METRICS_TOKEN']);
  });

  test('takes the log levels that the logger knows', () => {
    expect(loadConfig({ LOG_LEVEL: 'silent' }).logLevel).toBe('silent');
    expect(refused({ LOG_LEVEL: 'verbose' })).toEqual(['LOG_LEVEL']);
  });
});

describe('mail', () => {
  const from = 'Curfew <no-reply@example.com>';
  const mailOf = (url: string, sender = from) => loadConfig({ SMTP_URL: url, MAIL_FROM: sender }).mail;

  test('names a server, with the ports of RFC 8314 and percent-encoded credentials', () => {
    expect(mailOf('smtp://curfew:p%40ss%2Fword@mail.example.com')?.smtp).toEqual({
      host: 'mail.example.com',
      port: 587,
      isTls: false,
      credentials: { user: 'curfew', password: 'p@ss/word' },
    });
    expect(mailOf('smtps://mail.example.com/')?.smtp).toMatchObject({
      port: 465,
      isTls: true,
      credentials: null,
    });
    expect(mailOf('smtp://[::1]:2525')?.smtp).toMatchObject({ host: '::1', port: 2525 });
  });

  test('has a sender, with or without a name', () => {
    expect(mailOf('smtp://mail', from)?.from).toEqual({ name: 'Curfew', address: 'no-reply@example.com' });
    expect(mailOf('smtp://mail', 'no-reply@example.com')?.from).toEqual({
      name: '',
      address: 'no-reply@example.com',
    });
  });

  test('needs both variables', () => {
    expect(refused({ SMTP_URL: 'smtp://mail' })).toEqual(['MAIL_FROM']);
    expect(refused({ MAIL_FROM: from })).toEqual(['SMTP_URL']);
  });

  test.each([
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://user@mail.example.com',
    'smtp://:secret@mail.example.com',
    'smtp://user:%zz@mail.example.com',
    'smtp://user:a%0Ab@mail.example.com',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com?tls=no',
    'smtp://mail.example.com:0',
    'smtp://mail.example.com:99999',
    'smtp://mail_.example.com_',
  ])('refuses the server %j', (url) => {
    expect(refused({ SMTP_URL: url, MAIL_FROM: from })).toEqual(['SMTP_URL']);
  });

  test.each([
    'Curfew',
    'a@b.example, c@d.example',
    'Curfew <no-reply@example.com',
    'Cur\r\nBcc: x@example.com <no-reply@example.com>',
    'Curfew <a@b.example> <c@d.example>',
    '"Curfew" <no-reply@example.com>',
  ])('refuses the sender %j', (sender) => {
    expect(refused({ SMTP_URL: 'smtp://mail', MAIL_FROM: sender })).toEqual(['MAIL_FROM']);
  });
});

describe('identity providers', () => {
  const google = { OIDC_GOOGLE_CLIENT_ID: 'g', OIDC_GOOGLE_CLIENT_SECRET: 'gs' };
  const microsoft = {
    OIDC_MICROSOFT_CLIENT_ID: 'm',
    OIDC_MICROSOFT_CLIENT_SECRET: 'ms',
    OIDC_MICROSOFT_TENANT: '11111111-2222-3333-4444-555555555555',
  };
  const entry = {
    id: 'work',
    name: 'Work',
    issuer: 'https://id.example.com/realms/a',
    clientId: 'w',
    clientSecret: 'ws',
  };
  const listing = (...entries: unknown[]): Env => ({ OIDC_PROVIDERS: JSON.stringify(entries) });
  const problems = (env: Env) => refusal(env).faults.map(({ problem }) => problem.split(';')[0]);

  test('are offered in this order: Google, Microsoft, the list', () => {
    const { providers } = loadConfig({ ...google, ...microsoft, ...listing(entry) }).oidc;
    expect(providers).toEqual([
      {
        id: 'google',
        name: 'Google',
        issuer: 'https://accounts.google.com',
        clientId: 'g',
        clientSecret: 'gs',
      },
      {
        id: 'microsoft',
        name: 'Microsoft',
        issuer: `https://login.microsoftonline.com/${microsoft.OIDC_MICROSOFT_TENANT}/v2.0`,
        clientId: 'm',
        clientSecret: 'ms',
      },
      entry,
    ]);
  });

  test('vouch for domains and accounts, which are compared in ASCII lower case', () => {
    const accountIds = ['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'];
    const given = listing({ ...entry, emailDomains: ['Example.COM', 'xn--bcher-kva.example'], accountIds });
    expect(loadConfig(given).oidc.providers[0]).toEqual({
      ...entry,
      emailDomains: ['example.com', 'xn--bcher-kva.example'],
      accountIds: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    });
  });

  test.each(Object.keys({ ...google, ...microsoft }) as (keyof typeof google)[])(
    'need %s with its siblings',
    (missing) => {
      const { [missing]: _, ...rest } = { ...google, ...microsoft };
      expect(refused(rest)).toEqual([missing]);
    },
  );

  test.each(['common', 'organizations', 'consumers', 'Common', 'a/b', 'a b'])(
    'refuse the tenant %j',
    (tenant) => {
      expect(refused({ ...microsoft, OIDC_MICROSOFT_TENANT: tenant })).toEqual(['OIDC_MICROSOFT_TENANT']);
    },
  );

  test.each([
    ['{', ['is not a JSON list']],
    ['{}', ['is not a JSON list']],
    ['[1, null]', ['entry 1: is not an object', 'entry 2: is not an object']],
  ])('refuse the list %s', (text, expected) => {
    expect(problems({ OIDC_PROVIDERS: text })).toEqual(expected);
  });

  test.each([
    [{ ...entry, id: 'Work' }, 'id is not valid'],
    [{ ...entry, id: 'a'.repeat(41) }, 'id is not valid'],
    [{ ...entry, id: '' }, 'id is not valid'],
    [{ ...entry, id: 7 }, 'id is not text'],
    [{ ...entry, name: '' }, 'name is not valid'],
    [{ ...entry, name: 'a\nb' }, 'name is not valid'],
    [{ ...entry, issuer: 'id.example.com' }, 'issuer is not an issuer'],
    [{ ...entry, issuer: 'http://id.example.com' }, 'issuer is not an issuer'],
    [{ ...entry, issuer: 'https://id.example.com/?a=b' }, 'issuer is not an issuer'],
    [{ ...entry, issuer: 'https://id.example.com/#' }, 'issuer is not an issuer'],
    [{ ...entry, issuer: 'https://u:p@id.example.com/' }, 'issuer is not an issuer'],
    [{ ...entry, issuer: 'https://login.microsoftonline.com/common/v2.0' }, 'issuer stands for every tenant'],
    [{ ...entry, clientId: undefined }, 'clientId is missing'],
    [{ ...entry, clientSecret: 'a\u0000' }, 'clientSecret is not valid'],
    [{ ...entry, clientSecret: null }, 'clientSecret is not text'],
    [{ ...entry, emailDomains: 'example.com' }, 'emailDomains is not valid'],
    [{ ...entry, emailDomains: [] }, 'emailDomains is not valid'],
    [{ ...entry, emailDomains: [7] }, 'emailDomains is not valid'],
    [{ ...entry, emailDomains: ['*.example.com'] }, 'emailDomains is not valid'],
    [{ ...entry, emailDomains: ['a@example.com'] }, 'emailDomains is not valid'],
    [{ ...entry, emailDomains: ['\u212Aim.example'] }, 'emailDomains is not valid'],
    [{ ...entry, accountIds: ['northwind'] }, 'accountIds is not valid'],
    [{ ...entry, accountIds: null }, 'accountIds is not valid'],
    [{ ...entry, scope: 'openid' }, 'has an unknown field'],
  ])('refuse the entry %j and name its field', (bad, problem) => {
    expect(problems(listing(entry, { ...bad }))).toContain(`entry 2: ${problem}`);
  });

  test('have unique ids', () => {
    expect(problems(listing(entry, entry))).toEqual(['entry 2: id repeats an earlier one']);
    const taken = { ...entry, id: 'google' };
    expect(loadConfig(listing(taken)).oidc.providers).toEqual([taken]);
    expect(refused({ ...google, ...listing(taken) })).toEqual(['OIDC_PROVIDERS']);
  });

  test.each(['http://localhost:8080/realms/a', 'http://127.0.0.1:9', 'http://[::1]:9/'])(
    'may be at %s outside production',
    (issuer) => {
      expect(loadConfig(listing({ ...entry, issuer })).oidc.providers).toHaveLength(1);
      expect(refused({ ...inProduction, ...listing({ ...entry, issuer }) })).toEqual(['OIDC_PROVIDERS']);
    },
  );

  test('never have their values repeated in a fault', () => {
    const bad = {
      id: 'HUNTER2',
      name: '\thunter2',
      issuer: 'hunter2',
      clientId: 'hunter 2',
      hunter2: 'hunter2',
    };
    expect(refusal(listing(bad)).message).not.toMatch(/hunter ?2/i);
  });

  test('allow exactly these redirect URIs', () => {
    const text = 'https://app.example.com/callback, http://localhost:3000/login/callback';
    expect(loadConfig({ OIDC_REDIRECT_URIS: text }).oidc.redirectUris).toEqual(text.split(', '));
  });

  test.each([
    'https://app.example.com',
    'https://App.example.com/',
    'https://app.example.com:443/',
    'https://app.example.com/a/../b',
    'https://app.example.com/?a=b',
    'https://app.example.com/?',
    'https://app.example.com/#a',
    'https://u@app.example.com/',
    'http://app.example.com/',
    'javascript:alert(1)',
    'https://a.test/,https://a.test/',
  ])('may not send people back to %s', (text) => {
    expect(refused({ OIDC_REDIRECT_URIS: text })).toEqual(['OIDC_REDIRECT_URIS']);
  });
});
