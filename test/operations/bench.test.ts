import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectProofs } from '../../bench/lib/throughput.ts';
import { onPostgres } from '../databases.ts';
import { runOnce } from './processes.ts';

// Checks that each bench still runs and prints its measurements. The figures themselves are for a quiet machine.

interface Result {
  rows: { what: string; value: number; unit: string; ratio?: unknown }[];
  postgres: Record<string, string>;
  machine: Record<string, unknown>;
}

const answer = (body: unknown, status = 200) => ({ status, headers: {}, body: JSON.stringify(body) });
const PROOFS = ['"valid":true', '"id":"a"', '"valid":true', '"id":"b"'];
const live = (id: string) => ({ valid: true, id });

test('an answer with every proof counts', () => {
  expect(() => expectProofs('check', answer([live('a'), live('b')]), PROOFS)).not.toThrow();
});

test.each([
  ['an error', answer({ errors: [{ message: 'No.' }] })],
  ['another status', answer([live('a'), live('b')], 503)],
  ['another user', answer([live('a'), live('c')])],
  ['one refusal in a batch', answer([{ valid: false, id: 'a' }, live('b')])],
  ['a batch in another order', answer([live('b'), live('a')])],
])('%s does not count', (_, wrong) => {
  expect(() => expectProofs('check', wrong, PROOFS)).toThrow('check: ');
});

/** Milliseconds. A bench starts up to seven servers, and waits before each measurement. */
const TIMEOUT_MS = 120_000;

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
      BENCH_CALM_SAMPLES: '1',
      BENCH_DATABASE_CALM_SAMPLES: '1',
      BENCH_SESSIONS: String(sessions),
      BENCH_AUDIT_EVENTS: String(sessions),
    });

  test.each([
    [
      'validate',
      300,
      [
        'validateSession, touch',
        'validateSession, touch, id only',
        'validateSessions of 100, no touch',
        'validateSessions of 100, touch, id only',
        '/oauth/introspect, session token',
        '/oauth/introspect, access token',
        'node:http, constant',
        'Apollo on Fastify, constant',
        'node:http, one SELECT',
        'express-session, connect-pg-simple',
      ],
    ],
    [
      'kit',
      300,
      [
        'requireSession, access tokens',
        'requireSession, session tokens',
        'no sessions',
        'express-session, connect-pg-simple',
        'better-auth',
        'better-auth, cookie cache',
      ],
    ],
    [
      'refresh',
      600,
      [
        'refreshSession',
        'refreshSession, id only',
        'refreshSession, id only, token in the body',
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
        'requests of another account, p99, beside it',
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
        'sessions, first page, id only',
        'SessionsPeople',
        'SessionsPeople, page in the middle',
        'SessionsOfPerson',
        'AccountSessions',
        'PolicyImpact',
        'AuditTrail, page in the middle',
        'the statement of a page',
      ],
    ],
    [
      'export',
      300,
      ['csv', 'jsonl'].flatMap((format) => [
        `from the request to the last byte: ${format}`,
        `memory more at most: ${format}`,
        `requests of another account, p99, without it: ${format}`,
        `requests of another account, p99, beside it: ${format}`,
      ]),
    ],
    [
      'nodes',
      20,
      ['none', 'NOTIFY'].flatMap((way) => [
        `from the answer to the event, median: ${way}`,
        `from the answer to the event, p99: ${way}`,
        `from the call to the event, median: ${way}`,
        `from the call to the answer, median: ${way}`,
      ]),
    ],
    [
      'events',
      300,
      [
        'deliveries',
        'from the call to the last delivery',
        'checks, p99, before: with a stream',
        'checks, p99, beside it: with a stream',
        'checks, p99, beside it: without a stream',
        'a sign-in without a stream, its row',
        'an end without a stream, its row',
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
          'SessionsPeople',
          'activeUserCount',
          'SessionsExpiryForecast',
          'PolicyImpact',
        ].map((what) => `${what}, in ${count}`),
      ),
    ],
  ])(
    '%s prints a table and writes its measurements',
    async (name, sessions, expected) => {
      const { code, stdout, stderr } = await runBench(name, sessions);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const result = JSON.parse(await readFile(join(results, `${name}.json`), 'utf8')) as Result;
      expect(result.rows.map(({ what }) => what)).toEqual(expect.arrayContaining(expected));
      for (const { what, value, unit } of result.rows) {
        expect(stdout).toContain(what);
        expect([what, Number.isFinite(value) && value >= 0, unit]).toEqual([
          what,
          true,
          expect.stringMatching(/^(per second|ms|MB)$/),
        ]);
      }
      expect(result.rows.some(({ ratio }) => ratio !== undefined)).toBe(true);
      expect(result.postgres).toMatchObject({ fsync: expect.stringMatching(/^o(n|ff)$/) });
      expect(result.machine).toMatchObject({ node: process.version, cpus: expect.any(Number) });
    },
    TIMEOUT_MS,
  );

  test('the picture shows the results that exist', async () => {
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

  test('an unknown name is refused with the list of names', async () => {
    const { code, stderr } = await runBench('nothing', 300);
    expect(code).toBe(1);
    expect(stderr).toContain('validate, refresh');
  });
});
