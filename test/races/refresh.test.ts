import jwt from 'jsonwebtoken';
import { sql } from 'kysely';
import { createHmac } from 'node:crypto';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { importSession } from '../refresh/session-rows.ts';
import { REFRESH } from '../seed.ts';
import { expectOnly, inRounds, query, startRacingApp, inParallel, RACE_TIMEOUT_MS } from './race-app.ts';

const PARALLEL = 50;

interface Outcome {
  generationsMoved: number;
  successors: (string | null)[];
}

/** Faults in the rotation of one token; empty: it has exactly one successor. */
function faultsOf({ generationsMoved, successors }: Outcome): string[] {
  const distinct = new Set(successors.filter((token) => token !== null)).size;
  return [
    ...(generationsMoved === 1 ? [] : [`the generation moved by ${generationsMoved}`]),
    ...(distinct === 1 ? [] : [`there are ${distinct} successors`]),
  ];
}

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startRacingApp();
  });
  afterAll(() => app.close());

  const generationOf = async (id: string): Promise<number> =>
    (await query(app, sql<{ generation: number }>`select generation from sessions where id = ${id}`))[0]!
      .generation;

  /** Presents one token fifty times at once. */
  async function race(sessionId: string, refreshToken: string): Promise<Outcome> {
    const before = await generationOf(sessionId);
    const answers = await inParallel(PARALLEL, () => app.gql(REFRESH, { input: { refreshToken } }));
    expectOnly(answers);
    return {
      generationsMoved: (await generationOf(sessionId)) - before,
      successors: answers.map(({ data }) => data.refreshSession.refreshToken),
    };
  }

  test(
    'fifty parallel refreshes of one token leave one successor, two hundred times over',
    async () => {
      const lane = async () => {
        const session = await (await app.seed.account()).owner.login();
        return { id: session.sessionId, token: session.refreshToken };
      };
      await inRounds(200, 2, lane, async (session) => {
        const outcome = await race(session.id, session.token);
        expect(faultsOf(outcome)).toEqual([]);
        session.token = outcome.successors[0]!;
      });
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'the check of this file finds the forks of a naive rotation that reads before it writes',
    async () => {
      const { sessionId } = await (await app.seed.account()).owner.login();
      /** A naive rotation: right alone, wrong in parallel. */
      async function rotateNaively(presented: number): Promise<string | null> {
        const [row] = await query(
          app,
          sql<{ generation: number }>`select generation from sessions where id = ${sessionId}`,
        );
        if (row!.generation !== presented) return null;
        const [moved] = await query(
          app,
          sql<{ generation: number }>`
          update sessions set generation = generation + 1 where id = ${sessionId} returning generation`,
        );
        return createHmac('sha256', 'naive').update(String(moved!.generation)).digest('hex');
      }
      const faults: string[] = [];
      for (let round = 0; round < 10 && faults.length === 0; round += 1) {
        const before = await generationOf(sessionId);
        const successors = await inParallel(PARALLEL, () => rotateNaively(before));
        faults.push(...faultsOf({ generationsMoved: (await generationOf(sessionId)) - before, successors }));
      }
      expect(faults).toEqual([
        expect.stringContaining('the generation moved by'),
        expect.stringMatching(/there are ([2-9]|\d\d) successors/),
      ]);
    },
    RACE_TIMEOUT_MS,
  );
});

onPostgres(() => {
  test(
    'without a grace at most one of fifty wins, and the session ends once',
    async () => {
      const app = await startRacingApp({ REFRESH_REUSE_GRACE_SECONDS: '0' });
      try {
        const lane = async () => (await app.seed.account()).owner;
        await inRounds(20, 2, lane, async (owner) => {
          const { sessionId, refreshToken } = await owner.login();
          const answers = await inParallel(PARALLEL, () => app.gql(REFRESH, { input: { refreshToken } }));
          expectOnly(answers, 'INVALID_REFRESH_TOKEN');
          expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
          const rows = await query(
            app,
            sql`select s.generation, s.end_reason, (select count(*)::int from audit_events a
              where a.resource_id = s.id and a.action = 'session.refresh_reuse_detected') as audited
            from sessions s where s.id = ${sessionId}`,
          );
          expect(rows).toEqual([{ generation: 1, end_reason: 'REFRESH_TOKEN_REUSED', audited: 1 }]);
        });
      } finally {
        await app.close();
      }
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'fifty parallel uses of an imported session’s token upgrade it once',
    async () => {
      const app = await startRacingApp();
      try {
        const { owner } = await app.seed.account();
        const exp = Math.floor(app.clock.now().getTime() / 1000) + 300;
        for (let round = 0; round < 10; round += 1) {
          const jti = `imported-${round}`;
          await importSession(app, owner, jti, new Date(exp * 1000));
          const claims = { sub: owner.id, jti, type: 'refresh', exp };
          const refreshToken = jwt.sign(claims, app.config.tokens.refreshSecrets![0]!, { noTimestamp: true });
          const answers = await inParallel(PARALLEL, () => app.gql(REFRESH, { input: { refreshToken } }));
          expectOnly(answers);
          expect(new Set(answers.map(({ data }) => data.refreshSession.refreshToken)).size).toBe(1);
        }
        expect(
          await query(app, sql`select distinct generation, absolute_seconds from sessions where is_imported`),
        ).toEqual([{ generation: 1, absolute_seconds: 20160 * 60 }]);
      } finally {
        await app.close();
      }
    },
    RACE_TIMEOUT_MS,
  );
});
