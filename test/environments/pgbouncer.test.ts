import { sql } from 'kysely';
import pg from 'pg';
import { rowsOf } from '../../server/database/rows.ts';
import { hasPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { collectLog } from '../log-lines.ts';
import { AUDIT_EVENTS, SESSIONS } from '../policy/lists.ts';
import { createNodes, followWarnedOn, NODES_TIMEOUT_MS } from '../nodes/nodes.ts';
import { waitUntil } from '../wait-until.ts';
import { hasPgBouncer, startPgBouncer, type PgBouncer } from './pgbouncer.ts';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';
import { openMigrated, startOn } from './start-on.ts';

const isCi = process.env.CI === 'true';

// In CI it is installed (.ci/run), and a test that is skipped fails there.
(hasPostgres && (hasPgBouncer || isCi) ? describe : describe.skip)(
  'behind PgBouncer in transaction mode',
  () => {
    let scratch: ScratchDatabase;
    let bouncer: PgBouncer;
    const apps: TestApp[] = [];
    beforeEach(async () => {
      scratch = await createScratchDatabase();
      await scratch.run(
        `create schema one authorization ${scratch.role}`,
        `create schema two authorization ${scratch.role}`,
        `alter role ${scratch.role} set search_path = elsewhere`,
        `alter role ${scratch.role} set DateStyle = 'SQL, DMY'`,
        `alter role ${scratch.role} set TimeZone = 'Asia/Kolkata'`,
      );
      bouncer = await startPgBouncer(scratch);
    });
    afterEach(async () => {
      for (const app of apps.splice(0)) await app.close();
      await bouncer.stop();
      await scratch.drop();
    });

    async function start(options: object, parts: Parameters<typeof startOn>[1] = {}): Promise<TestApp> {
      const app = await startOn({ url: bouncer.url, preparedStatements: false, ...options }, parts);
      apps.push(app);
      return app;
    }

    async function use(app: TestApp): Promise<string[]> {
      const { owner } = await app.seed.account();
      const people = await Promise.all(Array.from({ length: 12 }, () => owner.login()));
      const answers = await Promise.all(
        people.flatMap((person) => [
          person.gql('{ viewer { id } currentSession { id } sessionPolicy { version } }'),
          person.gql(SESSIONS, { status: 'ACTIVE' }),
          person.gql(SESSIONS, { status: 'ENDED' }),
          person.gql(AUDIT_EVENTS),
          person.gql('mutation { touchSession { id } }'),
          person.refresh(),
        ]),
      );
      expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
      const revoked = await people[0]!.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
      expect(revoked.errors).toBeUndefined();
      return people.map(({ sessionId }) => sessionId);
    }

    test('DATABASE_PREPARED_STATEMENTS=false serves two schemas over the same connections of the server', async () => {
      const [one, two] = [await start({ schema: 'one' }), await start({ schema: 'two' })];
      const [ofOne, ofTwo] = await Promise.all([use(one), use(two)]);
      for (const [app, own] of [
        [one, ofOne],
        [two, ofTwo],
      ] as const) {
        const rows = await rowsOf(app.database.em(), sql<{ id: string }>`select id from sessions`);
        expect(rows.map(({ id }) => id).sort()).toEqual(own.toSorted());
      }
      // Nothing stays for others who share these connections.
      const other = new pg.Client({ connectionString: bouncer.url });
      await other.connect();
      for (let index = 0; index < 8; index += 1) {
        const { rows } = await other.query(
          `select current_setting('search_path') as path, current_setting('statement_timeout') as timeout`,
        );
        expect(rows).toEqual([{ path: 'elsewhere', timeout: '0' }]);
      }
      await other.end();
    });

    test(
      'subscribers of other nodes learn of an end within seconds, and /readyz says that events are down',
      async () => {
        const nodes = await createNodes(
          { DATABASE_SCHEMA: 'one', DATABASE_PREPARED_STATEMENTS: 'false', REDIS_URL: '' },
          {
            url: bouncer.url,
            open: async () => (await openMigrated({ url: bouncer.url, schema: 'one' })).database,
            drop: async () => {},
          },
        );
        try {
          const here = await nodes.start();
          const there = await nodes.start();
          const { owner } = await nodes.seed.account();
          const signedIn = await owner.login();
          const expiry = await followWarnedOn(nodes, there, signedIn);
          await waitUntil(async () => {
            const { status, body } = await there.readyz();
            return status === 200 && body.events === 'down';
          });
          const { errors } = await signedIn.gql('mutation { logout { ended } }');
          expect(errors).toBeUndefined();
          await waitUntil(() => expiry.events.some(({ kind }) => kind === 'REVOKED'));
          expect((await here.readyz()).status).toBe(200);
        } finally {
          await nodes.stop();
        }
      },
      NODES_TIMEOUT_MS,
    );

    test('with prepared statements on, it notices that they are not kept, says so, and goes on without', async () => {
      const { logger, lines } = collectLog();
      const app = await start({ schema: 'one', preparedStatements: true }, { logger });
      await use(app);
      await use(app);
      const warnings = lines.filter(({ msg }) => /DATABASE_PREPARED_STATEMENTS=false/.test(msg));
      expect(warnings).toHaveLength(1);
    });
  },
);
