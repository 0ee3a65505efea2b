import { encodeCursor } from '../server/pagination.ts';
import { startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { dashboard, SESSIONS_PAGE, SESSIONS_PAGE_COUNTED } from './lib/documents.ts';
import { graphqlCall } from './lib/graphql.ts';
import { spread } from './lib/load.ts';
import { publish, type Ratio, type Row } from './lib/report.ts';
import { measureInRounds, type Candidate } from './lib/rounds.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inRounds, inWords, ROUNDS, SECONDS, SESSIONS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { latency, proven } from './lib/throughput.ts';
import { timed } from './lib/timing.ts';

// The pages of an owner of a large account, compared with the statement alone and an answer that costs nothing. A row with
// the name of an operation is a document of the dashboard.

const PAGE = 50;
/** Users, devices and audit events on the dashboard's pages. It asks for one user or device more than it shows. */
const PEOPLE = 21;
const DEVICES = 11;
const TRAIL = 20;
/** Sessions of each user. */
const EACH = 10;
const USERS = Math.ceil(SESSIONS / EACH);
const SESSIONS_ID_ONLY = `query Sessions($first: Int!) { sessions(first: $first) { edges { node { id } } } }`;
const SEARCH = { first: 20, status: 'ACTIVE', orderBy: 'SIGN_IN' };
const POLICY = { idleMinutes: 15, absoluteMinutes: 720 };

const LIVE = `account_id = $1 and ended_at is null and idle_expires_at > now() and absolute_expires_at > now()`;
const PLAIN_PAGE = `select * from sessions where ${LIVE} order by authenticated_at desc, id desc limit ${PAGE + 1}`;
const PLAIN_COUNT = `select count(*) from sessions where ${LIVE}`;
const PLAIN_AUDIT = `select * from audit_events where account_id = $1 order by created_at desc, id desc limit ${TRAIL + 1}`;

const FLOOR = 'currentSession';
const FIRST = 'sessions, first page';
const MIDDLE = 'sessions, page in the middle';

export async function list(): Promise<void> {
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    const seeded = await seedSessions(database, { sessions: SESSIONS, users: USERS });
    await seedAuditEvents(database, seeded);
    const credentials = createCredentials();
    const curfew = await bench.use(startCurfew(database.url, credentials.env));
    const ownerToken = credentials.tokensOf(seeded, curfew.url).accessTokenOf(0);
    const middleOf = (table: string, moment: string): Promise<string> =>
      cursorInTheMiddle(database, seeded.accountId, table, moment);
    const middle = {
      sessions: await middleOf('sessions', 'authenticated_at'),
      audit: await middleOf('audit_events', 'created_at'),
    };

    const ids = (from: number): string[] =>
      Array.from({ length: Math.min(PAGE, SESSIONS - from) }, (_, n) => `"id":"${seeded.idOf(from + n)}"`);
    /** Each session of the page that starts with session `from`, and its user. */
    const withUsers = (from: number): string[] =>
      ids(from).flatMap((id, n) => [id, `"id":"${seeded.userOf(from + n)}"`]);
    /** The users signed in in the order of their first sessions. */
    const people = (from: number, count: number): string[] =>
      Array.from(
        { length: Math.min(count, USERS - from) },
        (_, n) => `"userId":"${seeded.userIds[from + n]}"`,
      );
    const owner = seeded.userIds[0]!;
    const half = Math.floor(USERS / 2);
    const trail = Array.from({ length: Math.min(TRAIL, SESSIONS) }, () => `"id":"${owner}"`);

    const graphql = (name: string, query: string, variables: object, proofs: string[]): Candidate => {
      const call = { ...graphqlCall(ownerToken, query, variables), proofs };
      return latency(
        name,
        curfew.url,
        proven(name, () => call),
      );
    };
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
      [FIRST]: ofPage,
      [MIDDLE]: ofPage,
      'sessions, first page with totalCount': ofPage,
      SessionsExpiryForecast: ofCount,
      PolicyImpact: ofCount,
      'AuditTrail, first page': ofAudit,
      'AuditTrail, page in the middle': ofAudit,
    };
    const { sessionsPeople, sessionsFound, accountSessions, sessionsOfPerson, auditTrail } = dashboard;
    const first = { first: PAGE };
    const peopleOf = { first: PEOPLE, viewerId: owner };
    const person = { userId: owner };
    const measured = await measureInRounds(
      [
        graphql(FLOOR, '{ currentSession { id } }', {}, ids(0).slice(0, 1)),
        graphql(FIRST, SESSIONS_PAGE, first, withUsers(0)),
        graphql(
          MIDDLE,
          SESSIONS_PAGE,
          { ...first, after: middle.sessions },
          withUsers(Math.floor(SESSIONS / 2) + 1),
        ),
        graphql('sessions, first page with totalCount', SESSIONS_PAGE_COUNTED, first, [
          '"totalCount":',
          ...withUsers(0),
        ]),
        graphql('sessions, first page, id only', SESSIONS_ID_ONLY, first, ids(0)),
        plain(ofPage, PLAIN_PAGE),
        graphql(
          'sessions, ended, first page with totalCount',
          SESSIONS_PAGE_COUNTED,
          { ...first, status: 'ENDED' },
          ['"totalCount":0', '"edges":[]'],
        ),
        graphql('SessionsPeople', sessionsPeople, peopleOf, [
          `"activeUserCount":${USERS}`,
          ...people(0, PEOPLE),
        ]),
        graphql(
          'SessionsPeople, page in the middle',
          sessionsPeople,
          { ...peopleOf, after: seeded.userIds[half] },
          people(half + 1, PEOPLE),
        ),
        graphql('SessionsFound', sessionsFound, { ...SEARCH, search: 'User 9' }, ['"name":"User 9']),
        // Neither fills a page, so each reads the whole account.
        graphql('SessionsFound, one person', sessionsFound, { ...SEARCH, search: `user-${USERS}@` }, [
          `"name":"User ${USERS}"`,
        ]),
        graphql('SessionsFound, nothing', sessionsFound, { ...SEARCH, search: 'nothing-has-this' }, [
          '"edges":[]',
        ]),
        graphql('SessionsOfPerson', sessionsOfPerson, { ...person, first: DEVICES }, [
          `"totalCount":${EACH}`,
          ...ids(0).slice(0, 1),
        ]),
        graphql('AccountSessions', accountSessions, { ...person, first: PAGE }, [
          `"totalCount":${EACH}`,
          ...ids(0).slice(0, 1),
        ]),
        graphql('PolicyCard', dashboard.policyCard, {}, ['"sessionPolicy":{', '"sessionPolicyPresets":[{']),
        graphql('SessionsExpiryForecast', dashboard.sessionsExpiryForecast, { hours: 12 }, [
          '"sessionExpiryForecast":[{',
        ]),
        graphql('PolicyImpact', dashboard.policyImpact, { input: POLICY }, [`"activeSessions":${SESSIONS}`]),
        plain(ofCount, PLAIN_COUNT),
        graphql('AuditTrail, first page', auditTrail, { first: TRAIL }, ['"totalCount":', ...trail]),
        graphql('AuditTrail, page in the middle', auditTrail, { first: TRAIL, after: middle.audit }, trail),
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
        const ratios: Ratio[] = [];
        if (name === FIRST || name === MIDDLE)
          ratios.push({ to: FLOOR, value: median / figure(FLOOR), atMost: 3 });
        if (limit !== undefined)
          ratios.push({ to: `${FLOOR} and ${limit}`, value: median / (figure(FLOOR) + figure(limit)) });
        return { what: name, value: median, unit: 'ms', rounds, ratio: ratios };
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
