import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPostgres } from '../databases.ts';
import { runOnce } from './processes.ts';

// Whether each bench still runs and measures what it says. The figures themselves are for a quiet machine.

interface Result {
  rows: { what: string; value: number; unit: string; ratio?: unknown }[];
  postgres: Record<string, string>;
  machine: Record<string, unknown>;
}

onPostgres(() => {
  let results: string;
  beforeAll(async () => {
    results = await mkdtemp(join(tmpdir(), 'curfew-bench-results-'));
  });
  afterAll(() => rm(results, { recursive: true, force: true }));

  const runBench = (name: string, sessions: number) =>
    runOnce('bench/run.ts', [name], {
      BENCH_DATABASE_URL: process.env.CURFEW_TEST_POSTGRES!,
      BENCH_RESULTS: results,
      BENCH_PICTURES: results,
      BENCH_SECONDS: '0.2',
      BENCH_ROUNDS: '1',
      BENCH_SESSIONS: String(sessions),
    });

  test.each([
    [
      'validate',
      300,
      [
        'validateSession, touch',
        'validateSessions of 100, no touch',
        '/oauth/introspect, session token',
        '/oauth/introspect, access token',
        'node:http, constant',
        'Apollo on Fastify, constant',
        'node:http, one SELECT',
        'express-session, connect-pg-simple',
      ],
    ],
    [
      'refresh',
      400,
      [
        'refreshSession',
        'refreshSession, requestId',
        'node:http, HS256, one UPDATE',
        'oidc-provider, refresh_token grant',
        'refreshSession, the slowest of a hundred',
      ],
    ],
    [
      'revoke',
      300,
      [
        'revokeSessions ALL',
        'plain UPDATE',
        'from the call to the first refusal of one of them',
        'from the answer to the last of 10 subscribers told',
        'requests of another account, p99, before',
        'requests of another account, p99, meanwhile',
      ],
    ],
    [
      'bulk',
      300,
      [
        'updateSessionPolicy, ACTIVE_SESSIONS',
        'plain UPDATE of the deadlines',
        'sessionPolicyImpact',
        'the sweep',
        'plain UPDATE of the expired',
      ],
    ],
    [
      'list',
      300,
      [
        'currentSession',
        'sessions, first page',
        'sessions, page in the middle',
        'activeUsers',
        'activeUsers, page in the middle',
        'sessionPolicyImpact',
        'auditEvents, page in the middle',
        'the statement of a page',
      ],
    ],
    [
      'start',
      300,
      [
        'embedded, new folder with the demo',
        'embedded, existing folder',
        'PostgreSQL',
        'node:http, constant',
      ],
    ],
    [
      'growth',
      50,
      ['50', '500', '5,000'].flatMap((count) =>
        [
          'validateSession',
          'refreshSession',
          'sessions, first page',
          'revokeSession',
          'revokeSessions of 50',
          'activeUsers',
          'activeUserCount',
          'sessionEndings',
          'sessionPolicyImpact',
        ].map((what) => `${what}, in ${count}`),
      ),
    ],
  ])('%s prints a table and writes what it measured', async (name, sessions, expected) => {
    const { code, stdout, stderr } = await runBench(name, sessions);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const result = JSON.parse(await readFile(join(results, `${name}.json`), 'utf8')) as Result;
    expect(result.rows.map(({ what }) => what)).toEqual(expect.arrayContaining(expected));
    for (const { what, value, unit } of result.rows) {
      expect(stdout).toContain(what);
      expect([what, Number.isFinite(value) && value >= 0, unit]).toEqual([
        what,
        true,
        expect.stringMatching(/^(per second|ms)$/),
      ]);
    }
    expect(result.rows.some(({ ratio }) => ratio !== undefined)).toBe(true);
    expect(result.postgres).toMatchObject({ fsync: expect.stringMatching(/^o(n|ff)$/) });
    expect(result.machine).toMatchObject({ node: process.version, cpus: expect.any(Number) });
  });

  test('the picture is drawn of the results that are there', async () => {
    const { code, stderr } = await runBench('picture', 300);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const svg = await readFile(join(results, 'bench.svg'), 'utf8');
    for (const words of [
      'Curfew, validateSession',
      'oidc-provider',
      'the plain UPDATE',
      'prefers-color-scheme: dark',
    ])
      expect(svg).toContain(words);
  });

  test('an unknown name is refused with the names that there are', async () => {
    const { code, stderr } = await runBench('nothing', 300);
    expect(code).toBe(1);
    expect(stderr).toContain('validate, refresh');
  });
});
