import type { Mutant } from './mutant.ts';

const EMBEDDED = 'on the embedded database';
const LIMIT = { file: 'server/rules/session-limit.ts', test: 'server/rules/session-limit.test.ts' };
const AT_SIGN_IN = { test: 'test/policy/session-limit.test.ts' };
const QUERIES = 'server/sessions/session-limit.sql.ts';
const RULES = { file: 'server/rules/policy-rules.ts', test: 'server/rules/policy-rules.test.ts' };
const RACE = { test: 'test/races/session-limit.test.ts' };

/** Rules, the maximum of sessions, and what a sign-in says of its device. */
export const policyMutants: readonly Mutant[] = [
  {
    covers: ['I26'],
    breaks: 'One session more than the maximum is let in',
    file: 'server/sessions/session-limit.ts',
    find: 'if (count < max && !hasExpired) return [];',
    replace: 'if (count <= max && !hasExpired) return [];',
    ...AT_SIGN_IN,
    within: EMBEDDED,
    name: 'refuses one more and changes nothing; that is what a maximum without an action does',
    isSample: true,
  },
  {
    covers: ['I26'],
    breaks: 'Sign-ins of one user do not wait for each other',
    file: 'server/sessions/create-session.ts',
    find: `      update users set last_login_at = \${now}
      where id = \${userId} and account_id = \${accountId} and is_active
        and (\${passwordVersion}::int is null or password_version = \${passwordVersion}::int)
      returning name, role\``,
    replace: `      select name, role from users
      where id = \${userId} and account_id = \${accountId} and is_active
        and (\${passwordVersion}::int is null or password_version = \${passwordVersion}::int)\``,
    ...RACE,
    name: 'DENY: of fifty sign-ins at once as many begin as there is room for',
  },
  {
    covers: ['I26'],
    breaks: 'A session that a sign-in took for expired is not marked so, and late activity brings it back',
    file: 'server/sessions/session-limit.ts',
    find: 'const expired = await expireSessionsOf(em, scope, clock.now());',
    replace: 'const expired: EndedSession[] = [];',
    ...AT_SIGN_IN,
    within: EMBEDDED,
    name: 'counts no session that has ended or expired, whether or not its row says so',
  },
  {
    covers: ['I26'],
    breaks: 'A sign-in locks the sessions that it ends one by one, in any order',
    file: 'server/sessions/session-limit.ts',
    find: 'await lockOpenSessions(em, scope);',
    replace: '',
    ...RACE,
    failsWith: /./,
    name: 'the sessions that end, of two users, are locked in the order of their ids',
  },
  {
    covers: ['I26'],
    breaks: 'END_OLDEST leaves one session too many',
    ...LIMIT,
    find: 'const excess = live.length + 1 - max;',
    replace: 'const excess = live.length - max;',
    failsWith: /Property failed/,
    name: 'an admitted user has at most the maximum afterwards, and only live sessions end',
  },
  {
    covers: ['I26'],
    breaks: 'ASK admits where the chosen sessions are not enough',
    ...LIMIT,
    find: 'return chosen.length >= excess ?',
    replace: 'return chosen.length > 0 ?',
    name: 'ASK ends all that were chosen, if they are enough, and nothing otherwise',
  },
  {
    covers: ['I26'],
    breaks: 'END_OLDEST ends the session in use',
    file: QUERIES,
    find: 'order by s.last_activity_at, s.authenticated_at, s.id`',
    replace: 'order by s.last_activity_at desc, s.authenticated_at, s.id`',
    ...AT_SIGN_IN,
    within: EMBEDDED,
    failsWith: /No event within/,
    name: 'ends the least recently active session, tells it, and records it as a single end',
  },
  {
    covers: ['I26'],
    breaks: 'The session that a sign-in replaces takes the room of the new one',
    file: QUERIES,
    find: `
    and s.id is distinct from \${exceptSessionId ?? null}::text\``,
    replace: '`',
    ...AT_SIGN_IN,
    within: EMBEDDED,
    failsWith: /./,
    name: 'counts neither the session that the sign-in replaces nor those of other users',
  },
  {
    covers: ['I8'],
    breaks: 'A rule for an application type wins over one for a role',
    ...RULES,
    find: 'find(role, null) ?? find(null, appType) ??',
    replace: 'find(null, appType) ?? find(role, null) ??',
    name: 'is the most specific that fits: both, then role, then application type, then none',
  },
  {
    covers: ['I8'],
    breaks: 'A policy that is applied gives every session the limits without rules',
    file: 'server/sessions/policy-limits.sql.ts',
    find: '  if (limits === null)\n    return sql`(select null::int',
    replace: '  if (limits !== undefined)\n    return sql`(select null::int',
    test: 'test/policy/rules.test.ts',
    within: EMBEDDED,
    name: 'shortens each session to the limits of its own rule',
  },
  {
    covers: ['I8'],
    breaks: 'A change of role tells the shortened sessions nothing',
    file: 'server/users/set-user-role.ts',
    find: "bus.publish({ accountId, kind: 'SHORTENED', sessionIds: applied.shortenedIds });",
    replace: '',
    test: 'test/policy/role-change.test.ts',
    within: EMBEDDED,
    failsWith: /./,
    name: 'gives live sessions the limits of the new role: shorter ones at once, told, and never longer',
  },
];
