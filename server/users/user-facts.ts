import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { UserStatus } from '../generated/schema.ts';
import { at } from '../sessions/session-row.ts';

/**
 * What a list of users shows beside their rows. Concurrent reads, of a page and of all requests, share one statement.
 * The ids are of users that the caller may see.
 */
export interface UserFacts {
  /** Null: no such user. */
  readStatus(userId: string): Promise<UserStatus | null>;
  /** Null: no live session. */
  countSessions(userId: string): Promise<number | null>;
  /** Null: no open link. */
  readLinkExpiry(userId: string): Promise<Date | null>;
}

export function createUserFacts({ database, clock }: { database: Database; clock: Clock }): UserFacts {
  const read = <Row>(statement: ReturnType<typeof sql<Row>>) =>
    database.withTimeout(rowsOf(database.em(), statement));

  return {
    readStatus: createBatchedRead(async (ids) => {
      const rows = await read(sql<{ id: string; status: UserStatus }>`
        select u.id, case when not u.is_active then 'DEACTIVATED' when u.sign_in_email is null then 'EXTERNAL'
          when u.password_hash is not null or exists (select from user_identities i where i.user_id = u.id) then 'ACTIVE'
          else 'INVITED' end as status
        from users u where u.id = any(${ids}::uuid[])`);
      return new Map(rows.map(({ id, status }) => [id, status]));
    }),

    countSessions: createBatchedRead(async (ids) => {
      const rows = await read(sql<{ id: string; count: number }>`
        select s.user_id as id, count(*)::int as count from live_sessions(${at(clock.now())}) s
        where s.user_id = any(${ids}::uuid[]) group by s.user_id`);
      return new Map(rows.map(({ id, count }) => [id, count]));
    }),

    readLinkExpiry: createBatchedRead(async (ids) => {
      const rows = await read(sql<{ id: string; expiresAt: string }>`
        select l.user_id as id, max(l.expires_at) as "expiresAt" from password_links l
        where l.user_id = any(${ids}::uuid[]) and l.used_at is null and l.expires_at > ${at(clock.now())}
        group by l.user_id`);
      return new Map(rows.map(({ id, expiresAt }) => [id, new Date(expiresAt)]));
    }),
  };
}
