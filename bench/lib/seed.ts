import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { ScratchDatabase } from './scratch-database.ts';

/** The identity of seeded sessions, which are counted from 0. */
export interface Seeded {
  accountId: string;
  /** The first user is the owner. */
  userIds: string[];
  serviceKey: string;
  idOf(index: number): string;
  userOf(index: number): string;
  /** Returns the session token. */
  tokenOf(index: number): string;
  /** Returns the secret from which the `jti` of its refresh tokens is derived. */
  secretOf(index: number): Uint8Array;
  /** Returns the SQL expression of the id of session `index`. */
  idInSql(index: string): string;
  /** Returns the SQL expression of the hash of its session token. */
  tokenHashInSql(index: string): string;
}

const DAY_SECONDS = 86_400;

/**
 * Creates by SQL an account with an owner, members, a service key and `sessions` live service sessions: signed in over
 * the last hour, the first one last, with an idle limit of one day and an absolute limit of 30 days. With `isOver` they
 * were last active two days ago and are not marked as ended yet.
 */
export async function seedSessions(
  database: ScratchDatabase,
  { sessions, users = 100, isOver = false }: { sessions: number; users?: number; isOver?: boolean },
): Promise<Seeded> {
  const accountId = randomUUID();
  const userIds = Array.from({ length: users }, () => randomUUID());
  const serviceKey = `cfk_${randomBytes(32).toString('base64url')}`;
  const label = randomBytes(8).toString('hex');
  const idInSql = (index: string): string => `md5('${label}'::text || ${index}::text)::uuid::text`;
  const tokenHashInSql = (index: string): string =>
    `sha256(convert_to(translate(encode(sha256(convert_to('${label}'::text || ${index}::text, 'UTF8')), 'base64'), '+/=', '-_'), 'UTF8'))`;

  await database.query(`insert into accounts (id, name, created_at) values ($1, 'Bench', now())`, [
    accountId,
  ]);
  await database.query(
    `insert into users (id, account_id, name, email, role, created_at)
     select id, $1, 'User ' || n, 'user-' || n || '@example.test', case n when 1 then 'OWNER' else 'MEMBER' end, now()
     from unnest($2::uuid[]) with ordinality as u (id, n)`,
    [accountId, userIds],
  );
  await database.query(
    `insert into service_keys (id, account_id, name, key_hash, created_at) values ($1, $2, 'bench', $3, now())`,
    [randomUUID(), accountId, createHash('sha256').update(serviceKey).digest()],
  );
  const present = isOver ? `now() - interval '2 days'` : 'now()';
  await database.query(
    `insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
       idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_idle_seconds, token_absolute_seconds,
       token_secret, token_hash, next_check_at)
     select ${idInSql('n')}, $1, ($2::uuid[])[1 + n % $3], 'TENANT_APP', since, present, ${DAY_SECONDS}, ${30 * DAY_SECONDS},
       present + interval '1 day', since + interval '30 days', since, present + interval '1 day', ${DAY_SECONDS}, ${30 * DAY_SECONDS},
       sha256(convert_to('secret' || n, 'UTF8')), ${tokenHashInSql('n')}, present + interval '1 day'
     from (
       select n, ${present} as present, ${present} - interval '1 hour' * (n::float / $4) as since
       from generate_series(0, $4::int - 1) n) s`,
    [accountId, userIds, users, sessions],
  );
  await database.query(
    `update users set last_login_at = latest.at from (
       select user_id, max(authenticated_at) as at from sessions where account_id = $1 group by user_id) latest
     where users.id = latest.user_id`,
    [accountId],
  );
  await database.query('vacuum analyze users');
  await database.query('vacuum analyze sessions');
  return {
    accountId,
    userIds,
    serviceKey,
    idOf(index) {
      const hex = createHash('md5').update(`${label}${index}`).digest('hex');
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    },
    userOf: (index) => userIds[index % users]!,
    tokenOf: (index) => createHash('sha256').update(`${label}${index}`).digest('base64url'),
    secretOf: (index) => createHash('sha256').update(`secret${index}`).digest(),
    idInSql,
    tokenHashInSql,
  };
}
