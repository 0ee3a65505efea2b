import { encodeCursor } from '../server/pagination.ts';
import { startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { graphqlCall } from './lib/graphql.ts';
import { spread } from './lib/load.ts';
import { publish, type Row } from './lib/report.ts';
import { measureInRounds, type Candidate } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { onStage } from './lib/stage.ts';
import { latency, proven } from './lib/throughput.ts';
import { timed } from './lib/timing.ts';

// What an owner of a large account waits for: each page, beside the statement alone and an answer that costs nothing.

const PAGE = 50;
/** Sessions of each user. */
const EACH = 10;
const NODES = `edges { cursor node { id authenticatedAt lastActivityAt expiresAt user { id name } } } pageInfo { hasNextPage endCursor }`;
const SESSIONS_PAGE = `query Sessions($after: String) { sessions(first: ${PAGE}, after: $after) { ${NODES} } }`;
const SESSIONS_COUNTED = `{ sessions(first: ${PAGE}) { totalCount ${NODES} } }`;
const SESSIONS_ENDED = `{ sessions(first: ${PAGE}, status: ENDED) { totalCount ${NODES} } }`;
const ACTIVE_USERS = `query Users($after: ID, $search: String) {
  sessionPolicy { activeUsers(first: ${PAGE}, after: $after, search: $search) { userId name lastLoginAt sessionCount } } }`;
const ACTIVE_USER_COUNT = `{ sessionPolicy { activeUserCount } }`;
const IMPACT = `{ sessionPolicyImpact(input: { idleMinutes: 15, absoluteMinutes: 720 }) { activeSessions endNow shortened } }`;
const ENDINGS = `{ sessionEndings(hours: 12) { idle absolute } }`;
const AUDIT_NODES = `edges { cursor node { id action actorName createdAt } } pageInfo { hasNextPage endCursor }`;
const AUDIT_PAGE = `query Audit($after: String) { auditEvents(first: ${PAGE}, after: $after) { ${AUDIT_NODES} } }`;
const AUDIT_COUNTED = `{ auditEvents(first: ${PAGE}) { totalCount ${AUDIT_NODES} } }`;

const LIVE = `account_id = $1 and ended_at is null and idle_expires_at > now() and absolute_expires_at > now()`;
const PLAIN_PAGE = `select * from sessions where ${LIVE} order by authenticated_at desc, id desc limit ${PAGE + 1}`;
const PLAIN_COUNT = `select count(*) from sessions where ${LIVE}`;
const PLAIN_AUDIT = `select * from audit_events where account_id = $1 order by created_at desc, id desc limit ${PAGE + 1}`;

const FLOOR = 'currentSession';

export async function list(): Promise<void> {
  await onStage(async (stage) => {
    const database = await stage.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS, users: Math.ceil(SESSIONS / EACH) });
    await seedAuditEvents(database, seeded);
    const credentials = createCredentials();
    const curfew = await stage.use(startCurfew(database.url, credentials.env));
    const owner = credentials.tokensOf(seeded, curfew.url).accessTokenOf(0);
    const middleOf = (table: string, moment: string): Promise<string> =>
      cursorInTheMiddle(database, seeded.accountId, table, moment);
    const middle = {
      sessions: await middleOf('sessions', 'authenticated_at'),
      audit: await middleOf('audit_events', 'created_at'),
    };

    const graphql = (name: string, query: string, proof: string, variables = {}): Candidate =>
      latency(
        name,
        curfew.url,
        proven(name, () => graphqlCall(owner, query, variables), proof),
      );
    const plain = (name: string, statement: string): Candidate => ({
      name,
      async measure() {
        const times: number[] = [];
        for (const end = performance.now() + SECONDS * 1000; performance.now() < end;)
          times.push(await timed(() => database.query(statement, [seeded.accountId])));
        return spread(times).median;
      },
    });
    const ofPage = 'the statement of a page';
    const ofAudit = 'the statement of an audit page';
    const ofCount = 'the statement that counts every live session';
    const limits: Record<string, string> = {
      'sessions, first page': ofPage,
      'sessions, page in the middle': ofPage,
      'sessions, first page with totalCount': ofPage,
      activeUserCount: ofCount,
      sessionEndings: ofCount,
      sessionPolicyImpact: ofCount,
      'auditEvents, first page': ofAudit,
      'auditEvents, page in the middle': ofAudit,
      'auditEvents, first page with totalCount': ofAudit,
    };
    const measured = await measureInRounds(
      [
        graphql(FLOOR, '{ currentSession { id } }', '"id"'),
        graphql('sessions, first page', SESSIONS_PAGE, '"edges":[{'),
        graphql('sessions, page in the middle', SESSIONS_PAGE, '"edges":[{', { after: middle.sessions }),
        graphql('sessions, first page with totalCount', SESSIONS_COUNTED, '"totalCount"'),
        plain(ofPage, PLAIN_PAGE),
        graphql('sessions, ended, first page with totalCount', SESSIONS_ENDED, '"totalCount"'),
        graphql('activeUsers', ACTIVE_USERS, '"sessionCount"'),
        graphql('activeUsers, page in the middle', ACTIVE_USERS, '"sessionCount"', {
          after: seeded.userIds[Math.floor(seeded.userIds.length / 2)],
        }),
        graphql('activeUsers, found by a search', ACTIVE_USERS, '"sessionCount"', { search: 'User 9' }),
        graphql('activeUserCount', ACTIVE_USER_COUNT, '"activeUserCount"'),
        graphql('sessionEndings', ENDINGS, '"idle"'),
        graphql('sessionPolicyImpact', IMPACT, '"activeSessions"'),
        plain(ofCount, PLAIN_COUNT),
        graphql('auditEvents, first page', AUDIT_PAGE, '"edges":[{'),
        graphql('auditEvents, page in the middle', AUDIT_PAGE, '"edges":[{', { after: middle.audit }),
        graphql('auditEvents, first page with totalCount', AUDIT_COUNTED, '"totalCount"'),
        plain(ofAudit, PLAIN_AUDIT),
      ],
      ROUNDS,
    );
    const figure = (name: string): number => measured.find((each) => each.name === name)!.median;
    await publish({
      name: 'list',
      title: `Pages of an account with ${inWords(SESSIONS)} sessions and as many audit events, one after the other, ${inRounds} of ${SECONDS} s`,
      rows: measured.map(({ name, median, rounds }): Row => {
        const limit = limits[name];
        return {
          what: name,
          value: median,
          unit: 'ms',
          rounds,
          ratio:
            limit === undefined
              ? undefined
              : { to: `${FLOOR} and ${limit}`, value: median / (figure(FLOOR) + figure(limit)) },
        };
      }),
      postgres: await database.describe(),
    });
  });
}

async function seedAuditEvents(database: ScratchDatabase, { accountId, userIds }: Seeded): Promise<void> {
  await database.query(
    `insert into audit_events (id, account_id, action, actor_id, actor_name, resource_type, resource_id, details, created_at, retain_until)
     select gen_random_uuid(), $1, case n % 2 when 0 then 'session.started' else 'session.ended' end, $2, 'User 1', 'session', n::text, '{}',
       now() - interval '1 second' * n, now() + interval '400 days'
     from generate_series(1, $3::int) n`,
    [accountId, userIds[0], SESSIONS],
  );
  await database.query('vacuum analyze audit_events');
}

async function cursorInTheMiddle(
  database: ScratchDatabase,
  accountId: string,
  table: string,
  moment: string,
): Promise<string> {
  const [row] = await database.query<{ id: string; at: Date }>(
    `select id, ${moment} as at from ${table} where account_id = $1 order by ${moment} desc, id desc offset $2 limit 1`,
    [accountId, Math.floor(SESSIONS / 2)],
  );
  return encodeCursor(row!);
}
