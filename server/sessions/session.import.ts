import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { normaliseEmail } from '../accounts/email.ts';
import { isUuid } from '../database/ids.ts';
import type { EntityManager } from '../database/orm.ts';
import { AppError } from '../errors.ts';
import { endingsOf, instant } from './session.row.ts';

/** A refresh token from before Curfew, as whoever issued it knew it. */
export interface OldToken {
  /** Becomes the session's id. */
  jti: string;
  /** The token's `sub`: a user's id here, or else their external id, or else the e-mail they sign in with. */
  subject: string;
  issuedAt: Date;
  /** Later than `issuedAt`. Both deadlines of the session, until its one rotation. */
  expiresAt: Date;
}

export type ImportRefusal =
  | 'EXPIRED'
  | 'ISSUED_IN_THE_FUTURE'
  | 'UNKNOWN_USER'
  | 'AMBIGUOUS_USER'
  | 'INACTIVE_USER'
  /** A session has this id already and is not this very import. */
  | 'OTHER_SESSION';

interface Holder {
  id: string;
  accountId: string;
  isActive: boolean;
}

/** What importing tokens would do. */
export interface ImportPlan<Token extends OldToken> {
  fresh: { token: Token; holder: Holder }[];
  /** Imported before, whatever has become of the session since; nothing is done to it. */
  alreadyThere: number;
  refused: { token: Token; reason: ImportRefusal }[];
}

/** Parameters of one statement; a statement for each token would take minutes where this takes seconds. */
const BATCH = 5_000;
/** Two machines' clocks may differ by this much. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Matches every token with its user and with the sessions that are there. No two tokens carry the same `jti`. */
export async function planImport<Token extends OldToken>(
  em: EntityManager,
  tokens: readonly Token[],
  now: Date,
): Promise<ImportPlan<Token>> {
  const findHolders = await readHolders(em, [...new Set(tokens.map(({ subject }) => subject))]);
  const existing = await readExisting(
    em,
    tokens.map(({ jti }) => jti),
  );
  const plan: ImportPlan<Token> = { fresh: [], alreadyThere: 0, refused: [] };
  for (const token of tokens) {
    const holders = findHolders(token.subject);
    const [holder] = holders;
    const row = existing.get(token.jti);
    const refuse = (reason: ImportRefusal): unknown => plan.refused.push({ token, reason });
    if (holder === undefined) refuse('UNKNOWN_USER');
    else if (holders.length > 1) refuse('AMBIGUOUS_USER');
    else if (row && isSameImport(row, token, holder)) plan.alreadyThere += 1;
    else if (row) refuse('OTHER_SESSION');
    else if (token.expiresAt <= now) refuse('EXPIRED');
    else if (token.issuedAt.getTime() > now.getTime() + CLOCK_SKEW_MS) refuse('ISSUED_IN_THE_FUTURE');
    else if (!holder.isActive) refuse('INACTIVE_USER');
    else plan.fresh.push({ token, holder });
  }
  return plan;
}

/**
 * Inserts what a plan of this same transaction found to be fresh: sessions without a snapshot, at generation 0.
 * @throws CONFLICT when something that the plan relies on has changed meanwhile
 */
export async function insertPlanned(em: EntityManager, plan: ImportPlan<OldToken>): Promise<void> {
  await holdAccounts(em, [...new Set(plan.fresh.map(({ holder }) => holder.accountId))].toSorted());
  for (const batch of inBatches(plan.fresh)) {
    const { rows } = await sql`
      insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_expires_at,
        absolute_expires_at, rotated_at, token_expires_at, token_secret, is_imported, imported_subject, next_check_at,
        born_after)
      select id, account_id, user_id, 'TENANT_APP', issued_at, issued_at, expires_at,
        expires_at, issued_at, expires_at, decode(secret, 'hex'), true, subject, expires_at,
        ${endingsOf(sql`t.account_id`)}
      from unnest(
        ${batch.map(({ token }) => token.jti)}::text[],
        ${batch.map(({ holder }) => holder.accountId)}::uuid[],
        ${batch.map(({ holder }) => holder.id)}::uuid[],
        ${batch.map(({ token }) => token.subject)}::text[],
        ${batch.map(({ token }) => token.issuedAt.toISOString())}::timestamptz[],
        ${batch.map(({ token }) => token.expiresAt.toISOString())}::timestamptz[],
        ${batch.map(() => randomBytes(32).toString('hex'))}::text[])
        as t (id, account_id, user_id, subject, issued_at, expires_at, secret)
      on conflict (id) do nothing
      returning id`.execute(em.getKysely());
    if (rows.length < batch.length) throw changedMeanwhile();
  }
  await holdActive(em, [...new Set(plan.fresh.map(({ holder }) => holder.id))].toSorted());
}

/** Against the end of a whole account, which counts the sessions that it ends; signing in is held up by neither. */
async function holdAccounts(em: EntityManager, ids: readonly string[]): Promise<void> {
  for (const batch of inBatches(ids))
    await sql`select from accounts where id = any(${batch}::uuid[]) order by id for share`.execute(
      em.getKysely(),
    );
}

/**
 * Holds the users still from here to the commit, which follows at once, so that signing in waits for no import: whoever
 * deactivates one of them comes first and is seen here, or comes later and ends what was imported.
 */
async function holdActive(em: EntityManager, userIds: readonly string[]): Promise<void> {
  for (const batch of inBatches(userIds)) {
    const { rows } = await sql<{ is_active: boolean }>`
      select is_active from users where id = any(${batch}::uuid[]) order by id for share`.execute(
      em.getKysely(),
    );
    if (rows.some((row) => !row.is_active)) throw changedMeanwhile();
  }
}

const changedMeanwhile = (): AppError =>
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

/** The users whom a subject may mean: none, one, or those of several accounts who share an external id. */
async function readHolders(
  em: EntityManager,
  subjects: readonly string[],
): Promise<(subject: string) => readonly Holder[]> {
  const byId = new Map<string, Holder[]>();
  const byExternalId = new Map<string, Holder[]>();
  const byEmail = new Map<string, Holder[]>();
  for (const batch of inBatches(subjects)) {
    const { rows } = await sql<UserRow>`
      select id, account_id, external_id, sign_in_email, is_active from users
      where id = any(${batch.map(asId).filter(isUuid)}::uuid[])
        or external_id = any(${batch}::text[])
        or sign_in_email = any(${batch.map(normaliseEmail)}::text[])`.execute(em.getKysely());
    for (const row of rows) {
      const holder = { id: row.id, accountId: row.account_id, isActive: row.is_active };
      byId.set(row.id, [holder]);
      if (row.sign_in_email !== null) byEmail.set(row.sign_in_email, [holder]);
      if (row.external_id === null) continue;
      const others = byExternalId.get(row.external_id) ?? [];
      // Another batch may have found the same user by another subject.
      if (!others.some(({ id }) => id === holder.id)) byExternalId.set(row.external_id, [...others, holder]);
    }
  }
  return (subject) =>
    byId.get(asId(subject)) ?? byExternalId.get(subject) ?? byEmail.get(normaliseEmail(subject)) ?? [];
}

/** PostgreSQL writes a UUID in lower case, and who issued the token perhaps not. */
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
    const { rows } = await sql<ExistingRow>`
      select id, user_id, is_imported, imported_subject, generation, rotated_at, token_expires_at
      from sessions where id = any(${batch}::text[])`.execute(em.getKysely());
    for (const row of rows) existing.set(row.id, row);
  }
  return existing;
}

/** The one rotation wrote over the token's times, so that after it they cannot differ. */
function isSameImport(row: ExistingRow, token: OldToken, holder: Holder): boolean {
  if (!row.is_imported || row.user_id !== holder.id || row.imported_subject !== token.subject) return false;
  if (row.generation > 0) return true;
  return (
    instant(row.rotated_at).getTime() === token.issuedAt.getTime() &&
    instant(row.token_expires_at).getTime() === token.expiresAt.getTime()
  );
}

function* inBatches<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}
