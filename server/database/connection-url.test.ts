import { PARAMETERS } from './connection-parameters.ts';
import { readConnection } from './connection-url.ts';

const faultsOf = (url: string, variables: Record<string, string> = {}): string[] =>
  readConnection(url, variables).faults.map(({ variable, problem }) => `${variable}: ${problem}`);

const settingsOf = (url: string, variables: Record<string, string> = {}) => {
  const { settings, faults } = readConnection(url, variables);
  expect(faults).toEqual([]);
  return settings;
};

test.each([
  ['postgres://u:p%40%3A@h:6/d', { user: 'u', password: 'p@:', host: 'h', port: 6, database: 'd' }],
  ['postgresql://u@h', { user: 'u', host: 'h', port: 5432, database: 'u' }],
  ['postgres://u:a:b#c@h/d', { user: 'u', password: 'a:b#c', database: 'd' }],
  ['postgres://u@[::1]:6/d', { host: '::1', port: 6 }],
  ['postgres://u@%2Frun%2Fpg/d', { host: '/run/pg', address: '/run/pg' }],
  ['postgres://u@/d?host=/run/pg&port=7', { host: '/run/pg', port: 7 }],
  ['postgres://u@h/d?host=g', { host: 'g' }],
  ['postgres://u@h/d?hostaddr=10.0.0.1', { host: 'h', address: '10.0.0.1' }],
  ['postgres://h/d?user=v&password=w&dbname=e', { user: 'v', password: 'w', database: 'e' }],
  ['postgres://u@h/d?options=-c%20search_path%3Da%2Cb', { options: '-c search_path=a,b' }],
  ['postgres://u@h/d?application_name=mine', { applicationName: 'mine' }],
  ['postgres://u@h/d?fallback_application_name=mine', { applicationName: 'mine' }],
  ['postgres://u@h/d', { applicationName: 'curfew', keepAlive: true, connectTimeoutMs: null }],
  ['postgres://u@h/d?connect_timeout=1', { connectTimeoutMs: 2_000 }],
  ['postgres://u@h/d?connect_timeout=10&keepalives=0', { connectTimeoutMs: 10_000, keepAlive: false }],
  ['postgres://u@h/d?keepalives_idle=30', { keepAliveIdleMs: 30_000 }],
])('%s', (url, expected) => {
  expect(settingsOf(url)).toMatchObject(expected);
});

test('the URL comes before the variables, and an empty value counts as none', () => {
  const variables = {
    PGHOST: 'g',
    PGPORT: '7',
    PGUSER: 'v',
    PGDATABASE: 'e',
    PGAPPNAME: 'a',
    PGPASSWORD: '',
  };
  expect(settingsOf('postgres:///', variables)).toMatchObject({
    host: 'g',
    port: 7,
    user: 'v',
    database: 'e',
    applicationName: 'a',
  });
  expect(settingsOf('postgres://u:p@h:6/d?application_name=b', variables)).toMatchObject({
    host: 'h',
    port: 6,
    user: 'u',
    password: 'p',
    database: 'd',
    applicationName: 'b',
  });
});

test.each(['mysql://h', 'h', 'postgres:h', 'postgres://h:x/d', 'postgres://u@h/%zz'])(
  '%s is no URL',
  (url) => {
    expect(faultsOf(url)).toEqual([expect.stringMatching(/^DATABASE_URL: is not a PostgreSQL URL/)]);
  },
);

test.each([
  ['sslmode=no-verify', 'parameter sslmode'],
  ['schema=x', 'parameter schema cannot be honoured; expected DATABASE_SCHEMA'],
  ['service=x', 'parameter service'],
  ['target_session_attrs=standby', 'parameter target_session_attrs'],
  ['gssencmode=require', 'parameter gssencmode'],
  ['keepalives_count=3', 'parameter keepalives_count'],
  ['connect_timeout=0', 'parameter connect_timeout'],
  ['client_encoding=latin1', 'parameter client_encoding'],
  ['host=a,b', 'parameter host'],
  ['nonsense=1', 'parameter nonsense is unknown'],
  ['constructor=1', 'parameter constructor is unknown'],
  ['sslmode=verify-full&sslrootcert=/nowhere', 'the file of sslrootcert cannot be read'],
  ['sslmode=require&sslrootcert=system', 'sslmode is too weak'],
  ['sslnegotiation=direct&sslmode=prefer', 'sslnegotiation=direct needs TLS'],
])('%s is refused by name, without its value', (query, problem) => {
  const faults = faultsOf(`postgres://u:hunter2@h/d?${query}`);
  expect(faults[0]).toContain(`DATABASE_URL: ${problem}`);
  expect(faults.join()).not.toMatch(/hunter2|nowhere/);
});

test('several hosts are refused', () => {
  expect(faultsOf('postgres://u@a:1,b:2/d')).toEqual([expect.stringContaining('parameter host')]);
});

test('all faults are reported together, each with its variable', () => {
  expect(
    faultsOf('postgres://u@h/d?service=a&nonsense=1', { PGSSLMODE: 'no', PGGSSLIB: 'x', PGHOST: 'a,b' }).map(
      (fault) => fault.split(':')[0],
    ),
  ).toEqual(['DATABASE_URL', 'DATABASE_URL', 'PGSSLMODE', 'PGGSSLIB']);
});

test('a value that is honoured elsewhere does not hide a refused one', () => {
  for (const [name, { accepts }] of Object.entries(PARAMETERS)) {
    if (!accepts) continue;
    expect({ name, faults: faultsOf(`postgres://u@h/d?${name}=%3Dbad,value`).length > 0 }).toEqual({
      name,
      faults: true,
    });
  }
});
