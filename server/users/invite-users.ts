import { sql } from 'kysely';
import { releaseEmailsOfDeletedAccounts } from '../accounts/erase.sql.ts';
import type { User } from '../accounts/user.entity.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { requireEmail, requireName } from '../email.ts';
import { AppError, badInput } from '../errors.ts';
import type { InviteUsersStatus, Role } from '../generated/schema.ts';
import { lockAccountAsOwner, lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { emailTaken, newUser } from './new-user.ts';
import { createPasswordLinks } from './password-links.ts';
import {
  recordUserChanges,
  type ChangedBy,
  type UserAdministration,
  type UserWithPasswordLink,
} from './user-administration.ts';

const MAX_ENTRIES = 500;

export interface InvitationEntry {
  email: string;
  name: string;
  /** The user's role once the link is used. */
  role: Role;
}

export interface InvitationResult {
  /** As the entry has it. */
  email: string;
  status: InviteUsersStatus;
  /** Absent: no one was invited. */
  invited?: UserWithPasswordLink & { role: Role };
  code?: string;
  reason?: string;
  field?: string;
}

/** An entry on its way: what it would create, or why it is refused. */
interface Candidate {
  entry: InvitationEntry;
  user: User | null;
  refusal: AppError | null;
}

/**
 * Invites new users, each by a one-time link, in one transaction. Refuses single entries and invites the others.
 * @throws BAD_USER_INPUT for the number of entries
 */
export async function inviteUsers(
  administration: UserAdministration,
  by: ChangedBy,
  { entries, isDryRun }: { entries: readonly InvitationEntry[]; isDryRun: boolean },
): Promise<InvitationResult[]> {
  const { database, audit, clock, publicUrl } = administration;
  if (entries.length < 1 || entries.length > MAX_ENTRIES) {
    throw badInput('input', `input has 1 to ${MAX_ENTRIES} entries.`, {
      reason: 'OUT_OF_BOUNDS',
      min: 1,
      max: MAX_ENTRIES,
    });
  }
  const { accountId } = by.viewer;
  return database.accountTransaction(accountId, async (em) => {
    const { name: accountName } = isDryRun
      ? await lockAccountAsOwner(em, by.viewer, clock)
      : await lockAccountForSensitiveOperation(em, by.viewer, administration);
    const now = clock.now();
    const candidates = check(entries, accountId, now);
    const users = candidates.flatMap(({ user }) => user ?? []);
    const free = isDryRun ? await findFree(em, users) : await insertUsers(em, users);
    refuseOthers(candidates, free);
    if (isDryRun) return candidates.map((candidate) => toResult(candidate, null));

    const invited = candidates.flatMap(({ entry, user }) => (user ? [{ user, role: entry.role }] : []));
    const urls = await createPasswordLinks(
      em,
      invited.map(({ user, role }) => ({ id: user.id, role })),
      publicUrl,
      now,
    );
    const changes = invited.map(({ user, role }) => ({
      action: 'user.invited' as const,
      userId: user.id,
      details: { email: user.email, role },
    }));
    await recordUserChanges(audit, em, by, changes, now);
    const withLinks = invited.map((each, index) => ({ ...each, setPasswordUrl: urls[index]!, accountName }));
    const byId = new Map(withLinks.map((each) => [each.user.id, each]));
    return candidates.map((candidate) => toResult(candidate, byId));
  });
}

/** Refuses entries for what they say themselves, and the second one of an e-mail. */
function check(entries: readonly InvitationEntry[], accountId: string, now: Date): Candidate[] {
  const seen = new Set<string>();
  return entries.map((entry) => {
    try {
      const email = requireEmail(entry.email);
      const name = requireName(entry.name);
      const user = newUser({ accountId, email, name, role: 'MEMBER' }, now);
      if (seen.has(user.signInEmail!)) throw duplicate();
      seen.add(user.signInEmail!);
      return { entry, user, refusal: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { entry, user: null, refusal: error };
    }
  });
}

const duplicate = () =>
  badInput('email', 'An earlier entry has the same e-mail address.', { reason: 'DUPLICATE' });

/** Refuses candidates whose e-mail is taken. */
function refuseOthers(candidates: readonly Candidate[], free: ReadonlySet<string>): void {
  for (const candidate of candidates) {
    if (!candidate.user || free.has(candidate.user.id)) continue;
    candidate.user = null;
    candidate.refusal = emailTaken();
  }
}

/** Returns the ids of those users whose e-mail no one signs in with. */
async function findFree(em: EntityManager, users: readonly User[]): Promise<Set<string>> {
  const emails = users.map(({ signInEmail }) => signInEmail!);
  const rows = await rowsOf(
    em,
    sql<{ email: string }>`
    select u.sign_in_email as email from users u join accounts a on a.id = u.account_id
    where u.sign_in_email = any(${emails}::text[]) and a.deleted_at is null`,
  );
  const taken = new Set(rows.map(({ email }) => email));
  return new Set(users.filter(({ signInEmail }) => !taken.has(signInEmail!)).map(({ id }) => id));
}

/**
 * Inserts those users whose e-mail no one signs in with, and returns their ids. In the order of the e-mails: two imports
 * of the same people wait for each other, not both for both.
 */
async function insertUsers(em: EntityManager, users: readonly User[]): Promise<Set<string>> {
  if (users.length === 0) return new Set();
  await releaseEmailsOfDeletedAccounts(
    em,
    users.map(({ signInEmail }) => signInEmail!),
  );
  const { accountId, role, createdAt } = users[0]!;
  const rows = await rowsOf(
    em,
    sql<{ id: string }>`
    insert into users (id, account_id, name, email, sign_in_email, role, created_at)
    select n.id, ${accountId}::uuid, n.name, n.email, n.sign_in_email, ${role}, ${createdAt}::timestamptz
    from unnest(
      ${users.map(({ id }) => id)}::uuid[], ${users.map(({ name }) => name)}::text[],
      ${users.map(({ email }) => email)}::text[], ${users.map(({ signInEmail }) => signInEmail!)}::text[])
      as n (id, name, email, sign_in_email)
    order by n.sign_in_email
    on conflict (sign_in_email) do nothing returning id`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** @param invited those who were, by the id of their user. Null: a dry run */
function toResult(
  { entry: { email }, user, refusal }: Candidate,
  invited: ReadonlyMap<string, UserWithPasswordLink & { role: Role }> | null,
): InvitationResult {
  if (user === null) {
    const { code, details } = refusal!;
    return { email, status: 'REFUSED', code, reason: details.reason, field: details.field };
  }
  if (invited === null) return { email, status: 'WOULD_INVITE' };
  return { email, status: 'INVITED', invited: invited.get(user.id)! };
}
