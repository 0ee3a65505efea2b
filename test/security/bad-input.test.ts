import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { tryAgainInCi } from '../real-time.ts';
import type { SignedIn } from '../seed.ts';
import { LOGIN, REFRESH } from '../seed.ts';

tryAgainInCi();

const nested = (depth: number) =>
  '{ viewer '.repeat(1) + '{ account '.repeat(depth - 2) + '{ id ' + '}'.repeat(depth);

onUsualDatabase((database) => {
  let app: TestApp;
  let me: SignedIn;
  beforeAll(async () => {
    app = await startApp({ database });
    me = await (await app.seed.account()).owner.login();
  });
  afterAll(() => app.close());

  describe('a document', () => {
    const many = (count: number, make: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => make(n)).join(' ');
    const bomb = (levels: number) =>
      many(levels, (n) => `fragment F${n} on User { ${many(10, () => `...F${n + 1}`)} }`) +
      `fragment F${levels} on User { id } { viewer { ...F0 } }`;

    test.each([
      ['with a field that does not exist', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['that is 13 deep', nested(13), 'GRAPHQL_VALIDATION_FAILED'],
      ['with 16 aliases', `{ ${many(16, (n) => `a${n}: viewer { id }`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
      [
        'with 51 directives',
        `{ viewer { id ${many(51, () => '@include(if: true)')} } }`,
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['with more than 1000 tokens', `{ viewer { ${many(1000, (n) => `f${n}`)} } }`, 'GRAPHQL_PARSE_FAILED'],
      ['with 151 uses of a name', `{ ${many(151, () => 'serverTime')} }`, 'GRAPHQL_PARSE_FAILED'],
      ['with a name of 501 characters', `{ ${'x'.repeat(501)} }`, 'GRAPHQL_PARSE_FAILED'],
      ['with an unknown name of 500 characters', `{ ${'x'.repeat(500)} }`, 'GRAPHQL_VALIDATION_FAILED'],
      [
        'with a circle of fragments',
        '{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...A }',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      [
        'with a fragment that contains itself',
        '{ viewer { ...A } } fragment A on User { ...A }',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      [
        'with a circle of fragments and introspection',
        '{ __schema { ...A } } fragment A on __Schema { types { ...B } } fragment B on __Type { ofType { ...B } }',
        'GRAPHQL_VALIDATION_FAILED',
      ],
      [
        'with aliases hidden in fragments',
        `{ viewer { ...A } } fragment A on User { ${many(16, (n) => `a${n}: id`)} }`,
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['that does not parse', '{ viewer { ', 'GRAPHQL_PARSE_FAILED'],
      ['that is nothing but braces', '{'.repeat(900), 'GRAPHQL_PARSE_FAILED'],
      ['with a subscription over HTTP', 'subscription { sessionExpiry { kind } }', 'BAD_USER_INPUT'],
    ])('%s is refused', async (_, query, code) => {
      const answer = await me.gql(query);
      expect({ code: answer.code, status: answer.status, data: answer.data }).toEqual({
        code,
        status: 400,
        data: undefined,
      });
    });

    test('with 150 uses of a name is answered', async () => {
      const { data } = await me.gql(`{ ${many(150, () => 'serverTime')} }`);
      expect(data).toEqual({ serverTime: expect.any(String) });
    });

    test('with an exponential number of fragment spreads is answered quickly', async () => {
      const started = performance.now();
      const answer = await me.gql(bomb(9));
      expect(answer.status).toBeLessThan(500);
      expect(performance.now() - started).toBeLessThan(3_000);
    });

    test('with a thousand faults gets a few of them in the answer', async () => {
      const { errors } = await me.gql(`{ ${many(300, (n) => `nothing${n}`)} }`);
      expect(errors!.length).toBeLessThanOrEqual(11);
    });

    test('whose answer would have more than 60,000 fields is refused before any query', async () => {
      const session = `id appType authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt expiresAt expiryReason
        ipAddress userAgent device endedAt endReason user { id name email role account { id name } }`;
      const validate = async (checks: number) => {
        const each = `validateSessions(input: $input) { valid session { ${session} } }`;
        const query = `mutation ($input: [ValidateSessionInput!]!) { ${many(checks, (n) => `v${n}: ${each}`)} }`;
        const { code, status, errors } = await me.gql(query, {
          input: Array(1_000).fill({ sessionToken: 'x' }),
        });
        return { code, status, message: errors?.[0]?.message };
      };
      expect(await validate(2)).toMatchObject({ code: 'FORBIDDEN', status: 200 });
      expect(await validate(3)).toEqual({
        code: 'GRAPHQL_VALIDATION_FAILED',
        status: 400,
        message: 'The answer would have more than 60000 fields.',
      });
    });

    test('with more than ten thousand lines is refused', async () => {
      const answer = await me.gql(`{ viewer { id } }${'\n'.repeat(10_000)}`);
      expect({ code: answer.code, status: answer.status }).toEqual({
        code: 'GRAPHQL_PARSE_FAILED',
        status: 400,
      });
    });

    test.each([
      ['15 aliases', `{ ${many(15, (n) => `a${n}: viewer { id }`)} }`],
      ['50 directives', `{ viewer { ${many(50, (n) => `id ${n < 50 ? '@include(if: true)' : ''}`)} } }`],
    ])('with %s is answered', async (_, query) => {
      expect((await me.gql(query)).errors).toBeUndefined();
    });

    test('may introspect deeper than it may query', async () => {
      const deep = `{ __schema { types { fields { type { ${'ofType { '.repeat(12)} name ${'} '.repeat(12)} } } } } }`;
      expect((await app.gql(deep)).errors).toBeUndefined();
    });
  });

  describe('variables', () => {
    const EMAIL = 'someone@example.test';
    test.each<[string, Record<string, unknown>, string | undefined]>([
      ['a number for a password', { input: { email: EMAIL, password: 8_675_309 } }, 'password'],
      ['an object for a password', { input: { email: EMAIL, password: { $gt: '8675309' } } }, 'password'],
      ['a list for an e-mail', { input: { email: ['8675309'], password: 'x' } }, 'email'],
      [
        'a password beside a field that does not exist',
        { input: { email: EMAIL, password: '8675309', nope: 1 } },
        'nope',
      ],
      ['a password without an e-mail', { input: { password: '8675309' } }, 'email'],
      ['null for a password', { input: { email: '8675309', password: null } }, 'password'],
      [
        'an unknown transport',
        { input: { email: EMAIL, password: '8675309', transport: '8675309' } },
        'transport',
      ],
      ['text for the whole input', { input: '8675309' }, undefined],
      ['a list for the whole input', { input: ['8675309'] }, undefined],
      ['nothing', {}, undefined],
      ['null', { input: null }, undefined],
    ])('%s: BAD_USER_INPUT that names the field and repeats nothing', async (_, variables, field) => {
      const answer = await app.gql(LOGIN, variables);
      expect(answer.extensions).toEqual(
        field === undefined ? { code: 'BAD_USER_INPUT' } : { code: 'BAD_USER_INPUT', field },
      );
      expect(answer.status).toBeLessThan(500);
      expect(JSON.stringify(answer)).not.toContain('8675309');
    });

    test('with a thousand faults get a few of them in the answer', async () => {
      const faults = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`nothing${n}`, n]));
      const { errors } = await app.gql(LOGIN, { input: { email: EMAIL, password: 'x', ...faults } });
      expect(errors!.length).toBeLessThanOrEqual(11);
    });

    test('a literal of the wrong type is not repeated either', async () => {
      const answer = await app.gql(
        `mutation { login(input: { email: "a", password: 8675309 }) { serverTime } }`,
      );
      expect(answer.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(JSON.stringify(answer)).not.toContain('8675309');
    });

    test.each([
      '{"input":{"__proto__":{"email":"a","password":"b"}}}',
      '{"__proto__":{"input":1}}',
      '{"constructor":{"prototype":{"x":1}}}',
    ])('with keys of the language itself (%s) are refused and pollute nothing', async (variables) => {
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"query":${JSON.stringify(LOGIN)},"variables":${variables}}`,
      });
      expect(response.status).toBeLessThan(500);
      expect(await response.text()).not.toContain('INTERNAL_SERVER_ERROR');
      expect(({} as Record<string, unknown>).x).toBeUndefined();
      expect(({} as Record<string, unknown>).email).toBeUndefined();
    });
  });

  describe('arguments', () => {
    test.each([0, -1, 101, 2 ** 31 - 1, -(2 ** 31)])(
      'a page of %d is refused with its bounds',
      async (first) => {
        for (const list of ['sessions', 'auditEvents']) {
          const answer = await me.gql(`query ($first: Int) { ${list}(first: $first) { totalCount } }`, {
            first,
          });
          expect(answer.extensions).toEqual({
            code: 'BAD_USER_INPUT',
            field: 'first',
            reason: 'OUT_OF_BOUNDS',
            min: 1,
            max: 100,
          });
        }
      },
    );

    test.each([2 ** 31, 1.5, '10', 1e300])('a page of %p is not an integer of GraphQL', async (first) => {
      const answer = await me.gql(`query ($first: Int) { sessions(first: $first) { totalCount } }`, {
        first,
      });
      expect(answer.code).toBe('BAD_USER_INPUT');
    });

    test.each([
      '',
      'x',
      '\0',
      '\ud800',
      'MTox',
      Buffer.from('99999999999999:x').toString('base64url'),
      'x'.repeat(20_000),
    ])('the cursor number %# never breaks a list', async (after) => {
      for (const list of ['sessions', 'auditEvents']) {
        const answer = await me.gql(
          `query ($after: String) { ${list}(after: $after) { edges { cursor } } }`,
          { after },
        );
        expect([undefined, 'BAD_USER_INPUT']).toContain(answer.code);
      }
    });

    test.each(['', '\0', '\ud800', "' or true --", 'x'.repeat(50_000), 'session.started\0'])(
      'the action number %# matches no event',
      async (action) => {
        const query = `query ($action: String) { auditEvents(action: $action) { totalCount edges { cursor } } }`;
        expect((await me.gql(query, { action })).data.auditEvents).toEqual({ totalCount: 0, edges: [] });
      },
    );

    test.each(['\0', '\ud800', 'x'.repeat(40_000), 'a\r\nb', ''])(
      'the credentials number %# are invalid ones',
      async (text) => {
        expect((await app.gql(LOGIN, { input: { email: text, password: text } })).code).toBe(
          'INVALID_CREDENTIALS',
        );
      },
    );

    test.each(['\0', '\ud800', 'x'.repeat(90_000), '', 'a.b.c', '..', 'null'])(
      'the refresh token number %# is invalid',
      async (refreshToken) => {
        expect((await app.gql(REFRESH, { input: { refreshToken } })).code).toBe('INVALID_REFRESH_TOKEN');
      },
    );
  });
});
