import { join } from 'node:path';
import { findFreePort } from '../../server/http/free-port.ts';
import { openDatabase } from '../../server/open-database.ts';
import type { Database } from '../../server/database/database.ts';
import { createLogger } from '../../server/logger.ts';
import { REVOKE_SESSION } from '../accounts/account-calls.ts';
import { pause } from '../faults/entry-points.ts';
import { REFRESH, type SeededAccount, type SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { findPostgresPrograms, recoverTo, startOwnCluster, type OwnCluster } from './own-cluster.ts';
import { runOnce, secrets, startServer, type Server } from './processes.ts';
import { createProcessSeed } from './seeded-server.ts';

const CURRENT_SESSION = '{ currentSession { id } }';

const programs = findPostgresPrograms();
if (programs === null && process.env.CI) throw new Error('pg_basebackup and the other programs are missing.');
if (programs === null)
  process.stderr.write('The tests of a restore are skipped: PostgreSQL is not installed.\n');

(programs === null ? describe.skip : describe)('after a restore', () => {
  let cluster: OwnCluster;
  let database: Database;
  let server: Server;
  let env: Record<string, string>;
  let account: SeededAccount;

  const start = (name: string) => startServer({ ...env, DATABASE_URL: cluster.urlOf(name) });
  beforeAll(async () => {
    cluster = await startOwnCluster(programs!);
    await cluster.run('createdb', 'curfew');
    const port = String(await findFreePort());
    env = { ...secrets(), DATA_DIR: '/nonexistent', PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
  }, 120_000);
  beforeEach(async () => {
    server = await start('curfew');
    database = await openDatabase({ url: cluster.urlOf('curfew'), dataDir: '' }, createLogger('silent'));
    account = await createProcessSeed(database, server.url).account();
  }, 120_000);
  afterEach(async () => {
    await server?.stop();
    await database?.close().catch(() => undefined);
  });
  afterAll(() => cluster?.stop());

  const codeOf = async (who: SignedIn): Promise<string | undefined> => (await who.gql(CURRENT_SESSION)).code;

  /** The sessions of a day on which something goes wrong after the backup. */
  async function signInBefore() {
    const owner = await account.owner.login();
    const [revoked, rotated, stolen] = [
      await account.owner.login(),
      await account.owner.login(),
      await account.owner.login(),
    ];
    return { owner, revoked, rotated, stolen };
  }
  type Sessions = Awaited<ReturnType<typeof signInBefore>>;

  /** What the restored database will not know. */
  async function liveOn({ owner, revoked, rotated, stolen }: Sessions) {
    await owner.gql(REVOKE_SESSION, { sessionId: revoked.sessionId });
    expect(await codeOf(revoked)).toBe('UNAUTHENTICATED');
    const first = (await rotated.refresh()).data.refreshSession.refreshToken as string;
    const next = await owner.gql(REFRESH, { input: { refreshToken: first } });
    await stolen.refresh();
    return {
      newestToken: next.data.refreshSession.refreshToken as string,
      lost: await account.owner.login(),
    };
  }

  /** Whether the trail of the account has ever named a theft. */
  const alarms = (name: string) =>
    cluster.query(name, `select 1 from audit_events where action = 'session.refresh_reuse_detected'`);

  async function expectRevivedThenEnded(
    name: string,
    { owner, revoked, rotated, stolen }: Sessions,
    { newestToken, lost }: Awaited<ReturnType<typeof liveOn>>,
    since: Date,
  ): Promise<void> {
    // The session that was ended is back, and so is the token that had been replaced.
    expect(await codeOf(revoked)).toBeUndefined();
    expect((await stolen.refresh()).code).toBeUndefined();
    // A person whose token was rotated since has one that the row does not know: refused, without an alarm, and the
    // session goes on with the token of the backup.
    const refused = await owner.gql(REFRESH, { input: { refreshToken: newestToken } });
    expect(refused).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(refused.extensions).not.toHaveProperty('endReason');
    expect(await codeOf(rotated)).toBeUndefined();
    // Sessions that began after the backup are unknown.
    expect(await codeOf(lost)).toBe('UNAUTHENTICATED');

    const young = await account.owner.login();
    const command = [
      'end-sessions',
      '--all',
      '--account',
      account.id,
      '--since',
      since.toISOString(),
      '--json',
    ];
    const answer = await runOnce('server/cli/admin.ts', command, {
      ...env,
      DATABASE_URL: cluster.urlOf(name),
    });
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(answer.stdout)).toMatchObject({ plan: false, endedSessions: 4, keptSessions: 1 });
    for (const session of [owner, revoked, rotated, stolen])
      expect(await codeOf(session)).toBe('UNAUTHENTICATED');
    for (const refreshToken of [newestToken, rotated.refreshToken, stolen.refreshToken])
      expect(await young.gql(REFRESH, { input: { refreshToken } })).toMatchObject({
        code: 'INVALID_REFRESH_TOKEN',
        extensions: { endReason: 'REVOKED_BY_SERVICE' },
      });
    expect(await codeOf(young)).toBeUndefined();
    expect(await alarms(name)).toEqual([]);
  }

  test('from pg_dump, sessions that had ended are back until end-sessions --since', async () => {
    const sessions = await signInBefore();
    const file = join(cluster.folder, 'curfew.dump');
    await cluster.run('pg_dump', '-Fc', '-f', file, 'curfew');
    const since = new Date();
    const later = await liveOn(sessions);

    await server.stop();
    await cluster.run('createdb', 'restored');
    await cluster.run('pg_restore', '--exit-on-error', '-d', 'restored', file);
    server = await start('restored');
    await expectRevivedThenEnded('restored', sessions, later, since);
  }, 120_000);

  test('from a base backup and the log up to a moment likewise, under a running node', async () => {
    const copy = join(cluster.folder, 'copy');
    await cluster.run('pg_basebackup', '-D', copy, '-c', 'fast', '-X', 'none');
    // After the base backup, so that they come from the archived log.
    const sessions = await signInBefore();
    await pause(50);
    const since = new Date();
    await pause(50);
    const later = await liveOn(sessions);
    await cluster.query('curfew', 'select pg_switch_wal()');
    await database.close();

    await recoverTo(copy, since);
    await cluster.startFrom(copy);
    await waitUntil(async () => (await fetch(`${server.url}/readyz`)).status === 200);
    await expectRevivedThenEnded('curfew', sessions, later, since);
  }, 120_000);
});
