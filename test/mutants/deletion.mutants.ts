import type { Mutant } from './mutant.ts';

const EMBEDDED = 'on the embedded database';
const DELETE_USER = { file: 'server/deletion/delete-user.ts', test: 'test/deletion/delete-user.test.ts' };

/** What a deletion promises. */
export const deletionMutants: readonly Mutant[] = [
  {
    covers: ['I1', 'I28'],
    breaks: 'A deleted user keeps their sessions',
    ...DELETE_USER,
    find: "const endedIds = await revokeSessions(em, { accountId, userId: id }, 'USER_DEACTIVATED', now);",
    replace: 'const endedIds: string[] = [];',
    within: EMBEDDED,
    name: 'the sessions of a deleted user end at once, and no token of theirs is accepted any more',
  },
  {
    covers: ['I12', 'I28'],
    breaks: 'The last owner can be deleted',
    ...DELETE_USER,
    find: 'await requireAnotherOwner(em, user, field);',
    replace: '',
    within: EMBEDDED,
    name: 'the last active owner stays; another owner can go, also by themselves',
  },
  {
    covers: ['I1', 'I28'],
    breaks: 'A user of a deleted account who is not erased yet signs in',
    file: 'server/sessions/create-session.ts',
    find: 'account.deletedAt ? null : await stampSignIn(em, given, now)',
    replace: 'await stampSignIn(em, given, now)',
    test: 'test/deletion/delete-account.test.ts',
    within: EMBEDDED,
    name: 'an e-mail is free before erasing has come to its user',
  },
  {
    covers: ['I28'],
    breaks: 'Failed sign-ins of a deleted user count against the next user with the e-mail',
    file: 'server/sign-in/throttle.ts',
    find: 'await Promise.all([pair.clearGroup(key), perEmail.clear(key)]);',
    replace: 'await perEmail.clear(key);',
    test: 'test/deletion/delete-user.test.ts',
    within: EMBEDDED,
    name: 'the e-mail is free at once, and nothing of the old user attaches to the new one',
  },
  {
    covers: ['I28'],
    breaks: 'The identities of a deleted user stay linked',
    ...DELETE_USER,
    find: 'await unlinkIdentities(em, [id]);',
    replace: '',
    within: EMBEDDED,
    name: 'nothing in any table identifies a deleted user any more',
  },
  {
    covers: ['I28'],
    breaks: 'A failed sign-in beside a deletion writes the e-mail into the trail',
    file: 'server/sign-in/record-failed-login.ts',
    find: 'if (!(await keepUser(em, user.id))) return;',
    replace: '',
    test: 'test/races/deletion.test.ts',
    name: 'a failed sign-in that is being recorded holds the deletion up, so its e-mail is erased too',
  },
  {
    covers: ['I7', 'I28'],
    breaks: 'The trail of an account with a deleted user can be rewritten',
    file: 'migrations/migration-20261129150000-deletion.ts',
    find: 'or not stored.details @> changed.details then',
    replace: 'then',
    test: 'test/deletion/delete-user.test.ts',
    within: EMBEDDED,
    name: 'the rows of the trail cannot be changed in any other way, deleted users or not',
    changesDatabase: true,
  },
];
