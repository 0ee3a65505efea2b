import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { rowsOf } from '../database/rows.ts';
import { readEmail } from '../email.ts';
import { AppError } from '../errors.ts';
import { instant } from '../database/instants.ts';
import { revocationEpochOf } from '../sessions/session-row.ts';

/** A refresh token of the system before Curfew. */
export interface OldToken {
  /** Becomes the session's id. */
  jti: string;
  /** The token's `sub`: a user's id in Curfew, their external id, or their sign-in e-mail. */
  subject: string;
  issuedAt: Date;
  /** Later than `issuedAt`. Both deadlines of the session until its one rotation. */
  expiresAt: Date;
}

export type ImportRefusal =
  | 'EXPIRED'
  | 'ISSUED_IN_THE_FUTURE'
  | 'UNKNOWN_USER'
  | 'AMBIGUOUS_USER'
  | 'INACTIVE_USER'
  /** Another session has this id, or it was imported with other values. */
  | 'OTHER_SESSION';

interface MatchedUser {
  id: string;
  accountId: string;
  isActive: boolean;
}

/** The effect of importing tokens. */
export interface ImportPlan<Token extends OldToken> {
  fresh: { token: Token; user: MatchedUser }[];
  /** Imported before and left unchanged, even when the session has ended since. */
  alreadyThere: number;
  refused: { token: Token; reason: ImportRefusal }[];
}

/** Rows per statement. One statement per token would take minutes instead of seconds. */
const BATCH_SIZE = 5_000;
/** Tolerated difference of two machines' clocks. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Matches every token with its user and the existing sessions. Each `jti` must be unique. */
export async function planImport<Token extends OldToken>(
  em: EntityManager,
  tokens: readonly Token[],
  now: Date,
): Promise<ImportPlan<Token>> {
  const findUsers = await readUsers(em, [...new Set(tokens.map(({ subject }) => subject))]);
  const existing = await readExisting(
    em,
    tokens.map(({ jti }) => jti),
  );
  const plan: ImportPlan<Token> = { fresh: [], alreadyThere: 0, refused: [] };
  for (const token of tokens) {
    const users = findUsers(token.subject);
    const [user] = users;
    const row = existing.get(token.jti);
    const refuse = (reason: ImportRefusal): unknown => plan.refused.push({ token, reason });
    if (user === undefined) refuse('UNKNOWN_USER');
    else if (users.length > 1) refuse('AMBIGUOUS_USER');
    else if (row && isSameImport(row, token, user)) plan.alreadyThere += 1;
    else if (row) refuse('OTHER_SESSION');
    else if (token.expiresAt <= now) refuse('EXPIRED');
    else if (token.issuedAt.getTime() > now.getTime() + CLOCK_SKEW_MS) refuse('ISSUED_IN_THE_FUTURE');
    else if (!user.isActive) refuse('INACTIVE_USER');
    else plan.fresh.push({ token, user });
  }
  return plan;
}

/**
 * Inserts the fresh tokens of a plan as sessions at generation 0, without a snapshot of the policy. The plan must come
 * from this transaction.
 * @throws CONFLICT when sessions or users have changed since the plan
 */
export async function insertPlanned(em: EntityManager, plan: ImportPlan<OldToken>): Promise<void> {
  await lockAccounts(em, [...new Set(plan.fresh.map(({ user }) => user.accountId))].toSorted());
  for (const batch of inBatches(plan.fresh)) {
    const rows = await rowsOf(
      em,
      sql`
      insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_expires_at,
        absolute_expires_at, rotated_at, token_expires_at, token_secret, is_imported, imported_subject, next_check_at,
        revocation_epoch)
      select id, account_id, user_id, 'TENANT_APP', issued_at, issued_at, expires_at,
        expires_at, issued_at, expires_at, decode(secret, 'hex'), true, subject, expires_at,
        ${revocationEpochOf(sql`t.account_id`)}
      from unnest(
        ${batch.map(({ token }) => token.jti)}::text[],
        ${batch.map(({ user }) => user.accountId)}::uuid[],
        ${batch.map(({ user }) => user.id)}::uuid[],
        ${batch.map(({ token }) => token.subject)}::text[],
        ${batch.map(({ token }) => token.issuedAt.toISOString())}::timestamptz[],
        ${batch.map(({ token }) => token.expiresAt.toISOString())}::timestamptz[],
        ${batch.map(() => randomBytes(32).toString('hex'))}::text[])
        as t (id, account_id, user_id, subject, issued_at, expires_at, secret)
      on conflict (id) do nothing
      returning id`,
    );
    if (rows.length < batch.length) throw changedSincePlan();
  }
  await lockActiveUsers(em, [...new Set(plan.fresh.map(({ user }) => user.id))].toSorted());
}

/**
 * Excludes a revocation of a whole account, which counts the sessions it ends. Does not block sign-ins.
 * @throws CONFLICT when an account was deleted
 */
async function lockAccounts(em: EntityManager, ids: readonly string[]): Promise<void> {
  for (const batch of inBatches(ids)) {
    const rows = await rowsOf(
      em,
      sql<{ deleted_at: string | null }>`
      select deleted_at from accounts where id = any(${batch}::uuid[]) order by id for share`,
    );
    if (rows.some((row) => row.deleted_at !== null)) throw changedSincePlan();
  }
}

/**
 * Locks the users just before the commit, so that sign-ins do not wait for the import. A deactivation either comes first
 * and is seen here, or comes later and ends the imported sessions.
 * @throws CONFLICT when a user is inactive
 */
async function lockActiveUsers(em: EntityManager, userIds: readonly string[]): Promise<void> {
  for (const batch of inBatches(userIds)) {
    const rows = await rowsOf(
      em,
      sql<{ is_active: boolean }>`
      select is_active from users where id = any(${batch}::uuid[]) order by id for share`,
    );
    if (rows.some((row) => !row.is_active)) throw changedSincePlan();
  }
}

const changedSincePlan = (): AppError =>
  new AppError(
    'CONFLICT',
    'Sessions or users changed during the import, and nothing was imported. Run it again.',
  );

interface UserRow {
  id: string;
  account_id: string;
  external_id: string | null;
  sign_in_email: string | null;
  is_active: boolean;
}

/** Finds the users of a subject: none, one, or those of several accounts with one external id. */
async function readUsers(
  em: EntityManager,
  subjects: readonly string[],
): Promise<(subject: string) => readonly MatchedUser[]> {
  const byId = new Map<string, MatchedUser[]>();
  const byExternalId = new Map<string, MatchedUser[]>();
  const byEmail = new Map<string, MatchedUser[]>();
  for (const batch of inBatches(subjects)) {
    const rows = await rowsOf(
      em,
      sql<UserRow>`
      select id, account_id, external_id, sign_in_email, is_active from users u
      where u.deleted_at is null
        and not exists (select from accounts a where a.id = u.account_id and a.deleted_at is not null)
        and (id = any(${batch.map(asId).filter(isUuid)}::uuid[])
        or external_id = any(${batch}::text[])
        or sign_in_email = any(${batch.map(readEmail).filter((email) => email !== null)}::text[]))`,
    );
    for (const row of rows) {
      const user = { id: row.id, accountId: row.account_id, isActive: row.is_active };
      byId.set(row.id, [user]);
      if (row.sign_in_email !== null) byEmail.set(row.sign_in_email, [user]);
      if (row.external_id === null) continue;
      const others = byExternalId.get(row.external_id) ?? [];
      // Another batch may have found this user by another subject.
      if (!others.some(({ id }) => id === user.id)) byExternalId.set(row.external_id, [...others, user]);
    }
  }
  return (subject) =>
    byId.get(asId(subject)) ?? byExternalId.get(subject) ?? byEmail.get(readEmail(subject) ?? '') ?? [];
}

/** PostgreSQL writes a UUID in lower case. The issuer of the token may not. */
const asId = (subject: string): string => subject.toLowerCase();

interface ExistingRow {
  id: string;
  user_id: string;
  is_imported: boolean;
  imported_subject: string | null;
  generation: number;
  rotated_at: string;
  token_expires_at: string;
}

async function readExisting(em: EntityManager, ids: readonly string[]): Promise<Map<string, ExistingRow>> {
  const existing = new Map<string, ExistingRow>();
  for (const batch of inBatches(ids)) {
    const rows = await rowsOf(
      em,
      sql<ExistingRow>`
      select id, user_id, is_imported, imported_subject, generation, rotated_at, token_expires_at
      from sessions where id = any(${batch}::text[])`,
    );
    for (const row of rows) existing.set(row.id, row);
  }
  return existing;
}

/** The one rotation overwrites the token's times, so they are compared only before it. */
function isSameImport(row: ExistingRow, token: OldToken, user: MatchedUser): boolean {
  if (!row.is_imported || row.user_id !== user.id || row.imported_subject !== token.subject) return false;
  if (row.generation > 0) return true;
  return (
    instant(row.rotated_at).getTime() === token.issuedAt.getTime() &&
    instant(row.token_expires_at).getTime() === token.expiresAt.getTime()
  );
}

function* inBatches<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += BATCH_SIZE) yield items.slice(start, start + BATCH_SIZE);
}
