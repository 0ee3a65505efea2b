import type { Mutant } from './mutant.ts';

const PASSWORD = { test: 'test/accounts/reauthenticate.test.ts', within: 'on the embedded database' };
const PRESENTED = {
  test: 'test/accounts/reauthenticate.test.ts',
  within: 'on the embedded database the token that was presented',
};
const REPEAT = {
  test: 'test/accounts/reauthenticate.test.ts',
  within: 'on the embedded database a repeat with the same requestId',
};
const PROVIDER = { test: 'test/oidc/reauthenticate.test.ts' };
const SENSITIVE = {
  test: 'test/security/sensitive-operations.test.ts',
  within: 'on PostgreSQL',
};
const WRITE = 'server/sessions/reauthenticate.sql.ts';
const DECISION = 'server/sessions/reauthentication-decision.ts';
const CONFIRM = 'server/sign-in/oidc/confirm-person.ts';

/** Authenticating again, and the operations that need it. */
export const reauthenticationMutants: readonly Mutant[] = [
  {
    covers: ['I29'],
    breaks: 'A refresh replays what a new authentication replaced',
    file: 'server/sessions/refresh-decision.ts',
    find: 'if (session.reauthenticatedGeneration === session.generation) return false;',
    replace: '',
    ...PRESENTED,
    name: 'is refused at once and changes nothing, also with the id of the request',
  },
  {
    covers: ['I29'],
    breaks: 'A new authentication does not say which generation it made',
    file: WRITE,
    find: 'reauthenticated_generation = s.generation + 1,',
    replace: '',
    ...PRESENTED,
    name: 'is refused at once and changes nothing, also with the id of the request',
  },
  {
    covers: ['I29'],
    breaks: 'A lost answer cannot be repeated',
    file: DECISION,
    find: "if (isRepeat(session, input)) return { action: 'repeat' };",
    replace: '',
    ...REPEAT,
    name: 'returns the identical successor and the same times, and is no second authentication',
  },
  {
    covers: ['I29'],
    breaks: 'The requestId of a refresh counts for a new authentication',
    file: DECISION,
    find: 'decideRefresh(session, { ...input, requestHash: null })',
    replace: 'decideRefresh(session, { ...input, requestHash: session.refreshRequestHash })',
    ...REPEAT,
    name: 'gets nothing of a refresh with that id',
  },
  {
    covers: ['I29'],
    breaks: 'The sweep looks at the old deadline only',
    file: WRITE,
    find: 'next_check_at = least(s.next_check_at, ${idle})',
    replace: 'next_check_at = s.next_check_at',
    ...PASSWORD,
    name: 'a shorter policy is kept by the sweep, too',
  },
  {
    covers: ['I29'],
    breaks: 'A password that was changed since its check authenticates',
    file: 'server/sessions/reauthenticate-session.ts',
    find: 'const isPasswordCurrent = passwordVersion === null || passwordVersion === user.passwordVersion;',
    replace: 'const isPasswordCurrent = passwordVersion === null || passwordVersion > 0;',
    test: 'test/races/reauthentication.test.ts',
    name: 'beside a change of the password: the old one authenticates no one once it has changed',
  },
  {
    covers: ['I29'],
    breaks: 'A session that is over only says that the caller is signed out',
    file: 'server/sign-in/reauthenticate.ts',
    find: 'if (endedId !== null)',
    replace: 'if (endedId === caller.kind)',
    test: 'test/accounts/reauthenticate-refusals.test.ts',
    within: 'on PostgreSQL',
    name: 'that was ended says how',
  },
  {
    covers: ['I29'],
    breaks: 'A subscription that was not warned is not told',
    file: 'server/expiry/delivery-state.ts',
    find: 'if (isReauthenticated(session, sent)) {',
    replace: 'if (isReauthenticated(session, sent) && sent.warnedIdle !== null) {',
    test: 'server/expiry/delivery-state.test.ts',
    name: 'a new authentication is sent to every subscription as EXTENDED, also where a deadline moves nearer',
    isSample: true,
  },
  {
    covers: ['I29'],
    breaks: 'The old session token still works for a moment',
    file: WRITE,
    find: 'where s.id = ${id} and s.token_hash = ${token.oldHash} and',
    replace: 'where s.id = ${id} and',
    test: 'test/races/reauthentication.test.ts',
    name: 'of two applications with one session token one gets the new one',
  },
  {
    covers: ['I29'],
    breaks: 'The cap of a session is lost when it is authenticated again',
    file: WRITE,
    find: 'timesFrom(now, policy, sql`s.ends_by`)',
    replace: 'timesFrom(now, policy, sql`null::timestamptz`)',
    test: 'test/service-api/reauthenticate-session.test.ts',
    within: 'on PostgreSQL',
    name: 'caps both deadlines, also after authenticating again, and is no limit of the policy',
  },
  {
    covers: ['I29'],
    breaks: 'Anyone at the provider authenticates the session',
    file: CONFIRM,
    find: 'const isSame = (await findLinkedUserId(em, person)) === flow.userId;',
    replace: 'const isSame = (await findLinkedUserId(em, person)) !== flow.sessionId;',
    ...PROVIDER,
    name: 'for another person, who is not signed in either, and the trail says so',
  },
  {
    covers: ['I29'],
    breaks: 'An old sign-in at the provider is enough',
    file: CONFIRM,
    find: 'if (!isNew || (person.endsBy',
    replace: 'if ((person.endsBy',
    ...PROVIDER,
    name: 'where the sign-in at the provider is an older one',
  },
  {
    covers: ['I29'],
    breaks: 'A caller of another session completes the flow',
    file: CONFIRM,
    find: "if (caller.kind === 'user' && caller.viewer.session.id !== sessionId) return null;",
    replace: '',
    ...PROVIDER,
    name: 'for a caller of another session, of the same person too',
  },
  {
    covers: ['I30'],
    breaks: 'A sensitive operation does not look at when the owner authenticated',
    file: 'server/sessions/lock-as-caller.ts',
    find: 'addSeconds(authenticatedAt, maxAgeSeconds) < clock.now()',
    replace: 'authenticatedAt > clock.now()',
    ...SENSITIVE,
    name: '%s needs a recent authentication, and changes nothing without',
  },
  {
    covers: ['I30'],
    breaks: 'An authentication exactly as old as the limit is too old',
    file: 'server/sessions/lock-as-caller.ts',
    find: 'addSeconds(authenticatedAt, maxAgeSeconds) < clock.now()',
    replace: 'addSeconds(authenticatedAt, maxAgeSeconds) <= clock.now()',
    ...SENSITIVE,
    name: '%s: an authentication exactly that old is recent',
  },
];
