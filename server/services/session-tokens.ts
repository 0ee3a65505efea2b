import { sql } from 'kysely';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/orm.ts';
import { PREPARED } from '../database/prepared-statements.ts';
import { toSessionOfUser, type SessionOfUser, type SessionOfUserRow } from '../sessions/session.reads.ts';
import { hashSecret } from './secret.ts';

/** 256 bits in base64url: anything else is the token of no session, and is not looked for. */
const SESSION_TOKEN = /^[\w-]{43}$/;

export interface SessionTokens {
  /** The session that a service session's token stands for, live or over, with its user; null for no token of ours. */
  find(token: string): Promise<SessionOfUser | null>;
}

export const looksLikeSessionToken = (text: string): boolean => SESSION_TOKEN.test(text);

/** Concurrent look-ups share one read. */
export function createSessionTokens({ database }: { database: Database }): SessionTokens {
  const find = createBatchedRead<string, SessionOfUser>(async (hashes) => {
    const { rows } = await database.inTime(
      sql<SessionOfUserRow & { token_hash_hex: string }>`${PREPARED}
        select s.*, u.name as user_name, u.role as user_role, u.is_active as user_is_active,
          encode(s.token_hash, 'hex') as token_hash_hex
        from unnest(${hashes}::text[]) as wanted (hash)
        join sessions s on s.token_hash = decode(wanted.hash, 'hex')
        join users u on u.id = s.user_id`.execute(database.em().getKysely()),
    );
    return new Map(rows.map((row) => [row.token_hash_hex, toSessionOfUser(row)]));
  });

  return {
    find: async (token) => (looksLikeSessionToken(token) ? find(hashSecret(token).toString('hex')) : null),
  };
}
